import { useQuery } from "urql";
import { Link } from "wouter";

import { api, isPositive, useLabel } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, Loaded, Page } from "../ui/index.ts";
import { chooseAccount } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Лицевые счета", none: "Подключите свой лицевой счёт, чтобы видеть счета, передавать показания и платить.",
    link: "Подключить лицевой счёт", account: "Лицевой счёт", due: "К оплате", nothing: "Долга нет",
    advance: "Аванс", processing: "в обработке", pay: "Оплатить", by: "до", send: "Передать показания",
    until: "Показания принимаем до", from: "Показания принимаем с", bills: "Счета", asOf: "Данные на",
  },
  {
    title: "Accounts", none: "Link your account to see bills, send readings and pay.",
    link: "Link an account", account: "Account", due: "To pay", nothing: "Nothing to pay",
    advance: "Paid ahead", processing: "in process", pay: "Pay", by: "by", send: "Send readings",
    until: "Readings are taken until", from: "Readings are taken from", bills: "Bills", asOf: "As of",
  },
);

export default function Accounts() {
  const t = useTexts(words);
  const query = useQuery({ query: api.AccountsDocument });
  return (
    <Page title={t.title}>
      <Loaded query={query}>
        {({ viewer }) => (
          <>
            {viewer?.accounts.length === 0 && <p>{t.none}</p>}
            <div className="cards">
              {viewer?.accounts.map((account) => (
                <Card key={account.id} {...account} />
              ))}
            </div>
            <Action to="/accounts/link" label={t.link} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Card({ id, number, name, address, balance, readingWindow, invoices }: api.AccountCardFragment) {
  const t = useTexts(words);
  const { money, day, moment } = useFormat();
  const isDue = balance && isPositive(balance.amountDue);
  const choose = () => chooseAccount(id);
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>
        <Link href={`/accounts/${id}`}>{name ?? `${t.account} ${number}`}</Link>
      </h2>
      <p className="quiet">{name ? `№ ${number}, ${address}` : address}</p>
      {balance && (
        <p className="sum">
          {isDue ? t.due : isPositive(balance.overpayment) ? t.advance : t.nothing}
          {(isDue || isPositive(balance.overpayment)) && (
            <strong>{money(isDue ? balance.amountDue : balance.overpayment)}</strong>
          )}
          <small>
            {isDue && invoices[0] && `${t.by} ${day(invoices[0].dueOn)} · `}
            {isPositive(balance.processing) && `${money(balance.processing)} ${t.processing} · `}
            {t.asOf} {moment(balance.asOf)}
          </small>
        </p>
      )}
      <WindowText of={readingWindow} />
      <div className="actions">
        {isDue && <Action to={`/pay?account=${id}`} label={t.pay} isPrimary />}
        {readingWindow.isOpen && <Action to="/readings" label={t.send} onClick={choose} />}
        <Action to="/invoices" label={t.bills} onClick={choose} />
      </div>
    </section>
  );
}

/** When readings are taken, in a sentence. */
export function WindowText({ of }: { of: api.AccountCardFragment["readingWindow"] }) {
  const t = useTexts(words);
  const { day } = useFormat();
  const label = useLabel();
  if (of.isOpen) return of.closesOn && <p>{`${t.until} ${day(of.closesOn)}.`}</p>;
  return (
    <p>
      {of.closedBecause && label("Closed", of.closedBecause)} {of.opensOn && `${t.from} ${day(of.opensOn)}.`}
    </p>
  );
}
