/** Who is signed in on this page, as events: the client and its cache live as long as a session. */

import { useSyncExternalStore } from "react";

export interface Session {
  /** Grows with each sign-in and sign-out. */
  readonly generation: number;
  /** Why nobody is signed in any more, to be told above the form. */
  readonly ended?: "by-server" | "by-person";
}

let session: Session = { generation: 0 };
const listeners = new Set<() => void>();

function become(ended?: Session["ended"]) {
  session = { generation: session.generation + 1, ...(ended && { ended }) };
  for (const listener of listeners) listener();
}

/** After `sessionCreate`: the browser has the cookie now. */
export const sessionBegan = () => become();
/** After `sessionEnd`, and when the server says so: nothing of the person stays in memory. */
export const sessionEnded = (by: NonNullable<Session["ended"]>) => become(by);

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}
