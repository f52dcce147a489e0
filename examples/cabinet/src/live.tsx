/** What runs while somebody is signed in: subscriptions into the cache, and the outbox. */

import { useEffect } from "react";
import { useSubscription } from "urql";

import { api, useIsLiveOff, useResend } from "./api/index.ts";
import { texts, useTexts } from "./i18n.ts";
import { useViewer } from "./viewer.tsx";

// prettier-ignore
const words = texts(
  { off: "Связь прервана: новое пока не появляется само." },
  { off: "Connection lost: nothing new appears by itself for now." },
);

/** Whatever comes is in the normalised cache, and so at once on every page. */
export default function Live() {
  const t = useTexts(words);
  const isOff = useIsLiveOff();
  useOutgoing(useViewer()?.id);
  useSubscription({ query: api.ViewerChangedDocument });
  useSubscription({ query: api.AccountsChangedDocument });
  useSubscription({ query: api.NoticeAddedDocument });
  useSubscription({ query: api.MessageAddedDocument });
  return (
    <div role="status" className="live">
      {isOff && t.off}
    </div>
  );
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
