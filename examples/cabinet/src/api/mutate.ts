import type { TypedDocumentNode } from "@urql/core";
import { useCallback, useState } from "react";
import { useClient } from "urql";

import { useFaultTexts } from "../i18n.ts";
import type { ProblemFragment } from "./generated/graphql.ts";
import { fault, type Problem, refusals } from "./problems.ts";

/** What became of a mutation: its payload, or why there is none. */
export type Outcome<Payload> =
  | { readonly payload: Payload; readonly problems?: undefined }
  | { readonly payload?: undefined; readonly problems: readonly Problem[] };

/** The only mutation field of an operation. */
export type PayloadOf<Data> = NonNullable<Data[Exclude<keyof Data, "__typename">]> & {
  readonly errors: readonly ProblemFragment[];
};

/**
 * A mutation whose refusals and faults are values, and whether it runs.
 *
 *     const [rename, isBusy] = useMutate(RenameAccountDocument);
 *     const { payload, problems } = await rename({ input });
 */
export function useMutate<Data extends object, Variables extends object>(document: TypedDocumentNode<Data, Variables>) {
  const client = useClient();
  const texts = useFaultTexts();
  const [isBusy, setBusy] = useState(false);
  const mutate = useCallback(
    async (variables: Variables): Promise<Outcome<PayloadOf<Data>>> => {
      setBusy(true);
      try {
        const { data, error } = await client.mutation(document, variables).toPromise();
        if (!data) return { problems: [fault(error!, texts)] };
        const payload = Object.values(data).find((it) => typeof it === "object") as PayloadOf<Data>;
        return payload.errors.length ? { problems: refusals(payload.errors) } : { payload };
      } finally {
        setBusy(false);
      }
    },
    [client, document, texts],
  );
  return [mutate, isBusy] as const;
}
