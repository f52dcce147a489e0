import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useClient, useQuery } from "urql";

import { api, isDecimal, isUncertain, type Problem, useLabel, useOptions, useMutate } from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import {
  Confirm,
  Field,
  FilePicker,
  Form,
  Loaded,
  Page,
  Problems,
  Select,
  State,
  useAttachments,
  type Values,
} from "../ui/index.ts";
import { useDraft } from "../viewer.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Заявка на договор", objects: "Объекты", object: "Объект", add: "Добавить объект", remove: "Убрать объект",
    address: "Адрес", kind: "Вид объекта", power: "Мощность, кВт", purpose: "Цель использования",
    documents: "Документы", attach: "Загрузить", detach: "Убрать", missing: "Осталось указать", submit: "Подать заявку",
    saving: "Сохраняем…", saved: "Всё сохранено", unsaved: "Не сохранено", withdraw: "Отозвать заявку", sure: "Заявка не будет рассмотрена.",
    history: "Ход рассмотрения", answer: "Ваш ответ", send: "Ответить", number: "Введите число.",
    steps: { CREATED: "Создана", SUBMITTED: "Подана", CLAIMED: "Взята в работу", ASKED: "Вопрос", ANSWERED: "Ответ", APPROVED: "Одобрена", DECLINED: "Отклонена", WITHDRAWN: "Отозвана" },
  },
  {
    title: "Application for a contract", objects: "Objects", object: "Object", add: "Add an object", remove: "Remove the object",
    address: "Address", kind: "Kind", power: "Power, kW", purpose: "Purpose",
    documents: "Documents", attach: "Upload", detach: "Remove", missing: "Still missing", submit: "Submit",
    saving: "Saving…", saved: "All is saved", unsaved: "Not saved", withdraw: "Withdraw the application", sure: "It will not be considered.",
    history: "History", answer: "Your answer", send: "Answer", number: "Enter a number.",
    steps: { CREATED: "Created", SUBMITTED: "Submitted", CLAIMED: "Taken up", ASKED: "A question", ANSWERED: "Answered", APPROVED: "Approved", DECLINED: "Declined", WITHDRAWN: "Withdrawn" },
  },
);

export default function Application({ params: { id } }: { params: { id: string } }) {
  const t = useTexts(words);
  const query = useQuery({ query: api.ApplicationPageDocument, variables: { id } });
  return (
    <Page title={t.title} back="/contracts">
      <Loaded query={query}>
        {({ contractApplication: application, publicSettings: { contractRules } }) =>
          application && (
            <>
              <State name="ApplicationState" of={application.state} />
              {application.reason && <p className="note">{application.reason}</p>}
              {application.state === "DRAFT" && <Draft of={application} rules={contractRules} />}
              {application.state === "QUESTION" && <Answer id={id} />}
              {application.state !== "DRAFT" && <Submitted of={application} />}
              {["DRAFT", "SUBMITTED", "IN_REVIEW", "QUESTION"].includes(application.state) && <Withdraw id={id} />}
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

interface DraftProps {
  readonly of: api.ApplicationFragment;
  readonly rules: api.ApplicationPageQuery["publicSettings"]["contractRules"];
}

function Draft({ of: application, rules }: DraftProps) {
  const t = useTexts(words);
  const label = useLabel();
  const { places, change, problems, isSaved, saveNow } = useAutosave(application);
  const [submit] = useMutate(api.SubmitApplicationDocument);
  const gaps = [...new Set(application.missing.map(({ gap }) => label("Gap", gap)))];
  return (
    <>
      <p className="quiet" role="status">
        {isSaved ? `✓ ${t.saved}` : problems ? t.unsaved : t.saving}
      </p>
      <h2>{t.objects}</h2>
      {places.map((place, index) => (
        <Place
          key={index}
          title={`${t.object} ${index + 1}`}
          of={place}
          onChange={(by) => change(places.with(index, { ...place, ...by }))}
          onRemove={() => change(places.toSpliced(index, 1))}
        />
      ))}
      <Problems of={problems} />
      <div className="actions">
        {places.length < rules.mostObjects && (
          <Button onPress={() => change([...places, { address: "" }])}>{t.add}</Button>
        )}
      </div>
      <h2>{t.documents}</h2>
      <Documents of={application} rules={rules} />
      {gaps.length > 0 ? (
        <p className="note">{`${t.missing}: ${gaps.join(", ")}.`}</p>
      ) : (
        <Form
          submit={t.submit}
          onSubmit={async () => {
            const { id: applicationId, version, problems } = await saveNow();
            return problems ?? (await submit({ input: { applicationId, version } })).problems;
          }}
        />
      )}
    </>
  );
}

type Places = readonly api.ContractPlaceInput[];

const placesOf = ({ objects }: api.ApplicationFragment): Places =>
  objects.map(({ address, fiasId, kind, powerKw, purpose }) => ({ address, fiasId, kind, powerKw, purpose }));

const isSame = (one: Places, other: Places) => JSON.stringify(one) === JSON.stringify(other);

const hasSamePlaces = (one: api.ApplicationFragment, other: api.ApplicationFragment) =>
  isSame(placesOf(one), placesOf(other));

/** Changes that weren't saved when the page was closed, and what the API had then. */
interface Unsaved {
  readonly places: Places;
  readonly known: Places;
}

/**
 * Saves the objects shortly after each change, one request at a time: each needs the version that
 * the one before has returned. A save without an answer is repeated, a refused one waits for a change.
 */
function useAutosave(application: api.ApplicationFragment) {
  const draft = useDraft<Unsaved>(`application.${application.id}`);
  const [saved, setSaved] = useState(() => placesOf(application));
  // What another window has saved since then isn't overwritten.
  const [places, setPlaces] = useState(() =>
    draft.kept && isSame(draft.kept.known, saved) ? draft.kept.places : saved,
  );
  const [problems, setProblems] = useState<readonly Problem[]>();
  const save = useSave(application);
  const latest = useRef({ places, saved });
  latest.current.places = places;
  const running = useRef<Promise<readonly Problem[] | undefined>>(undefined);

  const keep = (fresh: Places) => draft.keep({ places: fresh, known: placesOf(save.known()) });
  function become(fresh: Places) {
    latest.current.saved = fresh;
    setSaved(fresh);
    if (latest.current.places !== fresh) keep(latest.current.places);
  }
  async function saveAll() {
    while (latest.current.saved !== latest.current.places) {
      const sent = latest.current.places;
      const found = await save.send(sent.map(sendable));
      setProblems(found);
      if (!found) become(sent);
      else if (sent === latest.current.places) return found;
    }
    return undefined;
  }
  const flush = () => (running.current ??= saveAll().finally(() => (running.current = undefined)));

  const isSaved = saved === places;
  const isRefused = problems && !problems.some(isUncertain);
  useEffect(() => {
    if (isSaved || isRefused) return;
    const timer = setTimeout(flush, problems ? 5_000 : 700);
    return () => clearTimeout(timer);
  }, [places, isSaved, isRefused, problems]);
  useEffect(() => () => void flush(), []);
  useEffect(() => {
    if (isSaved) draft.forget();
  }, [isSaved, draft]);
  useEffect(() => {
    // The next moment this tab may be closed.
    const saveHidden = () => document.visibilityState === "hidden" && void flush();
    document.addEventListener("visibilitychange", saveHidden);
    return () => document.removeEventListener("visibilitychange", saveHidden);
  }, []);
  useEffect(() => {
    // Saved elsewhere, while nothing here is unsaved.
    if (!isSaved || !save.accept(application)) return;
    const fresh = placesOf(application);
    setPlaces(fresh);
    become(fresh);
  }, [application, isSaved]);
  return {
    places,
    change(fresh: Places) {
      setPlaces(fresh);
      setProblems(undefined);
      keep(fresh);
    },
    problems,
    isSaved,
    /** What may be submitted: the version with all changes, or why they couldn't be saved. */
    saveNow: async () => ({ problems: await flush(), ...save.known() }),
  };
}

/** Requests that save the objects, each with the version of the application as it is known here. */
function useSave(application: api.ApplicationFragment) {
  const client = useClient();
  const [save] = useMutate(api.SaveApplicationDocument);
  const known = useRef(application);
  /** Without an answer it is unknown whether the version has changed by a save from here. */
  const lacksAnswer = useRef(false);

  async function send(objects: api.ContractPlaceInput[]): Promise<readonly Problem[] | undefined> {
    const { id, version } = known.current;
    const { payload, problems } = await save({ input: { applicationId: id, version, objects } });
    if (payload) known.current = payload.application!;
    lacksAnswer.current = problems?.some(isUncertain) || (lacksAnswer.current && !payload);
    if (!problems?.some(({ reason }) => reason === "VERSION_OUTDATED")) return problems;
    const read = client.query(api.ApplicationPageDocument, { id }, { requestPolicy: "network-only" });
    const fresh = (await read.toPromise()).data?.contractApplication;
    // A document was added, or the answer to a save was lost. If not, another window has changed the objects.
    if (!fresh || !(lacksAnswer.current || hasSamePlaces(fresh, known.current))) return problems;
    known.current = fresh;
    lacksAnswer.current = false;
    return send(objects);
  }
  return {
    send,
    known: () => known.current,
    /** Takes a newer version; whether its objects are others. */
    accept(newer: api.ApplicationFragment) {
      if (newer.version <= known.current.version) return false;
      const isChanged = !hasSamePlaces(newer, known.current);
      known.current = newer;
      return isChanged;
    },
  };
}

/** What isn't a number yet is left out, so that the rest is saved. */
function sendable(place: api.ContractPlaceInput): api.ContractPlaceInput {
  return { ...place, powerKw: isDecimal(place.powerKw ?? "") ? place.powerKw! : null };
}

interface PlaceProps {
  readonly title: string;
  readonly of: api.ContractPlaceInput;
  readonly onChange: (by: Partial<api.ContractPlaceInput>) => void;
  readonly onRemove: () => void;
}

function Place({ title, of, onChange, onRemove }: PlaceProps) {
  const t = useTexts(words);
  const kinds = useOptions("ObjectKind");
  return (
    <fieldset className="card">
      <legend className="hidden">{title}</legend>
      <Field
        label={t.address}
        value={of.address}
        onChange={(address) => onChange({ address })}
        autoComplete="street-address"
      />
      <Select
        label={t.kind}
        value={of.kind ?? null}
        onChange={(kind) => onChange({ kind: kind as api.ObjectKind })}
        options={kinds}
      />
      <Field
        label={t.power}
        inputMode="decimal"
        value={of.powerKw ?? ""}
        onChange={(powerKw) => onChange({ powerKw: powerKw || null })}
        {...(of.powerKw && !isDecimal(of.powerKw) && { hint: t.number })}
      />
      <Field label={t.purpose} value={of.purpose ?? ""} onChange={(purpose) => onChange({ purpose })} />
      <div className="actions">
        <Button className="quiet" onPress={onRemove}>
          {t.remove}
        </Button>
      </div>
    </fieldset>
  );
}

/** A button for each demanded kind, and for any other. */
function Documents({ of: application, rules }: DraftProps) {
  const label = useLabel();
  return (
    <ul className="list">
      {[...rules.demandedDocuments, "OTHER" as const].map((kind) => (
        <li key={kind}>
          <strong>{label("ContractDocumentKind", kind)}</strong>
          <DocumentsOfKind of={application} kind={kind} />
        </li>
      ))}
    </ul>
  );
}

function DocumentsOfKind({ of: application, kind }: { of: api.ApplicationFragment; kind: api.ContractDocumentKind }) {
  const t = useTexts(words);
  const { files, add } = useAttachments();
  const [attach] = useMutate(api.AttachDocumentDocument);
  const [detach] = useMutate(api.DetachDocumentDocument);
  const [problems, setProblems] = useState<readonly Problem[]>();
  async function choose(file: File) {
    const uploadId = await add(file);
    if (!uploadId) return;
    const outcome = await attach({ input: { applicationId: application.id, kind, uploadId } });
    setProblems(outcome.problems);
  }
  return (
    <>
      {application.documents
        .filter((document) => document.kind === kind)
        .map(({ upload: { id: uploadId, fileName } }) => (
          <div key={uploadId} className="row">
            {fileName}
            <Button
              className="quiet"
              aria-label={`${t.detach}: ${fileName}`}
              onPress={async () =>
                setProblems((await detach({ input: { applicationId: application.id, uploadId } })).problems)
              }
            >
              {t.detach}
            </Button>
          </div>
        ))}
      {files
        .filter(({ id }) => !id)
        .map((file) =>
          file.problem ? (
            <p key={file.key} role="alert" className="react-aria-FieldError">{`${file.name}: ${file.problem}`}</p>
          ) : (
            <progress key={file.key} value={file.share} aria-label={file.name} />
          ),
        )}
      <Problems of={problems} />
      <FilePicker label={t.attach} onChosen={choose} />
    </>
  );
}

function Submitted({ of }: { of: api.ApplicationFragment }) {
  const t = useTexts(words);
  const label = useLabel();
  const { moment } = useFormat();
  return (
    <>
      <section className="card">
        <h2>{t.objects}</h2>
        <ul>
          {of.objects.map(({ address, kind, powerKw, purpose }) => (
            <li key={address}>
              {[address, kind && label("ObjectKind", kind), powerKw && `${powerKw} kW`, purpose]
                .filter(Boolean)
                .join(", ")}
            </li>
          ))}
        </ul>
      </section>
      <section className="card">
        <h2>{t.history}</h2>
        <ul>
          {of.timeline.map(({ kind, text, happenedAt }) => (
            <li key={happenedAt + kind}>
              <small>{moment(happenedAt)}</small> {t.steps[kind]}
              {text && `: ${text}`}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Answer({ id }: { id: string }) {
  const t = useTexts(words);
  const draft = useDraft<Values>(`answer.${id}`);
  const [answer] = useMutate(api.AnswerQuestionDocument);
  const submit = async ({ text = "" }: Values) => (await answer({ input: { applicationId: id, text } })).problems;
  return (
    <Form onSubmit={submit} submit={t.send} draft={draft}>
      <Field name="text" label={t.answer} rows={3} defaultValue={draft.kept?.text ?? ""} isRequired />
    </Form>
  );
}

function Withdraw({ id }: { id: string }) {
  const t = useTexts(words);
  const [withdraw] = useMutate(api.WithdrawApplicationDocument);
  return (
    <Confirm
      label={t.withdraw}
      text={t.sure}
      onConfirm={async () => (await withdraw({ applicationId: id })).problems}
    />
  );
}
