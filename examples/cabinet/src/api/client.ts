/** The client's settings: exchanges in the order in which an operation passes them. */

import { Client, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";

import { cache } from "./cache.ts";
import { sessionEnded, sessionSeen } from "./session.ts";
import { overSocket } from "./socket.ts";

/** Another origin for the API, if the pages aren't served beside it (`LK_CORS_ORIGINS`). */
const ORIGIN: string = import.meta.env.VITE_API_ORIGIN ?? location.origin;

/**
 * The address of a file or an upload. At the pages' own origin only its path counts, so that it
 * works behind any proxy, such as Vite's.
 */
export function apiUrl(url: string): string {
  const { pathname, search } = new URL(url, ORIGIN);
  return ORIGIN === location.origin ? pathname + search : url;
}

/**
 * The stable address of a file, opened by the session's cookie. Pages of another origin keep the
 * link in it, which ends after a while: they have to ask for it when the person clicks.
 */
export function fileUrl(url: string): string {
  return ORIGIN === location.origin ? new URL(url, ORIGIN).pathname : url;
}

/** A client for one session and one language: the cache's texts are in it. */
export function createApi(language: string): Client {
  return new Client({
    url: `${ORIGIN}/graphql`,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: () => ({
      credentials: ORIGIN === location.origin ? "same-origin" : "include",
      headers: { accept: "application/graphql-response+json, application/json", "accept-language": language },
      keepalive: document.visibilityState === "hidden", // the page may be gone before the answer is there
    }),
    exchanges: [
      mapExchange({
        onResult({ data, extensions, error }) {
          const isRefused = error?.graphQLErrors.some((fault) => fault.extensions.code === "UNAUTHENTICATED");
          if (isRefused || extensions?.session === "ended") sessionEnded("by-server");
          else if (data?.viewer) sessionSeen();
        },
      }),
      cache(),
      // The text of an operation goes over the network once, then its hash.
      persistedExchange({ enableForMutation: true, preferGetForPersistedQueries: false }),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: overSocket(`${ORIGIN.replace(/^http/, "ws")}/graphql`, language) }),
    ],
  });
}
