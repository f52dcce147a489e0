import { useState } from "react";
import { useQuery } from "urql";
import { Link } from "wouter";

import { api, useOptions, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Checkbox, Done, Form, Loaded, Page, type Values } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Мои подписки", topic: "О чём сообщать", sms: "Получать SMS", save: "Сохранить", saved: "Сохранено.",
    confirm: "Чтобы включить SMS, подтвердите номер телефона", profile: "в профиле", read: "Включая SMS, вы соглашаетесь",
  },
  {
    title: "My subscriptions", topic: "What to tell you", sms: "Receive SMS", save: "Save", saved: "Saved.",
    confirm: "To switch SMS on, confirm your number", profile: "in your profile", read: "Switching SMS on, you agree",
  },
);

export default function Subscriptions() {
  const t = useTexts(words);
  const query = useQuery({ query: api.SubscriptionsDocument });
  // A form without the topics would switch all of them off.
  const labels = useQuery({ query: api.EnumLabelsDocument, requestPolicy: "cache-first" });
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={labels}>
        {() => (
          <Loaded query={query}>
            {(data) => data.viewer && <Fields viewer={data.viewer} settings={data.publicSettings} />}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Fields({
  viewer: { isPhoneConfirmed, notificationSettings: chosen },
  settings,
}: {
  viewer: NonNullable<api.SubscriptionsQuery["viewer"]>;
  settings: api.SubscriptionsQuery["publicSettings"];
}) {
  const t = useTexts(words);
  const topics = useOptions("NoticeTopic") as [api.NoticeTopic, string][];
  const [save] = useMutate(api.SaveSettingsDocument);
  const [isSaved, setSaved] = useState(false);
  const [usesSms, setUsesSms] = useState(chosen.smsEnabled);
  const consent = settings.consentDocuments.find(({ kind }) => kind === "SMS");
  const canSms = isPhoneConfirmed || chosen.smsEnabled;

  async function submit(values: Values) {
    const picked = (way: string) => topics.map(([topic]) => topic).filter((topic) => values[`${way}.${topic}`]);
    const { payload, problems } = await save({
      input: {
        topics: { email: picked("email"), ...(usesSms && { sms: picked("sms") }) },
        ...(usesSms !== chosen.smsEnabled && { smsEnabled: usesSms }),
        smsConsentVersion: usesSms && !chosen.smsEnabled ? (consent?.version ?? null) : null,
      },
    });
    setSaved(Boolean(payload));
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.save}>
      <table>
        <thead>
          <tr>
            <th>{t.topic}</th>
            <th>E-mail</th>
            {usesSms && <th>SMS</th>}
          </tr>
        </thead>
        <tbody>
          {topics.map(([topic, text]) => (
            <tr key={topic}>
              <th scope="row">{text}</th>
              <td>
                <Checkbox name={`email.${topic}`} defaultSelected={chosen.emailTopics.includes(topic)}>
                  <span className="hidden">{`E-mail: ${text}`}</span>
                </Checkbox>
              </td>
              {usesSms && (
                <td>
                  <Checkbox name={`sms.${topic}`} defaultSelected={chosen.smsTopics.includes(topic)}>
                    <span className="hidden">{`SMS: ${text}`}</span>
                  </Checkbox>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {settings.sendsSms && (
        <Checkbox isSelected={usesSms} onChange={setUsesSms} isDisabled={!canSms}>
          {t.sms}
        </Checkbox>
      )}
      {settings.sendsSms && !canSms && (
        <p className="note">
          {t.confirm} <Link href="/profile">{t.profile}</Link>.
        </p>
      )}
      {usesSms && !chosen.smsEnabled && consent && (
        <details>
          <summary>{`${t.read}: ${consent.title}`}</summary>
          <div className="document">{consent.text}</div>
        </details>
      )}
      {isSaved && <Done>{t.saved}</Done>}
    </Form>
  );
}
