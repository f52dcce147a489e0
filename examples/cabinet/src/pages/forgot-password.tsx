import { useState } from "react";

import { api, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Done, Field, Form, Page, type Values } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Восстановление пароля", email: "E-mail (логин)", submit: "Отправить ссылку",
    sent: "Если такая учётная запись есть, на почту придёт ссылка для нового пароля.",
  },
  {
    title: "Reset your password", email: "E-mail (login)", submit: "Send a link",
    sent: "If there is such a login, a link for a new password comes by mail.",
  },
);

export default function ForgotPassword() {
  const t = useTexts(words);
  const [request] = useMutate(api.ForgotPasswordDocument);
  const [isSent, setSent] = useState(false);
  async function submit({ email = "" }: Values) {
    const { payload, problems } = await request({ email });
    setSent(Boolean(payload));
    return problems;
  }
  return (
    <Page title={t.title} back="/">
      {isSent && <Done>{t.sent}</Done>}
      <Form onSubmit={submit} submit={t.submit}>
        <Field name="email" label={t.email} type="email" autoComplete="username" isRequired />
      </Form>
    </Page>
  );
}
