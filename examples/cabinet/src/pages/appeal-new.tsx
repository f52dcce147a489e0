import { useQuery } from "urql";
import { useLocation, useSearchParams } from "wouter";

import { api, once, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Attachments, Field, Form, Loaded, Page, Select, useAttachments, type Values } from "../ui/index.ts";
import { useDraft } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  { title: "Новое обращение", topic: "Тема", text: "Текст обращения", send: "Отправить", about: "О счёте за" },
  { title: "A new appeal", topic: "Topic", text: "Text", send: "Send", about: "About the bill for" },
);

export default function AppealNew() {
  const t = useTexts(words);
  const [, go] = useLocation();
  const [parameters] = useSearchParams();
  const invoiceId = parameters.get("bill");
  const topics = useQuery({ query: api.AppealTopicsDocument });
  const draft = useDraft<Values>(`appeal.${invoiceId ?? ""}`);
  const attachments = useAttachments();
  const [create] = useMutate(api.CreateAppealDocument);

  async function submit({ topicId = "", text = "" }: Values) {
    const { uploadIds, problems: failed } = await attachments.uploaded();
    if (failed) return failed;
    const about = invoiceId ? { invoiceId } : null;
    const input = { topicId, text, about, uploadIds };
    const { payload, problems } = await once("appeal", input, (idempotencyKey) =>
      create({ input: { ...input, idempotencyKey } }),
    );
    if (payload) go(`/appeals/${payload.appeal!.id}`);
    return problems;
  }
  return (
    <Page title={t.title} back="/appeals">
      {invoiceId && <About id={invoiceId} />}
      <Loaded query={topics}>
        {({ appealTopics }) => (
          <Form onSubmit={submit} submit={t.send} draft={draft}>
            <Select
              name="topicId"
              label={t.topic}
              defaultValue={draft.kept?.topicId ?? null}
              isRequired
              options={appealTopics.map(({ id, title }) => [id, title])}
            />
            <Field name="text" label={t.text} rows={6} defaultValue={draft.kept?.text ?? ""} isRequired />
            <Attachments of={attachments} />
          </Form>
        )}
      </Loaded>
    </Page>
  );
}

function About({ id }: { id: string }) {
  const t = useTexts(words);
  const { period } = useFormat();
  const [{ data }] = useQuery({ query: api.BillDocument, variables: { id } });
  const bill = data?.invoice;
  return bill && <p className="note">{`${t.about} ${period(bill.period).toLowerCase()}, № ${bill.number}`}</p>;
}
