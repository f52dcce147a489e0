/**
 * Subscriptions over one WebSocket: begun again after whatever has ended them, unless it is the end of
 * the session or a fault of this program; and whether they run.
 */

import type { subscriptionExchange } from "@urql/core";
import type { ExecutionResult, GraphQLFormattedError } from "graphql";
import type { Client as Socket } from "graphql-ws";
import { useEffect, useState, useSyncExternalStore } from "react";

import { sessionEnded } from "./session.ts";

type Forward = Parameters<typeof subscriptionExchange>[0]["forwardSubscription"];

/** One WebSocket for all subscriptions, opened by the first; its code is loaded then, too. */
export function overSocket(url: string, language: string): Forward {
  const line = {};
  const running = new Set<object>();
  let socket: Promise<Socket> | undefined;
  const open = async () => {
    const { createClient } = await import("graphql-ws");
    return createClient({
      url,
      connectionParams: { "accept-language": language },
      lazyCloseTimeout: 5_000,
      retryAttempts: Infinity,
      retryWait: backOff,
      shouldRetry: () => true,
      on: {
        connecting: () => report(line, true),
        connected: () => report(line, false),
        closed: (event) => {
          const { code } = event as CloseEvent;
          report(line, code !== CLOSED);
          if (code === SESSION_ENDED) sessionEnded("by-server");
        },
      },
    });
  };
  return (operation) => ({
    subscribe(sink) {
      const subscription = {};
      running.add(subscription);
      let tries = 0;
      let stop: (() => void) | undefined;
      let settling: ReturnType<typeof setTimeout> | undefined;
      const begin = async () => {
        const client = await (socket ??= open());
        if (!running.has(subscription)) return;
        const since = Date.now();
        let fault: unknown;
        settling = setTimeout(() => report(subscription, false), SETTLING);
        const end = (error: unknown) => {
          clearTimeout(settling);
          report(subscription, true);
          if (!isPassing(error)) return sink.error(error);
          if (Date.now() - since > MINUTE) tries = 0;
          void again();
        };
        stop = client.subscribe(
          { ...operation, query: operation.query ?? "" },
          {
            next(result) {
              // A result without data is the last one: its errors say why.
              fault = result.data ? undefined : result.errors;
              if (!isPassing(fault)) sink.next(result as ExecutionResult as Parameters<typeof sink.next>[0]);
            },
            error: end,
            complete: () => (isPassing(fault) ? end(fault) : sink.complete()),
          },
        );
      };
      const again = async () => {
        await backOff(tries++);
        if (running.has(subscription)) await start();
      };
      // Its code couldn't be loaded: the network is away, or a new version has come.
      const start = () => begin().catch(() => ((socket = undefined), report(subscription, true), again()));
      void start();
      return {
        unsubscribe() {
          running.delete(subscription);
          clearTimeout(settling);
          stop?.();
          report(subscription, false);
          if (running.size === 0) report(line, false);
        },
      };
    },
  });
}

/** The close code of a socket whose session has ended. */
const SESSION_ENDED = 4401;
/** That of a socket that nobody needs any more. */
const CLOSED = 1000;

const MINUTE = 60_000;
/** A subscription without a result runs if it has no fault for so long. */
const SETTLING = 3_000;

/** Waits longer after each try, from two seconds up to a minute; until the network is back, if it was away. */
function backOff(tries: number): Promise<void> {
  const pause = Math.min(2_000 * 2 ** tries, MINUTE) * (1 + Math.random() / 2);
  return new Promise((goOn) => {
    const timer = setTimeout(done, pause);
    addEventListener("online", done);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      goOn();
    }
  });
}

/** Whether what has ended a subscription may pass: an outage, a fault of the server, a socket that was closed. */
function isPassing(error: unknown): boolean {
  if (!Array.isArray(error)) return error !== undefined && (error as CloseEvent).code !== SESSION_ENDED;
  return error.some(({ extensions }: GraphQLFormattedError) => PASSING.has(extensions?.code as string));
}

const PASSING = new Set(["UNAVAILABLE", "RATE_LIMITED", "INTERNAL"]);

/** The sockets and subscriptions that should run and don't. */
const faults = new Set<object>();
const listeners = new Set<() => void>();

function report(of: object, hasFault: boolean) {
  if (hasFault) faults.add(of);
  else faults.delete(of);
  for (const listener of listeners) listener();
}

/** Whether live updates have been off for some seconds. */
export function useIsLiveOff(): boolean {
  const hasFault = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => faults.size > 0,
  );
  const [isOff, setOff] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOff(hasFault), hasFault ? 5_000 : 0);
    return () => clearTimeout(timer);
  }, [hasFault]);
  return isOff;
}
