import { useState } from "react";
import { Link } from "wouter";

import { api, sessionBegan, useMutate, useSession } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { ActivationMail, Captcha, Field, Form, Page, Password, type Values } from "../ui/index.ts";

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
  const [signIn] = useMutate(api.SignInDocument);
  const [failures, setFailures] = useState(0);
  const [notActivated, setNotActivated] = useState<string>();
  const [needsCaptcha, setNeedsCaptcha] = useState(false);

  async function submit({ email = "", password = "", ...rest }: Values) {
    const id = rest["captcha.id"];
    const captcha = id ? { id, code: rest["captcha.code"] ?? "" } : null;
    const { payload, problems } = await signIn({ input: { email, password, delivery: "COOKIE", captcha } });
    if (payload) sessionBegan();
    setNotActivated(problems?.some(({ reason }) => reason === "EMAIL_NOT_ACTIVATED") ? email : undefined);
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
      {notActivated && <ActivationMail key={notActivated} to={notActivated} />}
      <p>
        <Link href="/forgot-password">{t.forgot}</Link>
      </p>
      <p>
        {t.isNew} <Link href="/register">{t.register}</Link>
      </p>
    </Page>
  );
}
