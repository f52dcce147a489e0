import type { TypedDocumentNode } from "@urql/core";
import { useEffect, useState } from "react";
import { useQuery } from "urql";

import { useFaultTexts } from "../i18n.ts";
import type { Outcome, PayloadOf } from "./mutate.ts";
import { fault, refusals } from "./problems.ts";

/** What the API says to an input before it is sent, asked when the person pauses. `null` asks nothing. */
export function usePreview<Data extends object, Input>(
  document: TypedDocumentNode<Data, { input: Input }>,
  input: Input | null,
): readonly [Outcome<PayloadOf<Data>> | undefined, () => void] {
  const text = JSON.stringify(input);
  const [asked, setAsked] = useState("null");
  const texts = useFaultTexts();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), 500);
    return () => clearTimeout(timer);
  }, [text]);
  const [{ data, error, fetching }, again] = useQuery({
    query: document,
    variables: { input: JSON.parse(asked) as Input },
    pause: asked === "null",
    requestPolicy: "network-only",
  });
  const isCurrent = asked === text && asked !== "null" && !fetching;
  return [isCurrent ? outcome() : undefined, again];

  function outcome(): Outcome<PayloadOf<Data>> | undefined {
    if (error && !data) return { problems: [fault(error, texts)] };
    const payload = data && (Object.values(data).find((it) => it && typeof it === "object") as PayloadOf<Data>);
    return payload?.errors.length ? { problems: refusals(payload.errors) } : payload && { payload };
  }
}
