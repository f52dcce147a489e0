import { useState } from "react";

import { ForgotPasswordDocument } from "../api/generated/graphql.ts";
import { useMutate } from "../api/mutate.ts";
import { texts, useTexts } from "../i18n.ts";
import { Field } from "../ui/fields.tsx";
import { Form, type Values } from "../ui/form.tsx";
import { Done, Page } from "../ui/page.tsx";

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
  const [request] = useMutate(ForgotPasswordDocument);
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
