import { Link } from "wouter";

import { texts, useTexts } from "../i18n.ts";
import { chooseAccount, useAccount, useViewer } from "../viewer.tsx";
import { Select } from "./select.tsx";

// prettier-ignore
const words = texts(
  { account: "Лицевой счёт", none: "Сначала подключите лицевой счёт.", link: "Подключить" },
  { account: "Account", none: "Link an account first.", link: "Link" },
);

/** Which account the page is about; the choice holds on all pages. */
export function AccountPicker() {
  const t = useTexts(words);
  const accounts = useViewer()?.accounts ?? [];
  const account = useAccount();
  if (!account)
    return (
      <p className="note">
        {t.none} <Link href="/accounts/link">{t.link}</Link>
      </p>
    );
  if (accounts.length === 1) return null;
  return (
    <Select
      label={t.account}
      value={account.id}
      onChange={chooseAccount}
      options={accounts.map(({ id, number, name }) => [id, name ? `${name}, № ${number}` : `№ ${number}`])}
    />
  );
}
