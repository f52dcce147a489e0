import { useQuery } from "urql";

import { api, fileUrl, isPositive, useLabel } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, Facts, Loaded, Page, State } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Счёт за", number: "Номер", issued: "Выставлен", dueOn: "Оплатить до", account: "Лицевой счёт",
    opening: "Долг на начало месяца", charged: "Начислено", recalculated: "Перерасчёт", penalty: "Пени",
    total: "Итого за месяц", paid: "Оплачено", closing: "Долг на конец месяца", due: "К оплате сейчас",
    pay: "Оплатить", download: "Скачать квитанцию", ask: "Спросить о счёте", why: "Почему столько",
    comparedTo: "Разница с", lines: "Начисления", readings: "Показания", meter: "Прибор", kwh: "кВт·ч", missing: "—",
  },
  {
    title: "Bill for", number: "Number", issued: "Issued", dueOn: "Pay by", account: "Account",
    opening: "Owed at the beginning", charged: "Charged", recalculated: "Recalculated", penalty: "Penalty",
    total: "The month's total", paid: "Paid", closing: "Owed at the end", due: "To pay now",
    pay: "Pay", download: "Download the receipt", ask: "Ask about it", why: "Why this much",
    comparedTo: "Compared with", lines: "Charges", readings: "Readings", meter: "Meter", kwh: "kWh", missing: "—",
  },
);

type Invoice = NonNullable<api.BillQuery["invoice"]>;

export default function Bill({ params: { id } }: { params: { id: string } }) {
  const query = useQuery({ query: api.BillDocument, variables: { id } });
  return <Loaded query={query}>{({ invoice }) => invoice && <Content bill={invoice} />}</Loaded>;
}

function Content({ bill }: { bill: Invoice }) {
  const t = useTexts(words);
  const { day, money, period } = useFormat();
  const { account } = bill;
  return (
    <Page title={`${t.title} ${period(bill.period).toLowerCase()}`} back="/invoices">
      <section className="card">
        <State name="InvoiceStatus" of={bill.status} />
        <p className="sum">
          {t.due} <strong>{money(bill.amountDue)}</strong>
          <small>{`${t.dueOn} ${day(bill.dueOn)}`}</small>
        </p>
        <div className="actions">
          {isPositive(bill.amountDue) && (
            <Action to={`/pay?account=${account.id}&bill=${bill.id}`} label={t.pay} isPrimary />
          )}
          {bill.receiptUrl && (
            <a href={fileUrl(bill.receiptUrl)} download className="button">
              {t.download}
            </a>
          )}
          <Action to={`/appeals/new?bill=${bill.id}`} label={t.ask} />
        </div>
      </section>
      <Explanation of={bill.explanation} />
      <section className="card">
        <Facts
          of={[
            [t.account, `${account.name ?? ""} ${account.number}\n${account.address}`],
            [t.number, bill.number],
            [t.issued, day(bill.issuedOn)],
            [t.opening, money(bill.openingBalance)],
            [t.charged, money(bill.charged)],
            [t.recalculated, money(bill.recalculated)],
            [t.penalty, money(bill.penalty)],
            [t.total, <strong key="total">{money(bill.total)}</strong>],
            [t.paid, money(bill.paid)],
            [t.closing, money(bill.closingBalance)],
          ]}
        />
      </section>
      <Lines of={bill.lines} />
      <Readings of={bill.readings} />
    </Page>
  );
}

function Explanation({ of }: { of: Invoice["explanation"] }) {
  const t = useTexts(words);
  const { money, period } = useFormat();
  if (!of) return null;
  return (
    <section className="card" aria-labelledby="why">
      <h2 id="why">{t.why}</h2>
      <p>{of.text}</p>
      <Facts
        of={[
          ...of.changes.map(({ text, amount }) => [text, money(amount)] as const),
          [
            `${t.comparedTo}: ${period(of.previousPeriod).toLowerCase()}`,
            <strong key="all">{money(of.difference)}</strong>,
          ],
        ]}
      />
    </section>
  );
}

function Lines({ of }: { of: Invoice["lines"] }) {
  const t = useTexts(words);
  const label = useLabel();
  const { money, quantity } = useFormat();
  return (
    <section className="card" aria-labelledby="lines">
      <h2 id="lines">{t.lines}</h2>
      <Facts
        of={of.map((line) => [
          [line.service, line.zone && label("Zone", line.zone).toLowerCase(), line.reason].filter(Boolean).join(", "),
          <>
            {line.quantityKwh && line.rublesPerKwh && (
              <small>{`${quantity(line.quantityKwh)} × ${quantity(line.rublesPerKwh)} `}</small>
            )}
            {money(line.amount)}
          </>,
        ])}
      />
    </section>
  );
}

function Readings({ of }: { of: Invoice["readings"] }) {
  const t = useTexts(words);
  const label = useLabel();
  const { quantity } = useFormat();
  if (!of.length) return null;
  return (
    <section className="card" aria-labelledby="readings">
      <h2 id="readings">{t.readings}</h2>
      <Facts
        of={of.map(({ meterSerial, meterRegister, previous, current, consumptionKwh }) => [
          `${t.meter} № ${meterSerial}, ${label("Zone", meterRegister.zone).toLowerCase()}`,
          <>
            <small>{[previous, current].map((it) => (it ? quantity(it.value) : t.missing)).join(" → ")} </small>
            {`${quantity(consumptionKwh)} ${t.kwh}`}
          </>,
        ])}
      />
    </section>
  );
}
