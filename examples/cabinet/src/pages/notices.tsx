import { useEffect, useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { List, Loaded, Page } from "../ui/index.ts";
import { chooseAccount } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  { title: "Уведомления", none: "Уведомлений пока нет." },
  { title: "Notices", none: "There are no notices yet." },
);

type Notice = NonNullable<api.NoticesQuery["viewer"]>["notices"]["nodes"][number];

export default function Notices() {
  const t = useTexts(words);
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery({ query: api.NoticesDocument, variables: { after } });
  const [markRead] = useMutate(api.MarkNoticesReadDocument);
  const newest = query[0].data?.viewer?.notices.nodes[0];
  useEffect(() => {
    // Counted as read, but still marked on this page.
    if (newest && !newest.readAt) void markRead({ allUntil: newest.createdAt });
  }, [newest, markRead]);
  return (
    <Page title={t.title} back="/">
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <List of={viewer.notices} none={t.none} onMore={setAfter}>
              {(notice) => (
                <li key={notice.id} className={notice.readAt ? "" : "unread"}>
                  <Row of={notice} />
                </li>
              )}
            </List>
          )
        }
      </Loaded>
    </Page>
  );
}

function Row({ of: notice }: { of: Notice }) {
  const { moment } = useFormat();
  return (
    <>
      <Link href={pageOf(notice)} onClick={() => notice.accountId && chooseAccount(notice.accountId)}>
        {notice.title}
      </Link>
      <span>{notice.text}</span>
      <small>{moment(notice.createdAt)}</small>
    </>
  );
}

const folders: Record<string, string> = {
  Account: "/accounts",
  Appeal: "/appeals",
  ContractApplication: "/contract-applications",
  Invoice: "/invoices",
  Meter: "/meters",
  Payment: "/payments",
};

/** The page of what a notice is about. */
function pageOf({ kind, about }: Notice): string {
  if (/^READING|^WINDOW/.test(kind)) return "/readings";
  const folder = about && folders[about.__typename];
  return folder && "id" in about ? `${folder}/${about.id}` : "/";
}
