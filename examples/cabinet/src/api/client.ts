/** The client's settings: exchanges in the order in which an operation passes them. */

import { Client, fetchExchange, mapExchange, subscriptionExchange } from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import type { GraphQLFormattedError } from "graphql";
import type { Client as Socket } from "graphql-ws";

import { cache } from "./cache.ts";
import { sessionEnded, sessionSeen } from "./session.ts";

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
    fetchOptions: {
      credentials: ORIGIN === location.origin ? "same-origin" : "include",
      headers: { accept: "application/graphql-response+json, application/json", "accept-language": language },
    },
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
      subscriptionExchange({ forwardSubscription: overSocket(language) }),
    ],
  });
}

type Forward = Parameters<typeof subscriptionExchange>[0]["forwardSubscription"];

/** One WebSocket for all subscriptions, opened by the first; its code is loaded then, too. */
function overSocket(language: string): Forward {
  let socket: Promise<Socket> | undefined;
  const open = async () => {
    const { createClient } = await import("graphql-ws");
    return createClient({
      url: `${ORIGIN.replace(/^http/, "ws")}/graphql`,
      connectionParams: { "accept-language": language },
      lazyCloseTimeout: 5_000,
      retryAttempts: Infinity,
      shouldRetry: () => true,
      on: {
        closed: (event) => {
          if ((event as CloseEvent).code === SESSION_ENDED) sessionEnded("by-server");
        },
      },
    });
  };
  return (operation) => ({
    subscribe(sink) {
      let hasEnded = false;
      let stop: (() => void) | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const start = async () => {
        const it = await (socket ??= open());
        if (hasEnded) return;
        stop = it.subscribe(
          { ...operation, query: operation.query ?? "" },
          {
            next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
            error: (error) => {
              if (isOverload(error)) timer = setTimeout(() => void start(), PAUSE * (1 + Math.random()));
              else sink.error(error);
            },
            complete: () => sink.complete(),
          },
        );
      };
      void start();
      return {
        unsubscribe() {
          hasEnded = true;
          clearTimeout(timer);
          stop?.();
        },
      };
    },
  });
}

/** The shortest time until a subscription is begun again that an outage has ended; its socket stays open. */
const PAUSE = 5_000;

const isOverload = (error: unknown) =>
  Array.isArray(error) && error.some(({ extensions }: GraphQLFormattedError) => BUSY.has(extensions?.code as string));

const BUSY = new Set(["UNAVAILABLE", "RATE_LIMITED"]);

/** The close code of a socket whose session has ended. */
const SESSION_ENDED = 4401;
