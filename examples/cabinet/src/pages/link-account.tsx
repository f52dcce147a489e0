import { useState } from "react";
import { Button } from "react-aria-components";
import { useQuery } from "urql";
import { useLocation } from "wouter";

import { api, useLabel, useMutate } from "../api/index.ts";
import { texts, useTexts } from "../i18n.ts";
import { Choice, Facts, Field, Form, Loaded, Page, type Values } from "../ui/index.ts";
import { chooseAccount } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Подключение лицевого счёта", type: "Тип абонента", next: "Вперёд", save: "Сохранить", back: "Назад",
    step: "Шаг", of: "из", required: "Поля со звёздочкой обязательны.", proof: "Чем подтвердить",
    business: "Счета юридических лиц подключает офис: позвоните нам.",
    check: "Проверьте, что это ваш счёт.", number: "Лицевой счёт", address: "Адрес", holder: "Абонент",
  },
  {
    title: "Link an account", type: "Subscriber type", next: "Next", save: "Save", back: "Back",
    step: "Step", of: "of", required: "Fields with an asterisk are required.", proof: "Proof",
    business: "Accounts of businesses are linked by our office: please call us.",
    check: "Make sure that it is your account.", number: "Account", address: "Address", holder: "Holder",
  },
);

type Preview = NonNullable<api.PreviewLinkMutation["accountLinkPreview"]["preview"]>;

/** Three steps, as in the manual: the type, the data, a look at the masked account. */
export default function LinkAccount() {
  const t = useTexts(words);
  const query = useQuery({ query: api.LinkFormDocument });
  const [type, setType] = useState<api.SubscriberType>();
  const [found, setFound] = useState<{ preview: Preview; values: Values }>();
  const step = found ? 3 : type ? 2 : 1;
  return (
    <Page title={t.title} back="/">
      <p className="quiet" role="status">
        {t.step} {step} {t.of} 3
      </p>
      <Loaded query={query}>
        {({ publicSettings: { linkFields } }) =>
          found ? (
            <Review {...found} onBack={() => setFound(undefined)} />
          ) : type ? (
            <Data form={linkFields} type={type} onFound={setFound} onBack={() => setType(undefined)} />
          ) : (
            <Type of={linkFields.subscriberTypes} onChosen={setType} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Type({ of, onChosen }: { of: readonly api.SubscriberType[]; onChosen: (type: api.SubscriberType) => void }) {
  const t = useTexts(words);
  const label = useLabel();
  async function submit({ type }: Values) {
    onChosen(type as api.SubscriberType);
    return undefined;
  }
  return (
    <Form onSubmit={submit} submit={t.next}>
      <Choice
        name="type"
        label={t.type}
        defaultValue={of[0]!}
        options={of.map((type) => [type, label("SubscriberType", type)])}
      />
      {!of.includes("BUSINESS") && <p className="quiet">{t.business}</p>}
    </Form>
  );
}

interface DataProps {
  readonly form: api.LinkFormQuery["publicSettings"]["linkFields"];
  readonly type: api.SubscriberType;
  readonly onFound: (found: { preview: Preview; values: Values }) => void;
  readonly onBack: () => void;
}

/** The fields come from the API: their names are the paths in the input, `proof.billTotal`. */
function Data({ form, type, onFound, onBack }: DataProps) {
  const t = useTexts(words);
  const [look] = useMutate(api.PreviewLinkDocument);
  const proofs = form.fields.filter(({ isProof }) => isProof);
  const [proof, setProof] = useState(proofs[0]!.path);
  const inputs = (of: typeof form.fields) =>
    of.map(({ path, label, hint }) => <Field key={path} name={path} label={`${label} *`} hint={hint} isRequired />);

  async function submit(values: Values) {
    const { accountNumber = "", surname = "" } = values;
    const key = proof.replace("proof.", "") as keyof api.AccountProofInput;
    const { payload, problems } = await look({
      input: {
        subscriberType: type,
        accountNumber,
        surname,
        proof: { [key]: values[proof] ?? "" } as api.AccountProofInput,
      },
    });
    if (payload) onFound({ preview: payload.preview!, values });
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.next} actions={<Button onPress={onBack}>{t.back}</Button>}>
      <p className="quiet">{t.required}</p>
      {inputs(form.fields.filter(({ isProof }) => !isProof))}
      <Choice
        label={t.proof}
        value={proof}
        onChange={setProof}
        options={proofs.map(({ path, label }) => [path, label])}
      />
      {inputs(proofs.filter(({ path }) => path === proof))}
    </Form>
  );
}

function Review({ preview, values, onBack }: { preview: Preview; values: Values; onBack: () => void }) {
  const t = useTexts(words);
  const [save] = useMutate(api.SaveLinkDocument);
  const [, go] = useLocation();
  async function submit() {
    const { payload, problems } = await save({ token: preview.token });
    if (payload) {
      chooseAccount(payload.account!.id);
      go("/");
    }
    return problems;
  }
  return (
    <Form onSubmit={submit} submit={t.save} actions={<Button onPress={onBack}>{t.back}</Button>}>
      <p>{t.check}</p>
      <Facts
        of={[
          [t.number, values.accountNumber],
          [t.address, preview.maskedAddress],
          [t.holder, preview.maskedHolder],
        ]}
      />
    </Form>
  );
}
