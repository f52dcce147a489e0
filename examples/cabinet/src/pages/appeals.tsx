import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, List, Loaded, Page, State } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  { title: "Обращения", create: "Написать обращение", none: "Обращений пока нет.", from: "от", unread: "новых" },
  { title: "Appeals", create: "Write to us", none: "There are no appeals yet.", from: "of", unread: "new" },
);

export default function Appeals() {
  const t = useTexts(words);
  const [after, setAfter] = useState<string | null>(null);
  const query = useQuery({ query: api.AppealsDocument, variables: { after } });
  return (
    <Page title={t.title}>
      <Action to="/appeals/new" label={t.create} isPrimary />
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <List of={viewer.appeals} none={t.none} onMore={setAfter}>
              {(appeal) => (
                <li key={appeal.id} className={appeal.unreadMessages ? "unread" : ""}>
                  <Row of={appeal} />
                </li>
              )}
            </List>
          )
        }
      </Loaded>
    </Page>
  );
}

function Row({ of }: { of: api.AppealHeadFragment }) {
  const t = useTexts(words);
  const { moment } = useFormat();
  return (
    <>
      <div className="row">
        <Link href={`/appeals/${of.id}`}>{of.topic.title}</Link>
        <State name="AppealState" of={of.state} />
      </div>
      <small>
        {`№ ${of.number} ${t.from} ${moment(of.createdAt)}`}
        {of.unreadMessages > 0 && ` · ${t.unread}: ${of.unreadMessages}`}
      </small>
    </>
  );
}
