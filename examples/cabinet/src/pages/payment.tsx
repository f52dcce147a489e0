import { useQuery, useSubscription } from "urql";

import { api, useIsLiveOff, useLabel, usePolling } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, Facts, Loaded, Page } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Ваш платёж", number: "Платёж", sum: "Сумма", account: "Лицевой счёт", receipt: "Чек", refund: "Чек возврата",
    goOn: "Продолжить оплату", home: "На главную", all: "Мои платежи", unknown: "Такого платежа у вас нет.",
    thanks: "Спасибо! Чек придёт на почту.",
  },
  {
    title: "Your payment", number: "Payment", sum: "Amount", account: "Account", receipt: "Receipt", refund: "Receipt of the refund",
    goOn: "Go on paying", home: "Home", all: "My payments", unknown: "You have no such payment.",
    thanks: "Thank you! The receipt comes by mail.",
  },
);

/** Where the acquirer sends the browser back, `/payment#pay_…`. A visit proves nothing; the API does. */
export default function Payment({ params }: { params: { id?: string } }) {
  const t = useTexts(words);
  const id = params.id ?? location.hash.slice(1);
  const query = useQuery({ query: api.PaymentDocument, variables: { id } });
  useSubscription({ query: api.PaymentChangedDocument, variables: { id } });
  usePolling(query[1], useIsLiveOff() && open.includes(query[0].data?.payment?.state ?? ""));
  return (
    <Page title={t.title}>
      <Loaded query={query}>
        {({ payment }) => (payment ? <State of={payment} /> : <p className="note">{t.unknown}</p>)}
      </Loaded>
      <div className="actions">
        <Action to="/" label={t.home} />
        <Action to="/payments" label={t.all} />
      </div>
    </Page>
  );
}

const open = ["CREATED", "REGISTERED", "PENDING"];
const failed = ["DECLINED", "EXPIRED", "CANCELED"];

function State({ of: payment }: { of: api.PaymentStateFragment }) {
  const t = useTexts(words);
  const { money } = useFormat();
  const label = useLabel()("PaymentState", payment.state);
  const tone = open.includes(payment.state) ? "" : failed.includes(payment.state) ? "bad" : "good";
  return (
    <div className={`note ${tone}`} role="status">
      <h2>{label}</h2>
      {payment.state === "SUCCEEDED" && <p>{t.thanks}</p>}
      <Facts
        of={[
          [t.sum, money(payment.total)],
          [t.number, payment.number],
          ...payment.parts.map(
            ({ accountNumber, amount }) => [`${t.account} ${accountNumber}`, money(amount)] as const,
          ),
          ...payment.receipts.map(
            ({ isRefund, url }) =>
              [
                isRefund ? t.refund : t.receipt,
                url && (
                  <a href={url} rel="external">
                    {url}
                  </a>
                ),
              ] as const,
          ),
        ]}
      />
      {payment.pageUrl && (
        <a href={payment.pageUrl} className="button primary">
          {t.goOn}
        </a>
      )}
    </div>
  );
}
