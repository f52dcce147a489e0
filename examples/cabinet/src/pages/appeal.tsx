import { useEffect, useState } from "react";
import { useQuery } from "urql";

import { api, fileUrl, once, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Attachments, Confirm, Field, Form, Loaded, Page, State, useAttachments, type Values } from "../ui/index.ts";
import { useDraft } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    reply: "Ваш ответ", send: "Отправить", due: "Ответим до", you: "Вы", supplier: "Поставщик",
    close: "Закрыть обращение", sure: "Вопрос решён и переписка закончена?",
  },
  {
    reply: "Your reply", send: "Send", due: "We answer by", you: "You", supplier: "Supplier",
    close: "Close the appeal", sure: "Is the question settled?",
  },
);

export default function Appeal({ params: { id } }: { params: { id: string } }) {
  const t = useTexts(words);
  const { day } = useFormat();
  const query = useQuery({ query: api.AppealPageDocument, variables: { id } });
  const [close] = useMutate(api.CloseAppealDocument);
  const [replies, setReplies] = useState(0);
  const appeal = query[0].data?.appeal;
  useMarkRead(id, appeal?.messageCount, appeal?.unreadMessages);
  return (
    <Loaded query={query}>
      {() =>
        appeal && (
          <Page title={appeal.topic.title} back="/appeals">
            <div className="row">
              <small>{[`№ ${appeal.number}`, appeal.subjectText].filter(Boolean).join(" · ")}</small>
              <State name="AppealState" of={appeal.state} />
            </div>
            {["NEW", "IN_PROGRESS"].includes(appeal.state) && <small>{`${t.due} ${day(appeal.dueOn)}`}</small>}
            <ul className="thread" aria-live="polite">
              {appeal.messages.nodes
                .toSorted((a, b) => a.number - b.number)
                .map((message) => (
                  <Message key={message.id} of={message} />
                ))}
            </ul>
            {appeal.state !== "CLOSED" && (
              <>
                {/* Emptied by an own reply only: one of the supplier may come while this one is typed. */}
                <Reply
                  key={`${id} ${replies}`}
                  appealId={id}
                  onSent={() => {
                    setReplies(replies + 1);
                    query[1]({ requestPolicy: "network-only" });
                  }}
                />
                <Confirm
                  label={t.close}
                  text={t.sure}
                  onConfirm={async () => (await close({ appealId: id })).problems}
                />
              </>
            )}
          </Page>
        )
      }
    </Loaded>
  );
}

/** Who has the thread on the screen has read it. */
function useMarkRead(appealId: string, until: number | undefined, unread: number | undefined) {
  const [markRead] = useMutate(api.MarkAppealReadDocument);
  useEffect(() => {
    if (until && unread) void markRead({ input: { appealId, until } });
  }, [appealId, until, unread, markRead]);
}

function Message({ of }: { of: api.AppealMessageFragment }) {
  const t = useTexts(words);
  const { moment, size } = useFormat();
  const isOwn = of.direction === "SENT";
  return (
    <li className={isOwn ? "sent" : ""}>
      <small>{`${isOwn ? t.you : t.supplier}, ${moment(of.createdAt)}`}</small>
      <p>{of.text}</p>
      {of.attachments.map(({ fileName, size: bytes, downloadUrl }) =>
        downloadUrl ? (
          <a key={downloadUrl} href={fileUrl(downloadUrl)} download>
            {`${fileName} (${size(bytes)})`}
          </a>
        ) : (
          fileName
        ),
      )}
    </li>
  );
}

function Reply({ appealId, onSent }: { appealId: string; onSent: () => void }) {
  const t = useTexts(words);
  const draft = useDraft<Values>(`reply.${appealId}`);
  const attachments = useAttachments();
  const [reply] = useMutate(api.ReplyToAppealDocument);
  async function submit({ text = "" }: Values) {
    const { uploadIds, problems: failed } = await attachments.uploaded();
    if (failed) return failed;
    const input = { appealId, text, uploadIds };
    const { payload, problems } = await once("reply", input, (idempotencyKey) =>
      reply({ input: { ...input, idempotencyKey } }),
    );
    if (payload) {
      draft.forget(); // before the next reply begins
      onSent();
    }
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.send} draft={draft}>
      <Field name="text" label={t.reply} rows={3} defaultValue={draft.kept?.text ?? ""} isRequired />
      <Attachments of={attachments} />
    </Form>
  );
}
