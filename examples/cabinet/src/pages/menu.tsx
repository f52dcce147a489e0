import { Link, useLocation } from "wouter";

import { api, sessionEnded, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Form, Page } from "../ui/index.ts";
import { useViewer } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Ещё", signOut: "Выйти", notFound: "Такой страницы нет.",
    links: { "/unpaid": "Неоплаченные счета", "/pay": "Оплата", "/payments": "Мои платежи", "/contracts": "Договоры", "/notices": "Уведомления", "/profile": "Мой профиль", "/settings/personal-data": "Персональные данные", "/settings/notifications": "Мои подписки", "/password": "Пароль и вход" },
  },
  {
    title: "More", signOut: "Sign out", notFound: "There is no such page.",
    links: { "/unpaid": "Unpaid bills", "/pay": "Pay", "/payments": "My payments", "/contracts": "Contracts", "/notices": "Notices", "/profile": "My profile", "/settings/personal-data": "Personal data", "/settings/notifications": "My subscriptions", "/password": "Password and sign-in" },
  },
);

/** The rest of the menu; also what an unknown address shows. */
export default function Menu() {
  const t = useTexts(words);
  const viewer = useViewer();
  const [path, go] = useLocation();
  const [signOut] = useMutate(api.SignOutDocument);
  async function leave() {
    const { payload, problems } = await signOut({});
    if (payload) {
      go("/");
      sessionEnded("by-person");
    }
    return problems;
  }
  return (
    <Page title={t.title}>
      {path !== "/menu" && <p className="note">{t.notFound}</p>}
      <p className="quiet">{`${viewer?.fullName}, ${viewer?.email}`}</p>
      <ul className="list">
        {Object.entries(t.links).map(([href, text]) => (
          <li key={href}>
            <Link href={href}>{text}</Link>
          </li>
        ))}
      </ul>
      <Form onSubmit={leave} submit={t.signOut} />
    </Page>
  );
}
