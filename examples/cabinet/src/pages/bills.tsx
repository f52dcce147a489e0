import { useState } from "react";
import { Button } from "react-aria-components";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api, fileUrl } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { AccountPicker, Loaded, More, Page, State } from "../ui/index.ts";
import { useAccount } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Счета", period: "Период", total: "Начислено", due: "К оплате", status: "Состояние", receipt: "Квитанция",
    download: "Скачать", none: "Счетов пока нет.", archive: "Все прежние счета", kwh: "кВт·ч",
  },
  {
    title: "Bills", period: "Period", total: "Charged", due: "To pay", status: "State", receipt: "Receipt",
    download: "Download", none: "There are no bills yet.", archive: "All earlier bills", kwh: "kWh",
  },
);

/** The manual's list: the last six periods, and the receipt in the rightmost column. */
const MONTHS = 6;

export default function Bills() {
  const t = useTexts(words);
  const account = useAccount();
  const [showsAll, setShowsAll] = useState(false);
  return (
    <Page title={t.title}>
      <AccountPicker />
      {account &&
        (showsAll ? (
          <Archive accountId={account.id} />
        ) : (
          <>
            <Latest accountId={account.id} />
            <div className="actions">
              <Button onPress={() => setShowsAll(true)}>{t.archive}</Button>
            </div>
          </>
        ))}
    </Page>
  );
}

function Latest({ accountId }: { accountId: string }) {
  const query = useQuery({ query: api.BillsDocument, variables: { accountId, months: MONTHS } });
  return <Loaded query={query}>{({ account }) => account && <Table bills={account.invoices} />}</Loaded>;
}

/** `relayPagination` of the cache adds each page to those before. */
function Archive({ accountId }: { accountId: string }) {
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery({ query: api.BillArchiveDocument, variables: { accountId, after } });
  return (
    <Loaded query={query}>
      {({ account }) =>
        account && (
          <>
            <Table bills={account.invoiceArchive.nodes} />
            <More page={account.invoiceArchive.pageInfo} onMore={setAfter} />
          </>
        )
      }
    </Loaded>
  );
}

function Table({ bills }: { bills: readonly api.BillRowFragment[] }) {
  const t = useTexts(words);
  const { money, period, quantity } = useFormat();
  if (!bills.length) return <p>{t.none}</p>;
  return (
    <table className="stacked">
      <thead>
        <tr>
          <th>{t.period}</th>
          <th className="number">{t.kwh}</th>
          <th className="number">{t.total}</th>
          <th className="number">{t.due}</th>
          <th>{t.status}</th>
          <th>{t.receipt}</th>
        </tr>
      </thead>
      <tbody>
        {bills.map((bill) => (
          <tr key={bill.id}>
            <th scope="row">
              <Link href={`/invoices/${bill.id}`}>{period(bill.period)}</Link>
            </th>
            <td className="number" data-label={t.kwh}>
              {quantity(bill.consumptionKwh)}
            </td>
            <td className="number" data-label={t.total}>
              {money(bill.total)}
            </td>
            <td className="number" data-label={t.due}>
              {money(bill.amountDue)}
            </td>
            <td data-label={t.status}>
              <State name="InvoiceStatus" of={bill.status} />
            </td>
            <td data-label={t.receipt}>
              {bill.receiptUrl && (
                <a href={fileUrl(bill.receiptUrl)} download aria-label={`${t.download}: ${period(bill.period)}`}>
                  {t.download}
                </a>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
