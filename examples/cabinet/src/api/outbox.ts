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
import { isUncertain, type Problem, refusals } from "./problems.ts";
import { useUpload } from "./uploads.ts";

export interface Sending {
  readonly key: string;
  readonly viewerId: string;
  readonly accountId: string;
  readonly accountNumber: string;
  readonly takenAt: string;
  readonly entries: readonly Entry[];
  /** Set after a try without an answer. */
  readonly waits?: boolean;
  /** Set by an answer that needs the person: refusals, or none and a token to confirm with. */
  readonly problems?: readonly Problem[];
  readonly confirmToken?: string | null;
}

interface Entry {
  readonly registerId: string;
  readonly value: string;
  readonly photo?: File;
  readonly photoUploadId?: string;
}

type Sent = Outcome<api.SendReadingsMutation["readingsSubmit"]>;

/** Keeps, sends, and tells what became of it; nothing if another tab has sent it meanwhile. */
export function useSend() {
  const [send] = useMutate(api.SendReadingsDocument);
  const upload = useUpload();
  return useCallback(
    async (sending: Sending): Promise<Sent | undefined> => {
      await keep(sending);
      return navigator.locks.request(STORE, async () => {
        const current = (await stored()).find(({ key }) => key === sending.key);
        if (!current) return undefined;
        const entries: Entry[] = [];
        for (const entry of current.entries) {
          const uploaded = entry.photo && !entry.photoUploadId ? await upload(entry.photo) : undefined;
          if (uploaded && "problem" in uploaded) return settle(current, { problems: [uploaded.problem] });
          entries.push(uploaded ? { ...entry, photoUploadId: uploaded.id } : entry);
        }
        // The photos' ids are part of what the key stands for, so they are kept before it is used.
        const ready = { ...current, entries };
        await keep(ready);
        return settle(ready, await send({ input: inputOf(ready) }));
      });
    },
    [send, upload],
  );
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
  if (refused.some(isUncertain)) await keep({ ...sending, waits: true });
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
