/** Who is signed in, and which of their accounts the pages are about. */

import { createContext, useContext, useSyncExternalStore } from "react";

import { api } from "./api/index.ts";

export const ViewerContext = createContext<api.MeQuery["viewer"]>(null);

export const useViewer = () => useContext(ViewerContext);

const PLACE = "lk.account";
const listeners = new Set<() => void>();

export function chooseAccount(id: string) {
  localStorage.setItem(PLACE, id);
  for (const listener of listeners) listener();
}

/** The account that was chosen last on any page, else the first; none before one is linked. */
export function useAccount(): api.AccountHeadFragment | undefined {
  const accounts = useViewer()?.accounts ?? [];
  const chosen = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(PLACE),
  );
  return accounts.find(({ id }) => id === chosen) ?? accounts[0];
}
