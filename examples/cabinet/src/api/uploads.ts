import { useCallback, useRef } from "react";
import { useClient } from "urql";
import { filter, pipe, take, toPromise } from "wonka";

import { useFaultTexts } from "../i18n.ts";
import { apiUrl } from "./client.ts";
import * as api from "./generated/graphql.ts";
import { useMutate } from "./mutate.ts";
import { fault, type Problem } from "./problems.ts";

/** What became of a file: the id that a mutation takes, or why not. */
export type Uploaded = { readonly id: string } | { readonly problem: Problem };

/** Sends a file: announce, PUT with progress, wait for the scanner. */
export function useUpload() {
  const client = useClient();
  const [announce] = useMutate(api.AnnounceUploadDocument);
  const texts = useFaultTexts();

  const upload = async (file: File, onProgress?: (share: number) => void): Promise<Uploaded> => {
    const input = { fileName: file.name, contentType: file.type, size: file.size };
    const { payload, problems } = await announce({ input });
    if (!payload) return { problem: problems[0]! };
    const { id } = payload.upload!;
    const refused = await put(apiUrl(payload.url!), file, onProgress);
    if (refused)
      return { problem: refused.text ? problem("refused", refused.text) : problem("offline", texts.offline) };
    const { data, error } = await pipe(
      client.subscription(api.UploadChangedDocument, { id }),
      filter(({ data, error }) => Boolean(error) || isOver(data?.uploadChanged?.state)),
      take(1),
      toPromise,
    );
    if (error) return { problem: fault(error, texts) };
    const { refusal, refusalMessage } = data!.uploadChanged!;
    return refusal ? { problem: problem(refusal, refusalMessage!) } : { id };
  };
  const current = useRef(upload);
  current.current = upload;
  return useCallback((...of: Parameters<typeof upload>) => current.current(...of), []);
}

const isOver = (state: api.UploadState | undefined) => state === "READY" || state === "REFUSED";

const problem = (reason: string, message: string): Problem => ({ field: "", reason, message });

/** PUT by XMLHttpRequest, as fetch tells no progress. Resolves to a refusal, without text if there was no answer. */
function put(url: string, file: File, onProgress?: (share: number) => void) {
  return new Promise<{ text: string } | undefined>((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(loaded / total);
    request.onload = () => resolve(request.status === 204 ? undefined : { text: textOf(request) });
    request.onerror = () => resolve({ text: "" });
    request.open("PUT", url);
    request.send(file);
  });
}

/** The first error of a payload's form. */
function textOf({ responseText }: XMLHttpRequest): string {
  try {
    return JSON.parse(responseText).errors[0].message;
  } catch {
    return "";
  }
}
