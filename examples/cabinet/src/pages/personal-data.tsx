import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api, fileUrl, useMutate, usePolling } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Badge, Checkbox, Done, Form, Loaded, Page, Password, type Values } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Персональные данные", password: "Текущий пароль", read: "Прочитать",
    exports: "Выгрузка моих данных", about: "Архив со всем, что мы о вас храним. Когда он готов, мы пишем на почту.",
    request: "Заказать выгрузку", ordered: "Заказана", download: "Скачать архив", until: "хранится до",
    states: { WAITING: "готовится", READY: "готова", ENDED: "удалена" },
    erasure: "Уничтожение данных и закрытие кабинета",
    effect: "Вы отзываете согласие на обработку персональных данных. Через две недели кабинет закроется, и ваши данные в нём будут уничтожены. До этого дня заявление можно отменить. Договор энергоснабжения продолжает действовать.",
    sure: "Я понимаю, что кабинет закроется", erase: "Отозвать согласие и закрыть кабинет",
    waiting: "Ваши данные будут уничтожены", cancelBy: "До этого времени заявление можно отменить.", requested: "Заявление подано",
    someoneElse: "Если его подали не вы, отмените его и", change: "смените пароль",
    consent: "Я согласен на обработку персональных данных", cancel: "Отменить заявление", canceled: "Заявление отменено, кабинет остаётся открытым.",
  },
  {
    title: "Personal data", password: "Current password", read: "Read",
    exports: "Export of my data", about: "An archive of all that we store about you. We send a mail when it is ready.",
    request: "Request an export", ordered: "Requested", download: "Download the archive", until: "kept until",
    states: { WAITING: "in preparation", READY: "ready", ENDED: "deleted" },
    erasure: "Destroy my data and close the cabinet",
    effect: "You withdraw your consent to the processing of your personal data. In two weeks the cabinet is closed, and your data in it are destroyed. Until then you can cancel the request. Your contract for energy continues.",
    sure: "I understand that the cabinet will be closed", erase: "Withdraw my consent and close the cabinet",
    waiting: "Your data will be destroyed", cancelBy: "Until then you can cancel the request.", requested: "Requested",
    someoneElse: "If it wasn't you, cancel the request and", change: "change your password",
    consent: "I consent to the processing of my personal data", cancel: "Cancel the request", canceled: "The request is cancelled, the cabinet stays open.",
  },
);

/** Where the mails about an export and about an erasure lead. */
export default function PersonalData() {
  const t = useTexts(words);
  const query = useQuery({ query: api.PersonalDataDocument });
  const [isCanceled, setCanceled] = useState(false);
  const viewer = query[0].data?.viewer;
  usePolling(query[1], Boolean(viewer?.personalDataExports.some(({ state }) => state === "WAITING")));
  return (
    <Page title={t.title} back="/profile">
      <Loaded query={query}>
        {({ publicSettings: { consentDocuments } }) => {
          const erasure = viewer?.erasureRequests.find(({ state }) => state === "WAITING");
          const consent = consentDocuments.find(({ kind }) => kind === "PERSONAL_DATA");
          return (
            viewer && (
              <>
                {isCanceled && !erasure && <Done>{t.canceled}</Done>}
                {erasure && consent && <Cancellation of={erasure} consent={consent} onDone={() => setCanceled(true)} />}
                <h2>{t.exports}</h2>
                <Exports of={viewer} />
                {!erasure && (
                  <>
                    <h2>{t.erasure}</h2>
                    <Erasure email={viewer.email} />
                  </>
                )}
              </>
            )
          );
        }}
      </Loaded>
    </Page>
  );
}

interface CancellationProps {
  readonly of: api.PersonalDataFragment["erasureRequests"][number];
  readonly consent: api.PersonalDataQuery["publicSettings"]["consentDocuments"][number];
  readonly onDone: () => void;
}

/** Gives the consent again, to the text that is valid now. */
function Cancellation({ of: { requestedAt, startsAt }, consent: { version, title, text }, onDone }: CancellationProps) {
  const t = useTexts(words);
  const { moment } = useFormat();
  const [cancel] = useMutate(api.CancelErasureDocument);
  async function submit({ personalDataVersion = "" }: Values) {
    const { payload, problems } = await cancel({ personalDataVersion });
    if (payload) onDone();
    return problems;
  }
  return (
    <>
      <div className="note bad">
        <h2>{`${t.waiting} ${moment(startsAt)}`}</h2>
        <p>{t.cancelBy}</p>
        <small>{`${t.requested}: ${moment(requestedAt)}`}</small>
        <p>
          {t.someoneElse} <Link href="/password">{t.change}</Link>.
        </p>
      </div>
      <Form onSubmit={submit} submit={t.cancel}>
        <Checkbox name="personalDataVersion" value={version} isRequired>
          {t.consent}
        </Checkbox>
        <details>
          <summary>{`${t.read}: ${title}`}</summary>
          <div className="document">{text}</div>
        </details>
      </Form>
    </>
  );
}

function Exports({ of: { email, personalDataExports } }: { of: api.PersonalDataFragment }) {
  const t = useTexts(words);
  const { moment } = useFormat();
  const [request] = useMutate(api.RequestExportDocument);
  const [count, setCount] = useState(0);
  async function submit({ password = "" }: Values) {
    const { payload, problems } = await request({ password });
    if (payload) setCount(count + 1);
    return problems;
  }
  return (
    <>
      {personalDataExports.length > 0 && (
        <ul className="list" aria-live="polite">
          {personalDataExports.map(({ id, state, requestedAt, expiresAt, downloadUrl }) => (
            <li key={id}>
              <div className="row">
                <span>{`${t.ordered} ${moment(requestedAt)}`}</span>
                <Badge tone={({ WAITING: "wait", READY: "good", ENDED: "plain" } as const)[state]}>
                  {t.states[state]}
                </Badge>
              </div>
              {downloadUrl && (
                <div className="row">
                  <a href={fileUrl(downloadUrl)} download>
                    {t.download}
                  </a>
                  <small>{`${t.until} ${moment(expiresAt)}`}</small>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      <Form key={count} onSubmit={submit} submit={t.request}>
        <p>{t.about}</p>
        <Confirmation email={email} />
      </Form>
    </>
  );
}

function Erasure({ email }: { email: string }) {
  const t = useTexts(words);
  const [request] = useMutate(api.RequestErasureDocument);
  return (
    <Form onSubmit={async ({ password = "" }) => (await request({ password })).problems} submit={t.erase} isDangerous>
      <p>{t.effect}</p>
      <Checkbox name="sure" isRequired>
        {t.sure}
      </Checkbox>
      <Confirmation email={email} />
    </Form>
  );
}

/** The password, with the login for password managers. */
function Confirmation({ email }: { email: string }) {
  const t = useTexts(words);
  return (
    <>
      <input type="hidden" name="username" value={email} autoComplete="username" />
      <Password name="password" label={t.password} autoComplete="current-password" />
    </>
  );
}
