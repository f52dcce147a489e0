/**
 * What is typed and not sent yet, kept in the browser by the viewer's id: a tab may be closed at any
 * moment, without a network too. It is written at once, as no code runs for long when a tab closes.
 */

const PREFIX = "lk.draft.";

export interface Draft<Value> {
  /** What was kept when the page was opened. */
  readonly kept: Value | undefined;
  readonly keep: (value: Value) => void;
  /** After it was sent. */
  readonly forget: () => void;
}

export function draftOf<Value>(viewerId: string, name: string): Draft<Value> {
  const place = `${PREFIX}${viewerId}.${name}`;
  const text = localStorage.getItem(place);
  return {
    kept: text === null ? undefined : (JSON.parse(text) as Value),
    keep(value) {
      try {
        localStorage.setItem(place, JSON.stringify(value));
      } catch {
        // The browser's place is used up: it is kept on the page only.
      }
    },
    forget: () => localStorage.removeItem(place),
  };
}

/** After a sign-out by the person: the next one may be another. */
export function forgetDrafts() {
  for (const place of Object.keys(localStorage)) if (place.startsWith(PREFIX)) localStorage.removeItem(place);
}
