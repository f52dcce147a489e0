import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useEffect, useState } from "react";

import { type Outcome, type PayloadOf, useMutate } from "./mutate.ts";

/**
 * What the API says to an input before it is sent, asked when the person pauses. `null` asks nothing.
 *
 * Seam: previews are mutations that save nothing; as queries they will need `useQuery` and a pause.
 */
export function usePreview<Data extends object, Input>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input | null,
) {
  const [look] = useMutate(document);
  const [outcome, setOutcome] = useState<Outcome<PayloadOf<Data>>>();
  const [attempt, setAttempt] = useState(0);
  const text = JSON.stringify(input);
  useEffect(() => {
    setOutcome(undefined);
    let isOld = text === "null";
    const timer = setTimeout(async () => {
      const answer = isOld ? undefined : await look({ input: JSON.parse(text) as Input });
      if (!isOld) setOutcome(answer);
    }, 500);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, look, attempt]);
  return [outcome, useCallback(() => setAttempt((count) => count + 1), [])] as const;
}
