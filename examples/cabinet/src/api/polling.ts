/** Polling, for what can't wait for live updates only. */

import { useEffect } from "react";
import type { UseQueryExecute } from "urql";

/** The time between two questions. */
export const POLLING = 5_000;

/** Asks again every few seconds while the page waits for a change that no live update tells. */
export function usePolling(ask: UseQueryExecute, isWaiting: boolean) {
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), POLLING);
    return () => clearInterval(timer);
  }, [ask, isWaiting]);
}
