import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "react-aria-components";
import type { UseQueryExecute, UseQueryState } from "urql";
import { Link } from "wouter";

import { type api, faultKind } from "../api/index.ts";
import { texts, useFaultTexts, useTexts } from "../i18n.ts";

/** The browser itself announces the first page, and scrolls a reloaded one. */
let hasNavigated = false;

/** A page's heading, title and content. After a navigation the heading has the focus. */
export function Page({ title, back, children }: { title: string; back?: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const t = useTexts(words);
  useEffect(() => {
    document.title = `${title} · ${t.cabinet}`;
  }, [title, t]);
  useEffect(() => {
    if (hasNavigated) {
      scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
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

interface MoreProps {
  readonly page: api.PageFragment;
  /** Sets the variable `after` of the query. */
  readonly onMore: (after: string | null) => void;
}

/** The button below a connection's rows. */
export function More({ page, onMore }: MoreProps) {
  const t = useTexts(words);
  return page.hasNextPage && <Button onPress={() => onMore(page.endCursor)}>{t.more}</Button>;
}

interface ListProps<Item> extends Pick<MoreProps, "onMore"> {
  readonly of: { readonly nodes: readonly Item[]; readonly pageInfo: api.PageFragment };
  /** Says that there are no items. */
  readonly none: string;
  readonly children: (item: Item) => ReactNode;
}

/** A connection as a list with a page at a time; `children` makes the `<li>` of an item. */
export function List<Item>({ of: { nodes, pageInfo }, none, onMore, children }: ListProps<Item>) {
  return (
    <>
      {nodes.length === 0 && <p>{none}</p>}
      <ul className="list">{nodes.map(children)}</ul>
      <More page={pageInfo} onMore={onMore} />
    </>
  );
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

/** Pairs of a term and its value; terms may repeat. */
export function Facts({ of }: { of: readonly (readonly [term: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {of.map(
        ([term, value], index) =>
          value != null &&
          value !== "" && (
            <div key={index}>
              <dt>{term}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
