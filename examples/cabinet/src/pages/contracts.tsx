import { useQuery } from "urql";
import { Link, useLocation } from "wouter";

import { api, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { Action, Form, Loaded, Page, State } from "../ui/index.ts";

// prettier-ignore
const words = texts(
  {
    title: "Договоры", of: "от", account: "Лицевой счёт", link: "Подключить бытового абонента",
    applications: "Заявки на заключение договора", create: "Новая заявка", draft: "Черновик от", none: "Заявок нет.",
  },
  {
    title: "Contracts", of: "of", account: "Account", link: "Link a household's account",
    applications: "Applications for a contract", create: "A new application", draft: "A draft of", none: "There are none.",
  },
);

export default function Contracts() {
  const t = useTexts(words);
  const { day } = useFormat();
  const [, go] = useLocation();
  const query = useQuery({ query: api.ContractsDocument });
  const [create] = useMutate(api.CreateApplicationDocument);
  async function begin() {
    const { payload, problems } = await create({});
    if (payload) go(`/contract-applications/${payload.application!.id}`);
    return problems;
  }
  return (
    <Page title={t.title} back="/menu">
      <Loaded query={query}>
        {({ viewer }) => (
          <>
            <ul className="list">
              {viewer?.contracts.map((contract) => (
                <li key={contract.number}>
                  <strong>{`№ ${contract.number} ${t.of} ${day(contract.signedOn)}`}</strong>
                  <span>{contract.address}</span>
                  <Link href={`/accounts/${contract.accountId}`}>{`${t.account} ${contract.accountNumber}`}</Link>
                </li>
              ))}
            </ul>
            <Action to="/accounts/link" label={t.link} />
            <h2>{t.applications}</h2>
            {viewer?.contractApplications.nodes.length === 0 && <p>{t.none}</p>}
            <ul className="list">
              {viewer?.contractApplications.nodes.map((application) => (
                <li key={application.id} className="row">
                  <ApplicationLink of={application} />
                  <State name="ApplicationState" of={application.state} />
                </li>
              ))}
            </ul>
            <Form onSubmit={begin} submit={t.create} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ApplicationLink({ of: { id, number, changedAt } }: { of: api.ApplicationHeadFragment }) {
  const t = useTexts(words);
  const { moment } = useFormat();
  return (
    <Link href={`/contract-applications/${id}`}>{number ? `№ ${number}` : `${t.draft} ${moment(changedAt)}`}</Link>
  );
}
