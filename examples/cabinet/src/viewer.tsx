/** Who is signed in, and which of their accounts the pages are about. */

import { createContext, useContext, useState, useSyncExternalStore } from "react";

import { api, type Draft, draftOf } from "./api/index.ts";

export const ViewerContext = createContext<api.MeQuery["viewer"]>(null);

export const useViewer = () => useContext(ViewerContext);

/** What the viewer has typed on this page and not sent yet. */
export function useDraft<Value>(name: string): Draft<Value> {
  const viewer = useViewer();
  return useState(() => draftOf<Value>(viewer?.id ?? "", name))[0];
}

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
