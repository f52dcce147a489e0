import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { UseQueryExecute, UseQueryState } from "urql";
import { Link } from "wouter";

import { faultKind } from "../api/index.ts";
import { texts, useFaultTexts, useTexts } from "../i18n.ts";

/** The browser itself announces the first page. */
let hasNavigated = false;

/** A page's heading, title and content. After a navigation the heading has the focus. */
export function Page({ title, back, children }: { title: string; back?: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const t = useTexts(words);
  useEffect(() => {
    document.title = `${title} · ${t.cabinet}`;
  }, [title, t]);
  useEffect(() => {
    scrollTo(0, 0);
    if (hasNavigated) heading.current?.focus({ preventScroll: true });
    hasNavigated = true;
  }, []);
  return (
    <>
      {back && (
        <Link href={back} className="back">
          ← {t.back}
        </Link>
      )}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  );
}

const words = texts(
  { cabinet: "Личный кабинет", back: "Назад", again: "Ещё раз", loading: "Загрузка", more: "Показать ещё" },
  { cabinet: "Cabinet", back: "Back", again: "Try again", loading: "Loading", more: "Show more" },
);

interface LoadedProps<Data> {
  readonly query: readonly [UseQueryState<Data>, UseQueryExecute];
  readonly children: (data: Data) => ReactNode;
}

/** What a query returned; until then a placeholder, or why there is nothing. */
export function Loaded<Data>({ query: [{ data, error, fetching }, again], children }: LoadedProps<Data>) {
  const t = useTexts(words);
  const faults = useFaultTexts();
  if (data) return children(data);
  if (error && !fetching)
    return (
      <div role="alert" className="note bad">
        <p>{faults[faultKind(error)]}</p>
        <Button onPress={() => again({ requestPolicy: "network-only" })}>{t.again}</Button>
      </div>
    );
  return (
    <div className="skeleton" role="status">
      {t.loading}…
    </div>
  );
}

/** The button below a connection's list. */
export function More({ page, onMore }: { page: { hasNextPage: boolean }; onMore: () => void }) {
  const t = useTexts(words);
  return page.hasNextPage && <Button onPress={onMore}>{t.more}</Button>;
}

/** Says that something was done. */
export function Done({ children }: { children: ReactNode }) {
  return (
    <div role="status" className="note good">
      {children}
    </div>
  );
}

/** A state as a coloured word. */
export function Badge({ tone, children }: { tone: "good" | "bad" | "wait" | "plain"; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** Pairs of a term and its value. */
export function Facts({ of }: { of: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {of.map(
        ([term, value]) =>
          value != null &&
          value !== "" && (
            <div key={term}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
