/** Who is signed in on this page, as events: the client and its cache live as long as a session. */

import { useSyncExternalStore } from "react";

export interface Session {
  /** Grows with each sign-in and sign-out. */
  readonly generation: number;
  /** Why nobody is signed in any more, to be told above the form. */
  readonly ended?: "by-server" | "by-person";
}

let session: Session = { generation: 0 };
let isOpen = false;
const listeners = new Set<() => void>();

function become(opened: boolean, ended?: Session["ended"]) {
  isOpen = opened;
  session = { generation: session.generation + 1, ...(ended && { ended }) };
  for (const listener of listeners) listener();
}

/** After `sessionCreate`: the browser has the cookie now. */
export const sessionBegan = () => become(true);

/** An answer had a viewer: the session of an earlier visit goes on. */
export const sessionSeen = () => void (isOpen = true);

/**
 * After `sessionEnd`, and when the server says so: nothing of the person stays in memory. The server
 * says it for a minute, with each answer; once is enough.
 */
export function sessionEnded(by: NonNullable<Session["ended"]>) {
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
