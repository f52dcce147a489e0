/**
 * Readings on their way: kept in the browser from the button until there is an answer.
 *
 * In a cellar there is no network, so a sending waits here with its photos and goes out later, also
 * after a reload. It has one idempotency key and one `takenAt` for ever: repeated, it counts once,
 * and for the day on which the display was read.
 */

import { useCallback, useEffect, useState } from "react";

import * as api from "./generated/graphql.ts";
import { type Outcome, useMutate } from "./mutate.ts";
import { isTemporary, type Problem, refusals } from "./problems.ts";
import { type Announced, useUpload } from "./uploads.ts";

export interface Sending {
  readonly key: string;
  readonly viewerId: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly takenAt: string;
  readonly entries: readonly Entry[];
  /** Set after a try that is repeated: why it failed. */
  readonly waits?: Problem;
  /** Set by an answer that needs the person: refusals, or none and a token to confirm with. */
  readonly problems?: readonly Problem[];
  readonly confirmToken?: string | null;
}

interface Entry {
  readonly registerId: string;
  readonly value: string;
  readonly photo?: File;
  /** The photo's upload, once it is announced; then its id, once the file is there. */
  readonly announced?: Announced | undefined;
  readonly photoUploadId?: string | undefined;
}

type Sent = Outcome<api.SendReadingsMutation["readingsSubmit"]>;

/** Keeps, sends, and tells what became of it. */
export function useSend() {
  const deliver = useDeliver();
  return useCallback(
    async (sending: Sending): Promise<Sent | undefined> => {
      await keep(sending);
      return deliver(sending.key);
    },
    [deliver],
  );
}

/** Sends what waits of a person, one after the other. */
export function useResend() {
  const deliver = useDeliver();
  return useCallback(
    async (viewerId: string) => {
      for (const sending of await stored()) if (sending.viewerId === viewerId) await deliver(sending.key);
    },
    [deliver],
  );
}

/** Sends what is kept under a key; nothing if it was sent meanwhile, here or by another tab. */
function useDeliver() {
  const [send] = useMutate(api.SendReadingsDocument);
  const upload = useUpload();
  return useCallback(
    (key: string): Promise<Sent | undefined> =>
      navigator.locks.request(STORE, async () => {
        let sending = (await stored()).find((it) => it.key === key);
        if (!sending || sending.problems) return undefined;
        const uploadedBefore = sending.entries.flatMap((entry) => (entry.photoUploadId ? entry.registerId : []));
        for (const { registerId, photo, photoUploadId, announced } of sending.entries) {
          if (!photo || photoUploadId) continue;
          // Each step is kept: the next try goes on from there, and doesn't use up the day's files.
          const step = async (photoOf: Partial<Entry>) => keep((sending = withPhoto(sending!, registerId, photoOf)));
          const uploaded = await upload(photo, undefined, { announced, keep: (it) => step({ announced: it }) });
          if ("problem" in uploaded) {
            if (uploaded.problem.reason === "UPLOAD_NOT_FOUND") await step({ announced: undefined });
            return settle(sending, { problems: [uploaded.problem] });
          }
          // The photos' ids are part of what the key stands for, so they are kept before it is used.
          await step({ photoUploadId: uploaded.id });
        }
        const outcome = await send({ input: inputOf(sending) });
        return settle(sending, await withoutExpired(uploadedBefore, sending, outcome));
      }),
    [send, upload],
  );
}

const withPhoto = (sending: Sending, registerId: string, photoOf: Partial<Entry>): Sending => ({
  ...sending,
  entries: sending.entries.map((entry) => (entry.registerId === registerId ? { ...entry, ...photoOf } : entry)),
});

/**
 * Photos that were uploaded but not used are deleted after a day: their readings, which were refused,
 * are sent again with the photos, and with another key, as that is another input.
 */
async function withoutExpired(uploadedBefore: readonly string[], sending: Sending, outcome: Sent): Promise<Sent> {
  const expired = outcome.payload?.entries?.filter(
    ({ registerId, errors }) =>
      uploadedBefore.includes(registerId) && errors.some(({ reason }) => reason === "PHOTO_UNUSABLE"),
  );
  if (!expired?.length) return outcome;
  const isExpired = (of: { registerId: string }) => expired.some(({ registerId }) => registerId === of.registerId);
  const entries = sending.entries
    .filter(isExpired)
    .map((entry) => ({ ...entry, announced: undefined, photoUploadId: undefined }));
  await keep({ ...sending, key: crypto.randomUUID(), entries, waits: refusals(expired[0]!.errors)[0]! });
  const others = outcome.payload!.entries!.filter((it) => !isExpired(it));
  return { payload: { ...outcome.payload!, entries: others } };
}

const inputOf = ({ accountId, takenAt, key, entries }: Sending): api.ReadingsSubmitInput => ({
  accountId,
  takenAt,
  idempotencyKey: key,
  allowPartial: true,
  entries: entries.map(({ registerId, value, photoUploadId = null }) => ({ registerId, value, photoUploadId })),
});

async function settle(sending: Sending, outcome: Sent): Promise<Sent> {
  const { payload, problems } = outcome;
  const refused = problems ?? payload.entries?.flatMap(({ errors }) => refusals(errors)) ?? [];
  const waits = refused.find(isTemporary);
  if (waits) await keep({ ...sending, waits });
  else if (refused.length || payload?.confirmToken)
    await keep({ ...sending, problems: refused, confirmToken: payload?.confirmToken ?? null });
  else await forget(sending.key);
  return outcome;
}

/** What waits, of this person; `viewerId` tells people apart who share a device. */
export function useOutbox(viewerId: string | undefined): readonly Sending[] {
  const [all, setAll] = useState<readonly Sending[]>([]);
  useEffect(() => {
    const read = () => void stored().then(setAll, () => undefined);
    read();
    changes.addEventListener("change", read);
    return () => changes.removeEventListener("change", read);
  }, []);
  return all.filter((sending) => sending.viewerId === viewerId);
}

const changes = new EventTarget();

const keep = (sending: Sending) => write((store) => store.put(sending));
export const forget = (key: string) => write((store) => store.delete(key));

async function stored(): Promise<Sending[]> {
  const database = await opened();
  return result(database.transaction(STORE).objectStore(STORE).getAll());
}

async function write(change: (store: IDBObjectStore) => IDBRequest) {
  const database = await opened();
  await result(change(database.transaction(STORE, "readwrite").objectStore(STORE)));
  changes.dispatchEvent(new Event("change"));
}

const STORE = "readings";
let database: Promise<IDBDatabase> | undefined;

function opened(): Promise<IDBDatabase> {
  if (!database) {
    const request = indexedDB.open("lk-outbox", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    database = result(request);
  }
  return database;
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
