import { lazy, type ReactNode, Suspense } from "react";
import { Button } from "react-aria-components";
import { Link, useLocation } from "wouter";

import { texts, useLanguage, useTexts } from "../i18n.ts";
import { useViewer } from "../viewer.tsx";

/** What is told and fetched while somebody is signed in; not needed for the first page. */
const Live = lazy(() => import("../live.tsx"));

/** The header, the menu and the main part of every page. */
export function Frame({ children }: { children: ReactNode }) {
  const t = useTexts(words);
  const [language, choose] = useLanguage();
  const viewer = useViewer();
  return (
    <>
      <a href="#main" className="skip">
        {t.skip}
      </a>
      <header>
        <Link href="/" className="brand">
          <img src="/icon.svg" alt="" width="28" height="28" /> {t.cabinet}
        </Link>
        {viewer && (
          <Link href="/notices" className="bell" aria-label={`${t.notices}: ${viewer.unreadNotices}`}>
            <Icon d={bell} />
            {viewer.unreadNotices > 0 && <span className="count">{viewer.unreadNotices}</span>}
          </Link>
        )}
        <Button className="quiet" aria-label={t.otherLanguage} onPress={() => choose(language === "ru" ? "en" : "ru")}>
          {language === "ru" ? "EN" : "RU"}
        </Button>
      </header>
      {viewer && <Menu unread={viewer.unreadAppealMessages} />}
      <main id="main">{children}</main>
      {viewer && (
        <Suspense>
          <Live />
        </Suspense>
      )}
    </>
  );
}

function Menu({ unread }: { unread: number }) {
  const t = useTexts(words);
  const [path] = useLocation();
  const items = [
    ["/", t.home, home],
    ["/invoices", t.bills, bill],
    ["/readings", t.readings, gauge],
    ["/appeals", t.appeals, talk],
    ["/menu", t.more, dots],
  ] as const;
  return (
    <nav aria-label={t.menu}>
      {items.map(([href, text, icon]) => (
        <Link
          key={href}
          href={href}
          aria-current={(href === "/" ? path === href : path.startsWith(href)) ? "page" : undefined}
        >
          <Icon d={icon} />
          {text}
          {href === "/appeals" && unread > 0 && <span className="count">{unread}</span>}
        </Link>
      ))}
    </nav>
  );
}

function Icon({ d }: { d: string }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={d} />
    </svg>
  );
}

const home = "M4 11l8-7 8 7v9h-5v-6H9v6H4z";
const bill = "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6";
const gauge = "M4 17a8 8 0 1 1 16 0M12 17l4-6M3 20h18";
const talk = "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5";
const dots = "M4 7h16M4 12h16M4 17h16";
const bell = "M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 21h4";

// prettier-ignore
const words = texts(
  {
    cabinet: "Личный кабинет", skip: "К содержанию", menu: "Меню", notices: "Уведомления, новых",
    otherLanguage: "EN: in English", home: "Главная", bills: "Счета", readings: "Показания",
    appeals: "Общение", more: "Ещё",
  },
  {
    cabinet: "My cabinet", skip: "To the content", menu: "Menu", notices: "Notices, new",
    otherLanguage: "RU: по-русски", home: "Home", bills: "Bills", readings: "Readings",
    appeals: "Messages", more: "More",
  },
);
