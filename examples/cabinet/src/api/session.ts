/** Who is signed in on this page, as events: the client and its cache live as long as a session. */

import { useSyncExternalStore } from "react";

import { forgetDrafts } from "./drafts.ts";

export interface Session {
  /** Grows with each sign-in and sign-out. */
  readonly generation: number;
  /** Why nobody is signed in any more, to be told above the form. */
  readonly ended?: "by-server" | "by-person";
}

const PLACE = "lk.session";

let session: Session = { generation: 0 };
let isOpen = localStorage.getItem(PLACE) !== null;
const listeners = new Set<() => void>();

/** The cookie can't be read, so the browser is told what the next visit may begin with. */
function remember(opened: boolean) {
  if (opened) localStorage.setItem(PLACE, "open");
  else localStorage.removeItem(PLACE);
  isOpen = opened;
}

function become(opened: boolean, ended?: Session["ended"]) {
  remember(opened);
  session = { generation: session.generation + 1, ...(ended && { ended }) };
  for (const listener of listeners) listener();
}

/** After `sessionCreate`: the browser has the cookie now. */
export const sessionBegan = () => become(true);

/** An answer had a viewer: the session of an earlier visit goes on. */
export function sessionSeen() {
  if (!isOpen) remember(true);
}

/** Whether somebody was signed in, as far as is known before the API has answered. */
export const mayBeSignedIn = () => isOpen;

/**
 * After `sessionEnd`, and when the server says so: nothing of the person stays in memory. The server
 * says it for a minute, with each answer; once is enough.
 */
export function sessionEnded(by: NonNullable<Session["ended"]>) {
  if (by === "by-person") forgetDrafts();
  if (isOpen) become(false, by);
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}
