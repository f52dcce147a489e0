import { useState } from "react";
import { Button } from "react-aria-components";
import { useQuery } from "urql";

import { api, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Done, Field, Form, Loaded, Page, Password, type Values } from "../ui/index.ts";
import { NewPassword } from "./mail-link.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Пароль и вход", old: "Текущий пароль", fresh: "Новый пароль", save: "Сменить пароль",
    changed: "Пароль изменён", saved: "Пароль изменён. На других устройствах сеансы закончены.",
    email: "Смена e-mail", newEmail: "Новый e-mail", password: "Пароль", request: "Сменить e-mail", sent: "Подтвердите смену в письмах на старом и новом адресе.",
    sessions: "Где выполнен вход", current: "это устройство", end: "Завершить",
  },
  {
    title: "Password and sign-in", old: "Current password", fresh: "New password", save: "Change the password",
    changed: "Password changed", saved: "The password is changed. Sessions on other devices have ended.",
    email: "Change your e-mail", newEmail: "New e-mail", password: "Password", request: "Change the e-mail", sent: "Confirm the change in the mails to both addresses.",
    sessions: "Where you are signed in", current: "this device", end: "End",
  },
);

export default function PasswordPage() {
  const t = useTexts(words);
  const { moment } = useFormat();
  const query = useQuery({ query: api.SecurityDocument });
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <>
              <small>{`${t.changed}: ${moment(viewer.passwordChangedAt)}`}</small>
              <ChangePassword email={viewer.email} />
              <h2>{t.sessions}</h2>
              <Sessions of={viewer} />
              <h2>{t.email}</h2>
              <ChangeEmail />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function ChangePassword({ email }: { email: string }) {
  const t = useTexts(words);
  const [change] = useMutate(api.ChangePasswordDocument);
  const [count, setCount] = useState(0);
  async function submit({ oldPassword = "", newPassword = "" }: Values) {
    const { payload, problems } = await change({ oldPassword, newPassword });
    if (payload) setCount(count + 1);
    return problems;
  }
  return (
    <>
      {count > 0 && <Done>{t.saved}</Done>}
      <Form key={count} onSubmit={submit} submit={t.save}>
        <input type="hidden" name="username" value={email} autoComplete="username" />
        <Password name="oldPassword" label={t.old} autoComplete="current-password" />
        <NewPassword label={t.fresh} />
      </Form>
    </>
  );
}

function ChangeEmail() {
  const t = useTexts(words);
  const [request] = useMutate(api.ChangeEmailDocument);
  const [isSent, setSent] = useState(false);
  async function submit({ newEmail = "", password = "" }: Values) {
    const { payload, problems } = await request({ newEmail, password });
    setSent(Boolean(payload));
    return problems;
  }
  if (isSent) return <Done>{t.sent}</Done>;
  return (
    <Form onSubmit={submit} submit={t.request}>
      <Field name="newEmail" label={t.newEmail} type="email" autoComplete="email" isRequired />
      <Password name="password" label={t.password} autoComplete="current-password" />
    </Form>
  );
}

function Sessions({ of: { sessions } }: { of: api.SessionsFragment }) {
  const t = useTexts(words);
  const { moment } = useFormat();
  const [revoke] = useMutate(api.RevokeSessionDocument);
  return (
    <ul className="list">
      {sessions.map(({ id, createdAt, userAgent, clientAddress, isCurrent }) => (
        <li key={id}>
          <span>{userAgent}</span>
          <div className="row">
            <small>{`${moment(createdAt)}, ${clientAddress}`}</small>
            {isCurrent ? (
              <small>{t.current}</small>
            ) : (
              <Button className="quiet" onPress={() => void revoke({ sessionId: id })}>
                {t.end}
              </Button>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
