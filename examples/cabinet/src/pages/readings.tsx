import { useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { useQuery } from "urql";

import {
  api,
  forget,
  isDecimal,
  isTemporary,
  isUncertain,
  once,
  type Problem,
  refusals,
  type Sending,
  useLabel,
  useMutate,
  useOutbox,
  usePreview,
  useSend,
} from "../api/index.ts";
import { texts, useFormat, useTexts } from "../i18n.ts";
import { AccountPicker, Confirm, Done, Facts, Field, Form, Loaded, Page, Problems, State } from "../ui/index.ts";
import { useAccount, useViewer } from "../viewer.tsx";
import { WindowText } from "./accounts.tsx";

// prettier-ignore
const words = texts(
  {
    title: "Ввод показаний", meter: "Прибор учёта", last: "Предыдущее", reading: "Показание", send: "Передать", kwh: "кВт·ч",
    photo: "Фото", number: "Введите число с экрана прибора.", consumption: "Расход", cost: "Примерно к начислению",
    usual: "Обычно около", suggested: "Может быть, вы имели в виду", sentBefore: "Передано", withdraw: "Отозвать",
    sure: "Показание перестанет учитываться. До выставления счёта можно передать другое.",
    done: "Показания приняты.", review: "Показания переданы, их проверит специалист.",
    unusual: "Расход необычный. Проверьте цифры: если всё верно, подтвердите.", confirm: "Всё верно, подтвердить",
    waits: "Ждёт связи: отправим сами, как только появится интернет.", later: "Отправим сами позже.", refused: "Не принято.", remove: "Убрать", empty: "Нет показаний для отправки.",
    former: "Прежние тарифные зоны", until: "по",
  },
  {
    title: "Send readings", meter: "Meter", last: "Last", reading: "Reading", send: "Send", kwh: "kWh",
    photo: "Photo", number: "Enter the number on the meter's display.", consumption: "Consumption", cost: "About to be charged",
    usual: "Usually about", suggested: "Perhaps you meant", sentBefore: "Sent", withdraw: "Take back",
    sure: "The reading will not count. You can send another until the month is billed.",
    done: "The readings are accepted.", review: "The readings are sent; a specialist checks them.",
    unusual: "An unusual consumption. Check the digits; if they are right, confirm.", confirm: "All right, confirm",
    waits: "Waiting for a connection: it is sent as soon as there is one.", later: "It is sent later by itself.", refused: "Not accepted.", remove: "Remove", empty: "There is no reading to send.",
    former: "Former tariff zones", until: "until",
  },
);

type Register = api.MeterFormFragment["registers"][number];
type Payload = api.SendReadingsMutation["readingsSubmit"];

export default function Readings() {
  const t = useTexts(words);
  const account = useAccount();
  return (
    <Page title={t.title}>
      <AccountPicker />
      <Outbox />
      {account && <OfAccount key={account.id} id={account.id} number={account.number} />}
    </Page>
  );
}

function OfAccount({ id, number }: { id: string; number: string }) {
  const query = useQuery({ query: api.ReadingFormDocument, variables: { accountId: id } });
  const refresh = () => query[1]({ requestPolicy: "network-only" });
  const [sent, setSent] = useState<readonly Payload[]>([]);
  return (
    <Loaded query={query}>
      {({ account }) =>
        account && (
          <>
            <WindowText of={account.readingWindow} />
            {sent.length > 0 && <Result of={sent.at(-1)!} />}
            {account.readingWindow.isOpen && (
              <Entry
                key={sent.length}
                accountId={id}
                accountNumber={number}
                meters={account.meters.filter((meter) => !meter.removedOn && !meter.reportsItself)}
                onSent={(payload) => {
                  setSent([...sent, payload]);
                  refresh();
                }}
              />
            )}
            <Sent meters={account.meters} onChanged={refresh} />
            <FormerZones meters={account.meters} />
          </>
        )
      }
    </Loaded>
  );
}

interface EntryProps {
  readonly accountId: string;
  readonly accountNumber: string;
  readonly meters: readonly api.MeterFormFragment[];
  readonly onSent: (payload: Payload) => void;
}

function Entry({ accountId, accountNumber, meters, onSent }: EntryProps) {
  const t = useTexts(words);
  const viewer = useViewer();
  const send = useSend();
  const [values, setValues] = useState<Record<string, string>>({});
  const [photos, setPhotos] = useState<Record<string, File>>({});
  const entries = Object.entries(values)
    .filter(([, value]) => value.trim())
    .map(([registerId, value]) => ({ registerId, value: value.trim() }));
  const canLook = entries.length > 0 && entries.every(({ value }) => isDecimal(value));
  const [looked] = usePreview(api.PreviewReadingsDocument, canLook ? { accountId, entries, allowPartial: true } : null);
  const preview = looked?.payload?.preview;

  async function submit(): Promise<readonly Problem[] | undefined> {
    if (!entries.length) return [{ field: "", message: t.empty, reason: "empty" }];
    const sending = {
      key: crypto.randomUUID(),
      viewerId: viewer!.id,
      accountId,
      accountNumber,
      takenAt: new Date().toISOString(),
      entries: entries.map((entry) => {
        const photo = photos[entry.registerId];
        return photo ? { ...entry, photo } : entry;
      }),
    };
    const { payload, problems } = (await send(sending)) ?? {};
    if (problems?.some(isTemporary)) return undefined; // it waits, and the page says so
    const refused = problems ?? payload?.entries?.flatMap(({ errors }) => refusals(errors)) ?? [];
    if (refused.length)
      await forget(sending.key); // it is shown here
    else if (payload) onSent(payload);
    // `entries.1.value` is the second of those sent; the field is named by its register
    return refused.map((problem) => ({
      ...problem,
      field: problem.field.replace(/^entries\.(\d+).*/, (_, index) => entries[index]!.registerId),
    }));
  }
  return (
    <Form onSubmit={submit} submit={t.send}>
      {meters.map((meter) => (
        <fieldset key={meter.id} className="field">
          <legend>{`${t.meter} № ${meter.serial}`}</legend>
          {meter.registers.map((register) => (
            <RegisterField
              key={register.id}
              of={register}
              preview={preview?.entries.find(({ registerId }) => registerId === register.id)}
              photo={photos[register.id]}
              onChange={(value) => setValues({ ...values, [register.id]: value })}
              onPhoto={(photo) => setPhotos({ ...photos, [register.id]: photo })}
            />
          ))}
        </fieldset>
      ))}
      <Total of={preview} />
    </Form>
  );
}

type Preview = NonNullable<NonNullable<api.PreviewReadingsQuery["readingsPreview"]>["preview"]>;

interface RegisterProps {
  readonly of: Register;
  readonly preview: Preview["entries"][number] | undefined;
  readonly photo: File | undefined;
  readonly onChange: (value: string) => void;
  readonly onPhoto: (photo: File) => void;
}

function RegisterField({ of: register, preview, photo, onChange, onPhoto }: RegisterProps) {
  const t = useTexts(words);
  const label = useLabel();
  const { about, quantity, day } = useFormat();
  const { id, zone, lastReading: last } = register;
  const unusual = preview?.findings[0];
  return (
    <div className="field">
      <Field
        name={id}
        label={`${t.reading}: ${label("Zone", zone).toLowerCase()}`}
        inputMode="decimal"
        autoComplete="off"
        onChange={onChange}
        validate={(value) => (value && !isDecimal(value) ? t.number : null)}
        hint={last && `${t.last}: ${quantity(last.value)} (${day(last.takenOn)})`}
      />
      {preview?.consumptionKwh && <small>{`${t.consumption}: ${quantity(preview.consumptionKwh)} ${t.kwh}`}</small>}
      {preview?.errors.map(({ message }) => (
        <small key={message}>{message}</small>
      ))}
      {unusual?.usualKwh && <small>{`${t.usual} ${about(unusual.usualKwh)} ${t.kwh}.`}</small>}
      {unusual?.suggestedValue && <small>{`${t.suggested} ${quantity(unusual.suggestedValue)}?`}</small>}
      <div className="actions">
        <FileTrigger
          acceptedFileTypes={["image/*"]}
          defaultCamera="environment"
          onSelect={(files) => files?.[0] && onPhoto(files[0])}
        >
          <Button aria-label={`${t.photo}: ${label("Zone", zone).toLowerCase()}`}>
            {t.photo} {photo && "✓"}
          </Button>
        </FileTrigger>
      </div>
    </div>
  );
}

function Total({ of }: { of: Preview | null | undefined }) {
  const t = useTexts(words);
  const { money } = useFormat();
  return of?.total ? <p aria-live="polite">{`${t.cost}: ${money(of.total)}`}</p> : null;
}

/** What came of a sending; what needs the person is in the outbox. */
function Result({ of }: { of: Payload }) {
  const t = useTexts(words);
  const statuses = new Set(of.entries?.map(({ status }) => status));
  if (statuses.has("NEEDS_CONFIRMATION")) return null;
  return <Done>{statuses.has("ON_REVIEW") ? t.review : t.done}</Done>;
}

/** What was sent last, and the way back until the month is billed. */
function Sent({ meters, onChanged }: { meters: readonly api.MeterFormFragment[]; onChanged: () => void }) {
  const t = useTexts(words);
  const label = useLabel();
  const { quantity, day } = useFormat();
  const [withdraw] = useMutate(api.WithdrawReadingDocument);
  const registers = meters.flatMap((meter) => meter.registers);
  if (!registers.some((it) => it.lastSubmittedReading)) return null;
  return (
    <section className="card" aria-labelledby="sent">
      <h2 id="sent">{t.sentBefore}</h2>
      {registers.map(
        ({ id, zone, lastSubmittedReading: reading }) =>
          reading && (
            <div key={id} className="field">
              <Facts of={[[`${label("Zone", zone)}, ${day(reading.takenOn)}`, quantity(reading.value)]]} />
              <div className="row">
                <State name="ReadingState" of={reading.state} />
                {["ACCEPTED", "NEEDS_CONFIRMATION", "ON_REVIEW"].includes(reading.state) && (
                  <Confirm
                    label={t.withdraw}
                    text={t.sure}
                    onConfirm={async () => {
                      const { problems } = await withdraw({ readingId: reading.id });
                      onChanged();
                      return problems;
                    }}
                  />
                )}
              </div>
            </div>
          ),
      )}
    </section>
  );
}

/** The zones in which meters counted before they were set to others, with their last readings. */
function FormerZones({ meters }: { meters: readonly api.MeterFormFragment[] }) {
  const t = useTexts(words);
  const label = useLabel();
  const { quantity, day } = useFormat();
  if (!meters.some(({ formerRegisters }) => formerRegisters.length)) return null;
  return (
    <section className="card" aria-labelledby="former">
      <h2 id="former">{t.former}</h2>
      {meters.map(({ serial, formerRegisters }) =>
        formerRegisters.map(({ id, zone, removedOn, readings }) => (
          <div key={id} className="field">
            <strong>{`${t.meter} № ${serial}: ${label("Zone", zone).toLowerCase()}, ${t.until} ${day(removedOn!)}`}</strong>
            <Facts
              of={readings.nodes.map(({ takenOn, value, state }) => [
                day(takenOn),
                <>
                  {state !== "ACCEPTED" && <State name="ReadingState" of={state} />} {quantity(value)}
                </>,
              ])}
            />
          </div>
        )),
      )}
    </section>
  );
}

/** What is on its way, or came back with a question; of all accounts. */
function Outbox() {
  const t = useTexts(words);
  const { moment } = useFormat();
  const waiting = useOutbox(useViewer()?.id).filter(({ waits, problems }) => waits || problems);
  return waiting.map((sending) => (
    <div key={sending.key} role="status" className={sending.problems?.length ? "note bad" : "note"}>
      <strong>
        {`№ ${sending.accountNumber}, ${moment(sending.takenAt as never)}: ${sending.entries.map(({ value }) => value).join(", ")}`}
      </strong>
      {sending.confirmToken ? (
        <Confirmation of={sending} token={sending.confirmToken} />
      ) : (
        <p>{sending.problems ? t.refused : isUncertain(sending.waits!) ? t.waits : t.later}</p>
      )}
      <Problems of={sending.problems} />
      {sending.problems && (
        <div className="actions">
          <Button onPress={() => void forget(sending.key)}>{t.remove}</Button>
        </div>
      )}
    </div>
  ));
}

function Confirmation({ of, token }: { of: Sending; token: string }) {
  const t = useTexts(words);
  const [confirm] = useMutate(api.ConfirmReadingsDocument);
  async function submit() {
    const { payload, problems } = await once("confirm", token, (idempotencyKey) =>
      confirm({ input: { token, idempotencyKey } }),
    );
    if (payload) await forget(of.key);
    return problems;
  }
  return (
    <Form submit={t.confirm} onSubmit={submit}>
      <p>{t.unusual}</p>
    </Form>
  );
}
