import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { useSearchParams } from "wouter";

import {
  type PayableQuery,
  PayableDocument,
  type PaymentPartInput,
  type PreviewPaymentMutation,
  PreviewPaymentDocument,
  StartPaymentDocument,
} from "../api/generated/graphql.ts";
import { once } from "../api/idempotency.ts";
import { useLabels } from "../api/labels.ts";
import { useMutate } from "../api/mutate.ts";
import type { Problem } from "../api/problems.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { AccountPicker } from "../ui/account-picker.tsx";
import { Checkbox, Field } from "../ui/fields.tsx";
import { Form, Problems } from "../ui/form.tsx";
import { Facts, Loaded, Page } from "../ui/page.tsx";
import { useAccount } from "../viewer.tsx";

const words = texts(
  {
    title: "Оплата", what: "Что оплатить", amount: "Сумма", due: "К оплате", number: "Введите сумму, например 1234,56.",
    check: "Проверьте данные", payer: "Плательщик", account: "Лицевой счёт", contract: "Номер договора", invoice: "Номер счёта",
    period: "За период", address: "Адрес", part: "Сумма оплаты", commission: "Комиссия", total: "Всего", pay: "Оплатить",
    card: "Номер карты вы введёте на защищённой странице банка.",
  },
  {
    title: "Payment", what: "What to pay", amount: "Amount", due: "To pay", number: "Enter an amount, 1234.56 for example.",
    check: "Check the data", payer: "Payer", account: "Account", contract: "Contract number", invoice: "Bill number",
    period: "For the period", address: "Address", part: "Amount", commission: "Commission", total: "Total", pay: "Pay",
    card: "You enter the card's number on the bank's protected page.",
  },
); // prettier-ignore

type Accounts = NonNullable<PayableQuery["viewer"]>["accounts"];

export default function Pay() {
  const t = useTexts(words);
  const query = useQuery({ query: PayableDocument });
  const [parameters] = useSearchParams();
  const current = useAccount();
  const accountId = parameters.get("account") ?? current?.id;
  return (
    <Page title={t.title} back="/">
      {accountId ? (
        <Loaded query={query}>
          {({ viewer }) => viewer && <Review accounts={viewer.accounts} first={accountId} invoiceId={parameters.get("bill")} />}
        </Loaded>
      ) : (
        <AccountPicker />
      )}
    </Page>
  );
}

interface ReviewProps {
  readonly accounts: Accounts;
  readonly first: string;
  readonly invoiceId: string | null;
}

function Review({ accounts, first, invoiceId }: ReviewProps) {
  const t = useTexts(words);
  /** Accounts that are paid, each with the typed amount; "" is what is due. */
  const [chosen, setChosen] = useState<Record<string, string>>({ [first]: "" });
  const parts = Object.entries(chosen).map(([accountId, amount]): PaymentPartInput => ({
    accountId,
    ...(accountId === first && invoiceId && { invoiceId }),
    ...(isAmount(amount) && { amount }),
  }));
  const { preview, problems, again } = usePreview(parts);
  const [start] = useMutate(StartPaymentDocument);

  async function submit(): Promise<readonly Problem[] | undefined> {
    if (!preview) return undefined;
    const input = { parts, total: preview.total };
    const { payload, problems } = await once("payment", input, (idempotencyKey) =>
      start({ input: { ...input, idempotencyKey } }),
    );
    if (payload?.payment?.pageUrl) location.assign(payload.payment.pageUrl);
    else if (problems?.some(({ reason }) => reason === "AMOUNT_CHANGED")) again();
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.pay}>
      <fieldset className="field">
        <legend>{t.what}</legend>
        {accounts.map((account) => (
          <Part
            key={account.id}
            of={account}
            amount={chosen[account.id]}
            onChange={(amount) => {
              const { [account.id]: _, ...others } = chosen;
              setChosen(amount === undefined ? others : { ...others, [account.id]: amount });
            }}
          />
        ))}
      </fieldset>
      <Problems of={problems} />
      {preview && <Details of={preview} />}
      <p className="quiet">{t.card}</p>
    </Form>
  );
}

interface PartProps {
  readonly of: Accounts[number];
  readonly amount: string | undefined;
  readonly onChange: (amount: string | undefined) => void;
}

function Part({ of: { number, name, balance }, amount, onChange }: PartProps) {
  const t = useTexts(words);
  const { money } = useFormat();
  return (
    <>
      <Checkbox isSelected={amount !== undefined} onChange={(isChosen) => onChange(isChosen ? "" : undefined)}>
        {`${name ?? t.account} № ${number}`}
        {balance && <small>{` · ${t.due} ${money(balance.amountDue)}`}</small>}
      </Checkbox>
      {amount !== undefined && (
        <Field
          label={t.amount}
          aria-label={`${t.amount}, № ${number}`}
          inputMode="decimal"
          value={amount}
          onChange={onChange}
          validate={(value) => (value && !isAmount(value) ? t.number : null)}
          {...(balance && { placeholder: balance.amountDue.replace(".", ",") })}
          suffix={<span>₽</span>}
        />
      )}
    </>
  );
}

type Preview = NonNullable<PreviewPaymentMutation["paymentPreview"]["preview"]>;

const isAmount = (text: string) => /^\d+([.,]\d{1,2})?$/.test(text.trim());

/** All that the review page shows, asked for when the person pauses. Seam: it will be a query. */
function usePreview(parts: readonly PaymentPartInput[]) {
  const [look] = useMutate(PreviewPaymentDocument);
  const [preview, setPreview] = useState<Preview | null>();
  const [problems, setProblems] = useState<readonly Problem[]>();
  const [attempt, setAttempt] = useState(0);
  const text = JSON.stringify(parts);
  useEffect(() => {
    setPreview(null);
    const input = { parts: JSON.parse(text) as PaymentPartInput[] };
    if (!input.parts.length) return;
    let isOld = false;
    const timer = setTimeout(async () => {
      const outcome = await look({ input });
      if (isOld) return;
      setPreview(outcome.payload?.preview);
      setProblems(outcome.problems);
    }, 400);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, look, attempt]);
  return { preview, problems, again: () => setAttempt(attempt + 1) };
}

/** The manual's review: payer, contract, account, bill, period, amount. */
function Details({ of }: { of: Preview }) {
  const t = useTexts(words);
  const labels = useLabels();
  const { money, period } = useFormat();
  const { payer } = of;
  return (
    <section aria-labelledby="check" className="field">
      <h2 id="check">{t.check}</h2>
      <Facts of={[[t.payer, `${[payer.lastName, payer.firstName, payer.patronymic].filter(Boolean).join(" ")}\n${payer.email}, ${payer.phone}`]]} />
      {of.parts.map((part) => (
        <Facts
          key={part.accountNumber}
          of={[
            [t.account, part.accountNumber],
            [t.contract, part.contractNumber],
            [t.invoice, part.invoiceNumber],
            [t.period, part.period && period(part.period)],
            [t.address, part.address],
            ...part.lines.map(
              ({ kind, service, period: month, amount }) =>
                [[labels.PaymentLineKind[kind], service, month && period(month).toLowerCase()].filter(Boolean).join(", "), money(amount)] as const,
            ),
            [t.part, money(part.amount)],
          ]}
        />
      ))}
      <Facts
        of={[
          [t.commission, money(of.commission)],
          [t.total, <strong key="total">{money(of.total)}</strong>],
        ]}
      />
    </section>
  );
}
