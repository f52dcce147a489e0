import { useQuery } from "urql";
import { useLocation } from "wouter";

import { api, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, Confirm, Facts, Field, Form, Loaded, Page, type Values } from "../ui/index.ts";
import { chooseAccount } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    account: "Лицевой счёт", contract: "Договор", of: "от", unified: "ЕЛС", address: "Адрес", holder: "Абонент",
    meters: "Приборы учёта", verify: "Поверка до", name: "Своё название", nameHint: "Например, «Дача». Видите только вы.",
    save: "Сохранить", bills: "Счета", readings: "Показания", unlink: "Отключить счёт",
    sure: "Счёт исчезнет из вашего кабинета. Подключить его снова можно в любое время.",
  },
  {
    account: "Account", contract: "Contract", of: "of", unified: "Unified number", address: "Address", holder: "Holder",
    meters: "Meters", verify: "Verified until", name: "Your name for it", nameHint: "“Cottage”, for example. Only you see it.",
    save: "Save", bills: "Bills", readings: "Readings", unlink: "Unlink the account",
    sure: "The account disappears from your cabinet. You can link it again at any time.",
  },
);

export default function Account({ params: { id } }: { params: { id: string } }) {
  const t = useTexts(words);
  const { day } = useFormat();
  const [, go] = useLocation();
  const query = useQuery({ query: api.AccountPageDocument, variables: { id } });
  const [rename] = useMutate(api.RenameAccountDocument);
  const [unlink] = useMutate(api.UnlinkAccountDocument);
  const save = async ({ name = "" }: Values) =>
    (await rename({ input: { accountId: id, name: name.trim() || null } })).problems;
  async function leave() {
    const { problems } = await unlink({ accountId: id });
    if (!problems) go("/");
    return problems;
  }
  return (
    <Loaded query={query}>
      {({ account }) =>
        account && (
          <Page title={account.name ?? `${t.account} ${account.number}`} back="/">
            <section className="card">
              <Facts
                of={[
                  [t.account, account.number],
                  [t.contract, `${account.contractNumber} ${t.of} ${day(account.contractSignedOn)}`],
                  [t.unified, account.unifiedNumber],
                  [t.address, account.address],
                  [
                    t.holder,
                    account.holder &&
                      [account.holder.lastName, account.holder.firstName, account.holder.patronymic].join(" "),
                  ],
                ]}
              />
              <div className="actions">
                <Action to="/invoices" label={t.bills} onClick={() => chooseAccount(id)} />
                <Action to="/readings" label={t.readings} onClick={() => chooseAccount(id)} />
              </div>
            </section>
            <h2>{t.meters}</h2>
            <ul className="list">
              {account.meters.map((meter) => (
                <li key={meter.id}>
                  <strong>{`${meter.model} № ${meter.serial}`}</strong>
                  {meter.nextVerificationOn && <small>{`${t.verify} ${day(meter.nextVerificationOn)}`}</small>}
                  {meter.verificationNotice && <p className="note">{meter.verificationNotice}</p>}
                </li>
              ))}
            </ul>
            <Form onSubmit={save} submit={t.save}>
              <Field name="name" label={t.name} hint={t.nameHint} defaultValue={account.name ?? ""} />
            </Form>
            <Confirm label={t.unlink} text={t.sure} onConfirm={leave} />
          </Page>
        )
      }
    </Loaded>
  );
}
