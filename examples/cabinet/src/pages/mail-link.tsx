import { useState } from "react";
import { useQuery } from "urql";
import { Link, useLocation } from "wouter";

import { api, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Action, Done, Form, Page, Password, type Values } from "../ui/index.ts";

type Action = { title: string; submit: string; done: string; mailed?: string; next: string; otherwise?: [path: string, label: string] };
// prettier-ignore
const words = texts<Record<string, Action>>(
  {
    "/activate": { title: "Активация учётной записи", submit: "Активировать", done: "Учётная запись активирована.", mailed: "Учётная запись активирована. Чтобы войти, задайте пароль по ссылке из письма, которое мы только что отправили.", next: "Войти", otherwise: ["/sign-in", "Войти или запросить новую ссылку"] },
    "/reset-password": { title: "Новый пароль", submit: "Сохранить", done: "Пароль изменён.", next: "Войти", otherwise: ["/forgot-password", "Запросить новую ссылку"] },
    "/confirm-email": { title: "Смена e-mail", submit: "Подтвердить", done: "Этот ящик подтверждён. Адрес сменится, когда подтверждены оба.", next: "В кабинет" },
    "/undo-account-link": { title: "Это не я подключил счёт", submit: "Закрыть доступ", done: "Доступ закрыт. Мы разберёмся и напишем вам.", next: "В кабинет" },
    "/unsubscribe": { title: "Отписаться от писем", submit: "Отписаться", done: "Таких писем больше не будет.", next: "В кабинет" },
  },
  {
    "/activate": { title: "Activate your login", submit: "Activate", done: "Your login is active.", mailed: "Your login is active. To sign in, set a password by the link in the mail that we have just sent.", next: "Sign in", otherwise: ["/sign-in", "Sign in or request a new link"] },
    "/reset-password": { title: "A new password", submit: "Save", done: "The password is changed.", next: "Sign in", otherwise: ["/forgot-password", "Request a new link"] },
    "/confirm-email": { title: "Change of e-mail", submit: "Confirm", done: "This mailbox is confirmed. The address changes once both are.", next: "To the cabinet" },
    "/undo-account-link": { title: "It wasn't me who linked the account", submit: "End the access", done: "The access is closed. We look into it and write to you.", next: "To the cabinet" },
    "/unsubscribe": { title: "Unsubscribe", submit: "Unsubscribe", done: "There will be no more such mails.", next: "To the cabinet" },
  },
);
// prettier-ignore
const fields = texts(
  { password: "Новый пароль", incomplete: "В адресе нет ссылки. Откройте её из письма целиком." },
  { password: "New password", incomplete: "There is no link in the address. Open the whole of it from the mail." },
);

/** Pages that links in mails lead to. A button acts, not the visit: mail programs visit links, too. */
export default function MailLink() {
  const [path] = useLocation();
  const t = useTexts(words)[path]!;
  const f = useTexts(fields);
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  const [done, setDone] = useState("");
  const [activate] = useMutate(api.ActivateDocument);
  const [reset] = useMutate(api.ResetPasswordDocument);
  const [confirm] = useMutate(api.ConfirmEmailDocument);
  const [undo] = useMutate(api.UndoLinkDocument);
  const [unsubscribe] = useMutate(api.UnsubscribeDocument);
  // prettier-ignore
  const actions = {
    "/activate": activate, "/confirm-email": confirm, "/undo-account-link": undo, "/unsubscribe": unsubscribe,
  };

  async function submit({ newPassword = "" }: Values) {
    const { payload, problems } =
      path === "/reset-password"
        ? await reset({ token: token!, newPassword })
        : await actions[path as keyof typeof actions]({ token: token! });
    if (payload) setDone(("needsPassword" in payload && payload.needsPassword && t.mailed) || t.done);
    return problems;
  }
  return (
    <Page title={t.title}>
      {done ? (
        <Done>
          <p>{done}</p>
          <Action to="/" label={t.next} isPrimary />
        </Done>
      ) : token ? (
        <Form onSubmit={submit} submit={t.submit}>
          {path === "/reset-password" && <NewPassword label={f.password} />}
        </Form>
      ) : (
        <p className="note bad">{f.incomplete}</p>
      )}
      {!done && t.otherwise && (
        <p>
          <Link href={t.otherwise[0]}>{t.otherwise[1]}</Link>
        </p>
      )}
    </Page>
  );
}

/** A field for a new password, with the rules that it has to keep. */
export function NewPassword({ label }: { label: string }) {
  const [{ data }] = useQuery({ query: api.RegistrationFormDocument });
  const rules = data?.publicSettings.passwordRules.requirements.map(({ text }) => text);
  return <Password name="newPassword" label={label} autoComplete="new-password" hint={rules?.join(" ")} />;
}
