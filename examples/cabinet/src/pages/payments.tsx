import { useState } from "react";
import { useQuery } from "urql";

import { api } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { List, Loaded, Page, State } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  { title: "Мои платежи", none: "Платежей в кабинете ещё не было.", receipt: "Чек", account: "Лицевой счёт" },
  { title: "My payments", none: "No payments have been made here yet.", receipt: "Receipt", account: "Account" },
);

export default function Payments() {
  const t = useTexts(words);
  const { money, moment } = useFormat();
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery({ query: api.PaymentsDocument, variables: { after } });
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <List of={viewer.payments} none={t.none} onMore={setAfter}>
              {({ id, state, total, createdAt, parts, receipts }) => (
                <li key={id}>
                  <div className="row">
                    <a href={`/payments/${id}`}>{money(total)}</a>
                    <State name="PaymentState" of={state} />
                  </div>
                  <small>
                    {moment(createdAt)} · {t.account} {parts.map(({ accountNumber }) => accountNumber).join(", ")}{" "}
                    {receipts.map(
                      ({ url }) =>
                        url && (
                          <a key={url} href={url}>
                            {t.receipt}
                          </a>
                        ),
                    )}
                  </small>
                </li>
              )}
            </List>
          )
        }
      </Loaded>
    </Page>
  );
}
