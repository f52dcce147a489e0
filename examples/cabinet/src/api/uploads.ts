import { useCallback, useRef } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import { filter, fromPromise, interval, map, merge, mergeMap, pipe, take, toPromise } from "wonka";

import { useFaultTexts } from "../i18n.ts";
import { apiUrl } from "./client.ts";
import * as api from "./generated/graphql.ts";
import { useMutate } from "./mutate.ts";
import { POLLING } from "./polling.ts";
import { fault, faultKind, type Problem } from "./problems.ts";

/** What became of a file: the id that a mutation takes, or why not. */
export type Uploaded = { readonly id: string } | { readonly problem: Problem };

/** An upload that awaits the file: after an interruption it is sent to the same address. */
export interface Announced {
  readonly id: string;
  readonly url: string;
}

/** An upload that outlives the page: what is known of it, and where that is kept. */
interface Kept {
  readonly announced?: Announced | undefined;
  readonly keep: (announced: Announced) => Promise<void>;
}

/** Sends a file: announce, PUT with progress, wait for the scanner. */
export function useUpload() {
  const client = useClient();
  const [announce] = useMutate(api.AnnounceUploadDocument);
  const texts = useFaultTexts();

  const upload = async (file: File, onProgress?: (share: number) => void, kept?: Kept): Promise<Uploaded> => {
    let announced = kept?.announced;
    if (!announced) {
      const input = { fileName: file.name, contentType: file.type, size: file.size };
      const { payload, problems } = await announce({ input });
      if (!payload) return { problem: problems[0]! };
      announced = { id: payload.upload!.id, url: payload.url! };
      await kept?.keep(announced);
    }
    const { id, url } = announced;
    const refused = await put(apiUrl(url), file, texts, onProgress);
    // The address is used up also when the file has arrived and only the answer to that was lost.
    if (refused && refused.reason !== "UPLOAD_NOT_FOUND") return { problem: refused };
    const { scanned, error } = await outcome(client, id);
    if (error) return { problem: fault(error, texts) };
    const { state, refusal, refusalMessage } = scanned ?? {};
    if (refusal) return { problem: problem(refusal, refusalMessage!) };
    return state === "READY" ? { id } : { problem: refused ?? problem("broken", texts.broken) };
  };
  const current = useRef(upload);
  current.current = upload;
  return useCallback((...of: Parameters<typeof upload>) => current.current(...of), []);
}

interface Outcome {
  readonly scanned?: api.UploadStateFragment | null | undefined;
  readonly error?: CombinedError | undefined;
}

/** What became of the file: told by a live update, or asked for where none comes, as WebSockets may be blocked. */
function outcome(client: Client, id: string): Promise<Outcome> {
  const live = pipe(
    client.subscription(api.UploadChangedDocument, { id }),
    filter(({ error }) => !error), // then only asking is left
    map(({ data }): Outcome => ({ scanned: data?.uploadChanged })),
  );
  const polled = pipe(
    interval(POLLING),
    mergeMap(() =>
      fromPromise(client.query(api.UploadNowDocument, { id }, { requestPolicy: "network-only" }).toPromise()),
    ),
    filter(({ error }) => !error || !["offline", "busy"].includes(faultKind(error))),
    map(({ data, error }): Outcome => ({
      error,
      scanned: data?.node && "state" in data.node ? (data.node as api.UploadStateFragment) : null,
    })),
  );
  return pipe(
    merge([live, polled]),
    filter(({ scanned }) => !isUnderway(scanned?.state)),
    take(1),
    toPromise,
  );
}

const isUnderway = (state: api.UploadState | undefined) => state === "RECEIVING" || state === "SCANNING";

const problem = (reason: string, message: string): Problem => ({ field: "", reason, message });

type FaultTexts = ReturnType<typeof useFaultTexts>;

/** PUT by XMLHttpRequest, as fetch tells no progress. Resolves to why the file didn't arrive. */
function put(url: string, file: File, texts: FaultTexts, onProgress?: (share: number) => void) {
  return new Promise<Problem | undefined>((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / total);
    request.onload = () => resolve(request.status === 204 ? undefined : problemOf(request, texts));
    request.onerror = () => resolve(problem("offline", texts.offline));
    request.open("PUT", url);
    request.send(file);
  });
}

/** The first error of a payload's form; an outage, or the answer of something before the API, has none. */
function problemOf({ status, responseText }: XMLHttpRequest, texts: FaultTexts): Problem {
  if (status === 429 || status >= 500) return problem("busy", texts.busy);
  try {
    const [{ reason, message }] = JSON.parse(responseText).errors;
    return problem(reason, message);
  } catch {
    return problem("offline", texts.offline);
  }
}
