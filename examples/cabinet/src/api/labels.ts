/** Words for the values of enums, which the API knows in both languages; asked for once. */

import { useMemo } from "react";
import { useQuery } from "urql";

import { EnumLabelsDocument } from "./generated/graphql.ts";

/** All values of an enum with their words, in the API's order; none until they are loaded. */
export function useOptions(name: string): [value: string, label: string][] {
  const [{ data }] = useQuery({ query: EnumLabelsDocument, requestPolicy: "cache-first" });
  const values = data?.enumLabels.find((it) => it.enum === name)?.values ?? [];
  return values.map(({ value, label }) => [value, label]);
}

/** `label("Zone", zone)`; a value that is newer than the words is shown as it is. */
export function useLabel() {
  const [{ data }] = useQuery({ query: EnumLabelsDocument, requestPolicy: "cache-first" });
  return useMemo(() => {
    const words = new Map(
      data?.enumLabels.flatMap(({ enum: name, values }) => values.map((it) => [`${name}.${it.value}`, it.label])),
    );
    return (name: string, value: string) => (data ? (words.get(`${name}.${value}`) ?? value) : "…");
  }, [data]);
}
