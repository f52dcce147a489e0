import { useState } from "react";
import { Link } from "wouter";

import { SignInDocument } from "../api/generated/graphql.ts";
import { useMutate } from "../api/mutate.ts";
import { sessionBegan, useSession } from "../api/session.ts";
import { texts, useTexts } from "../i18n.ts";
import { Captcha } from "../ui/captcha.tsx";
import { Field, Password } from "../ui/fields.tsx";
import { Form, type Values } from "../ui/form.tsx";
import { Page } from "../ui/page.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Вход", email: "E-mail (логин)", password: "Пароль", submit: "Войти",
    forgot: "Забыли пароль?", register: "Зарегистрироваться", isNew: "Ещё нет учётной записи?",
    ended: "Сеанс закончился. Войдите ещё раз.",
  },
  {
    title: "Sign in", email: "E-mail (login)", password: "Password", submit: "Sign in",
    forgot: "Forgot your password?", register: "Register", isNew: "No login yet?",
    ended: "Your session has ended. Sign in again.",
  },
);

export default function SignIn() {
  const t = useTexts(words);
  const { ended } = useSession();
  const [signIn] = useMutate(SignInDocument);
  const [failures, setFailures] = useState(0);
  const [needsCaptcha, setNeedsCaptcha] = useState(false);

  async function submit({ email = "", password = "", ...rest }: Values) {
    const id = rest["captcha.id"];
    const captcha = id ? { id, code: rest["captcha.code"] ?? "" } : null;
    const { payload, problems } = await signIn({ input: { email, password, delivery: "COOKIE", captcha } });
    if (payload) sessionBegan();
    setFailures((count) => count + 1);
    if (problems?.some(({ reason }) => reason.startsWith("CAPTCHA"))) setNeedsCaptcha(true);
    return problems;
  }
  return (
    <Page title={t.title}>
      {ended === "by-server" && <p className="note">{t.ended}</p>}
      <Form onSubmit={submit} submit={t.submit}>
        <Field name="email" label={t.email} type="email" autoComplete="username" isRequired />
        <Password name="password" label={t.password} autoComplete="current-password" />
        {needsCaptcha && <Captcha key={failures} />}
      </Form>
      <p>
        <Link href="/forgot-password">{t.forgot}</Link>
      </p>
      <p>
        {t.isNew} <Link href="/register">{t.register}</Link>
      </p>
    </Page>
  );
}
