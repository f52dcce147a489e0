import { useState } from "react";
import { useQuery } from "urql";

import { api, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import {
  ActivationMail,
  ActivationMailSent,
  Captcha,
  Checkbox,
  Field,
  Form,
  Loaded,
  Page,
  Password,
  type Values,
} from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Регистрация", lastName: "Фамилия", firstName: "Имя", patronymic: "Отчество",
    noPatronymic: "Нет отчества", email: "E-mail (будет логином)", phone: "Телефон",
    password: "Пароль", submit: "Зарегистрироваться", read: "Прочитать",
    consent: { TERMS: "Я принимаю условия использования", PERSONAL_DATA: "Я согласен на обработку персональных данных", SMS: "" },
    sent: "Почти готово",
  },
  {
    title: "Register", lastName: "Last name", firstName: "First name", patronymic: "Patronymic",
    noPatronymic: "No patronymic", email: "E-mail (your login)", phone: "Telephone",
    password: "Password", submit: "Register", read: "Read",
    consent: { TERMS: "I accept the terms of use", PERSONAL_DATA: "I consent to the processing of my personal data", SMS: "" },
    sent: "Almost done",
  },
);

export default function Register() {
  const t = useTexts(words);
  const query = useQuery({ query: api.RegistrationFormDocument });
  const [sentTo, setSentTo] = useState<string>();
  if (sentTo) return <MailSent to={sentTo} />;
  return (
    <Page title={t.title} back="/">
      <Loaded query={query}>{({ publicSettings }) => <Fields settings={publicSettings} onSent={setSentTo} />}</Loaded>
    </Page>
  );
}

function Fields({
  settings,
  onSent,
}: {
  settings: api.RegistrationFormQuery["publicSettings"];
  onSent: (to: string) => void;
}) {
  const t = useTexts(words);
  const [register] = useMutate(api.RegisterDocument);
  const [attempt, setAttempt] = useState(0);
  const [hasNoPatronymic, setNoPatronymic] = useState(false);
  const documents = settings.consentDocuments.filter(({ isRequired }) => isRequired);

  async function submit(values: Values) {
    const { "captcha.id": id = "", "captcha.code": code = "", patronymic = null, ...rest } = values;
    const { lastName = "", firstName = "", email = "", phone = "", password = "" } = rest;
    const { termsVersion = "", personalDataVersion = "" } = rest;
    // prettier-ignore
    const { payload, problems } = await register({
      input: {
        lastName, firstName, patronymic, hasNoPatronymic, email, phone, password,
        termsVersion, personalDataVersion, captcha: { id, code },
      },
    });
    if (payload) onSent(payload.sentTo!);
    if (problems?.some(({ reason }) => reason === "CAPTCHA_EXPIRED")) setAttempt(attempt + 1);
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.submit}>
      <Field name="lastName" label={t.lastName} autoComplete="family-name" isRequired />
      <Field name="firstName" label={t.firstName} autoComplete="given-name" isRequired />
      <Field name="patronymic" label={t.patronymic} autoComplete="additional-name" isDisabled={hasNoPatronymic} />
      <Checkbox isSelected={hasNoPatronymic} onChange={setNoPatronymic}>
        {t.noPatronymic}
      </Checkbox>
      <Field name="email" label={t.email} type="email" autoComplete="username" isRequired />
      <Field name="phone" label={t.phone} type="tel" autoComplete="tel" hint={settings.phoneForms[0]} isRequired />
      <Password
        name="password"
        label={t.password}
        autoComplete="new-password"
        hint={settings.passwordRules.requirements.map(({ text }) => text).join(" ")}
      />
      {documents.map(({ kind, version, title, text }) => (
        <div key={kind}>
          <Checkbox name={kind === "TERMS" ? "termsVersion" : "personalDataVersion"} value={version} isRequired>
            {t.consent[kind]}
          </Checkbox>
          <details>
            <summary>{`${t.read}: ${title}`}</summary>
            <div className="document">{text}</div>
          </details>
        </div>
      ))}
      <Captcha key={attempt} />
    </Form>
  );
}

function MailSent({ to }: { to: string }) {
  const t = useTexts(words);
  return (
    <Page title={t.sent} back="/">
      <ActivationMailSent to={to} />
      <ActivationMail to={to} />
    </Page>
  );
}
