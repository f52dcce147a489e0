/** What runs while somebody is signed in: subscriptions into the cache, and the outbox. */

import { useEffect } from "react";
import { useClient, useQuery, useSubscription } from "urql";

import { api, useOutbox, useSend } from "./api/index.ts";
import { useViewer } from "./viewer.tsx";

export default function Live() {
  const viewer = useViewer();
  useOutgoing(viewer?.id);
  useNews();
  useSubscription({ query: api.MessageAddedDocument });
  return viewer?.accounts.map(({ id }) => <AccountChanges key={id} id={id} />);
}

/** Whatever changes on an account is in the normalised cache, and so on every page. */
function AccountChanges({ id }: { id: string }) {
  const [{ data }] = useSubscription({ query: api.AccountChangedDocument, variables: { accountId: id } });
  const client = useClient();
  useEffect(() => {
    if (data) void client.query(api.MeDocument, {}, { requestPolicy: "network-only" }).toPromise();
  }, [data, client]);
  return null;
}

const MINUTE = 60_000;

/** Unread counters. Seam: a subscription for notices will take the place of asking. */
function useNews() {
  const [, ask] = useQuery({ query: api.MeDocument, pause: true });
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") ask({ requestPolicy: "network-only" });
    };
    const timer = setInterval(look, MINUTE);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [ask]);
}

/** Sends what waits: at the start, when the network is back, and every minute. */
function useOutgoing(viewerId: string | undefined) {
  const waiting = useOutbox(viewerId).filter(({ problems }) => !problems);
  const send = useSend();
  const hasWaiting = waiting.length > 0;
  useEffect(() => {
    if (!hasWaiting) return;
    const sendAll = () => void waiting.reduce((so_far, it) => so_far.then(() => void send(it)), Promise.resolve());
    const timer = setInterval(sendAll, MINUTE);
    addEventListener("online", sendAll);
    return () => {
      clearInterval(timer);
      removeEventListener("online", sendAll);
    };
  });
}
