import { useState } from "react";
import { useQuery } from "urql";
import { useLocation, useSearchParams } from "wouter";

import { api, isDecimal, once, type Problem, useLabel, useMutate, usePreview } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { AccountPicker, Checkbox, Facts, Field, Form, Loaded, Page, Problems } from "../ui/index.ts";
import { useAccount } from "../viewer.tsx";

// prettier-ignore
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
);

type Accounts = NonNullable<api.PayableQuery["viewer"]>["accounts"];

export default function Pay() {
  const t = useTexts(words);
  const query = useQuery({ query: api.PayableDocument });
  const [parameters] = useSearchParams();
  const current = useAccount();
  const accountId = parameters.get("account") ?? current?.id;
  return (
    <Page title={t.title} back="/">
      {accountId ? (
        <Loaded query={query}>
          {({ viewer }) =>
            viewer && <Review accounts={viewer.accounts} first={accountId} invoiceId={parameters.get("bill")} />
          }
        </Loaded>
      ) : (
        <AccountPicker />
      )}
    </Page>
  );
}

function Review({ accounts, first, invoiceId }: { accounts: Accounts; first: string; invoiceId: string | null }) {
  const t = useTexts(words);
  /** Accounts that are paid, each with the typed amount; "" is what is due. */
  const [chosen, setChosen] = useState<Record<string, string>>({ [first]: "" });
  const parts = Object.entries(chosen).map(([accountId, amount]): api.PaymentPartInput => ({
    accountId,
    ...(accountId === first && invoiceId && { invoiceId }),
    ...(isDecimal(amount) && { amount }),
  }));
  const [looked, lookAgain] = usePreview(api.PreviewPaymentDocument, parts.length ? { parts } : null);
  const preview = looked?.payload?.preview;
  const [start] = useMutate(api.StartPaymentDocument);
  const [, go] = useLocation();

  async function submit(): Promise<readonly Problem[] | undefined> {
    if (!preview) {
      lookAgain();
      return undefined;
    }
    const input = { parts, total: preview.total };
    const { payload, problems } = await once("payment", input, (idempotencyKey) =>
      start({ input: { ...input, idempotencyKey } }),
    );
    if (payload?.payment?.pageUrl) location.assign(payload.payment.pageUrl);
    // The acquirer doesn't answer: the payment's own page shows when it does.
    else if (payload) go(`/payments/${payload.payment!.id}`);
    else if (problems?.some(({ reason }) => reason === "AMOUNT_CHANGED")) lookAgain();
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.pay} isDisabled={!looked}>
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
      <Problems of={looked?.problems} />
      {preview && <Details of={preview} />}
      <p className="quiet">{t.card}</p>
    </Form>
  );
}

function Part({
  of: { number, name, balance },
  amount,
  onChange,
}: {
  of: Accounts[number];
  amount: string | undefined;
  onChange: (amount: string | undefined) => void;
}) {
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
          validate={(value) => (value && !isDecimal(value) ? t.number : null)}
          {...(balance && { placeholder: balance.amountDue.replace(".", ",") })}
          suffix={<span>₽</span>}
        />
      )}
    </>
  );
}

type Preview = NonNullable<NonNullable<api.PreviewPaymentQuery["paymentPreview"]>["preview"]>;

/** The manual's review: payer, contract, account, bill, period, amount. */
function Details({ of }: { of: Preview }) {
  const t = useTexts(words);
  const label = useLabel();
  const { money, period } = useFormat();
  const { payer } = of;
  return (
    <section aria-labelledby="check" className="field">
      <h2 id="check">{t.check}</h2>
      <Facts
        of={[
          [
            t.payer,
            `${[payer.lastName, payer.firstName, payer.patronymic].filter(Boolean).join(" ")}\n${payer.email}, ${payer.phone}`,
          ],
        ]}
      />
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
                [
                  [label("PaymentLineKind", kind), service, month && period(month).toLowerCase()]
                    .filter(Boolean)
                    .join(", "),
                  money(amount),
                ] as const,
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
