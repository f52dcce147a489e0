import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { List, Loaded, Page, State } from "../ui/index.ts";

const words = texts(
  { title: "К оплате", none: "Неоплаченных счетов нет.", by: "оплатить до" },
  { title: "To pay", none: "There are no unpaid bills.", by: "pay by" },
);

/** The unpaid bills of all accounts. */
export default function Unpaid() {
  const t = useTexts(words);
  const { day, money, period } = useFormat();
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery({ query: api.UnpaidDocument, variables: { after } });
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <List of={viewer.invoices} none={t.none} onMore={setAfter}>
              {({ account, ...bill }) => (
                <li key={bill.id}>
                  <div className="row">
                    <Link href={`/invoices/${bill.id}`}>{`${period(bill.period)}: ${money(bill.amountDue)}`}</Link>
                    <State name="InvoiceStatus" of={bill.status} />
                  </div>
                  <small>{`${account.name ?? account.address}, № ${account.number} · ${t.by} ${day(bill.dueOn)}`}</small>
                </li>
              )}
            </List>
          )
        }
      </Loaded>
    </Page>
  );
}
