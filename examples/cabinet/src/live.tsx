/** What runs while somebody is signed in: subscriptions into the cache, and the outbox. */

import { useEffect } from "react";
import { useSubscription } from "urql";

import { api, useResend } from "./api/index.ts";
import { useViewer } from "./viewer.tsx";

/** Whatever comes is in the normalised cache, and so at once on every page. */
export default function Live() {
  useOutgoing(useViewer()?.id);
  useSubscription({ query: api.ViewerChangedDocument });
  useSubscription({ query: api.AccountsChangedDocument });
  useSubscription({ query: api.NoticeAddedDocument });
  useSubscription({ query: api.MessageAddedDocument });
  return null;
}

const MINUTE = 60_000;

/** Sends what waits: at the start, when the network is back, and every minute. */
function useOutgoing(viewerId: string | undefined) {
  const resend = useResend();
  useEffect(() => {
    if (!viewerId) return;
    const sendAll = () => void resend(viewerId).catch(() => undefined); // without a store nothing waits
    sendAll();
    const timer = setInterval(sendAll, MINUTE);
    addEventListener("online", sendAll);
    return () => {
      clearInterval(timer);
      removeEventListener("online", sendAll);
    };
  }, [viewerId, resend]);
}
