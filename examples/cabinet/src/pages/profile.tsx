import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Done, Field, Form, Loaded, Page, type Values } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Мой профиль", lastName: "Фамилия", firstName: "Имя", patronymic: "Отчество", phone: "Телефон",
    email: "E-mail (логин)", save: "Сохранить", saved: "Сохранено.", confirm: "Подтверждение телефона",
    whyConfirm: "На подтверждённый номер можно получать SMS.", sendCode: "Получить код по SMS", code: "Код из SMS", check: "Подтвердить",
    data: "Персональные данные: выгрузка и уничтожение",
  },
  {
    title: "My profile", lastName: "Last name", firstName: "First name", patronymic: "Patronymic", phone: "Telephone",
    email: "E-mail (login)", save: "Save", saved: "Saved.", confirm: "Confirm your telephone",
    whyConfirm: "A confirmed number can receive SMS.", sendCode: "Send me a code by SMS", code: "The code", check: "Confirm",
    data: "Personal data: export and destruction",
  },
);

export default function Profile() {
  const t = useTexts(words);
  const query = useQuery({ query: api.ProfileDocument });
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={query}>
        {({ viewer }) =>
          viewer && (
            <>
              <Fields of={viewer} />
              {!viewer.isPhoneConfirmed && <PhoneConfirmation key={viewer.phone} phone={viewer.phone} />}
              <p>
                <Link href="/settings/personal-data">{t.data}</Link>
              </p>
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function Fields({ of }: { of: api.ProfileFragment }) {
  const t = useTexts(words);
  const [save] = useMutate(api.SaveProfileDocument);
  const [isSaved, setSaved] = useState(false);
  async function submit({ lastName = "", firstName = "", patronymic = "", phone = "" }: Values) {
    const { payload, problems } = await save({
      input: { lastName, firstName, phone, patronymic: patronymic ? { name: patronymic } : { none: true } },
    });
    setSaved(Boolean(payload));
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.save}>
      <Field label={t.email} defaultValue={of.email} isReadOnly autoComplete="username" />
      <Field name="lastName" label={t.lastName} defaultValue={of.lastName} autoComplete="family-name" isRequired />
      <Field name="firstName" label={t.firstName} defaultValue={of.firstName} autoComplete="given-name" isRequired />
      <Field name="patronymic" label={t.patronymic} defaultValue={of.patronymic ?? ""} autoComplete="additional-name" />
      <Field name="phone" label={t.phone} type="tel" defaultValue={of.phone} autoComplete="tel" isRequired />
      {isSaved && <Done>{t.saved}</Done>}
    </Form>
  );
}

function PhoneConfirmation({ phone }: { phone: string }) {
  const t = useTexts(words);
  const [send] = useMutate(api.SendPhoneCodeDocument);
  const [confirm] = useMutate(api.ConfirmPhoneDocument);
  const [isSent, setSent] = useState(false);
  async function request() {
    const { payload, problems } = await send({ phone });
    setSent(Boolean(payload));
    return problems;
  }
  return (
    <>
      <h2>{t.confirm}</h2>
      {isSent ? (
        <Form onSubmit={async ({ code = "" }) => (await confirm({ phone, code })).problems} submit={t.check}>
          <Field name="code" label={t.code} inputMode="numeric" autoComplete="one-time-code" isRequired />
        </Form>
      ) : (
        <Form onSubmit={request} submit={t.sendCode}>
          <p>{t.whyConfirm}</p>
        </Form>
      )}
    </>
  );
}
