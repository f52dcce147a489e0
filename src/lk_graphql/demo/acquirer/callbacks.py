"""Delivery of callbacks, repeated until the shop answers 200."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx

from lk_graphql.demo.acquirer.api import SandboxShop, payment_json, refund_json
from lk_graphql.demo.acquirer.requests import Json
from lk_graphql.demo.acquirer.store import DueCallback, Store

_RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (1, 5, 15, 60, 300))
_POLL_SECONDS = 0.2
"""Seconds between checks for due callbacks."""


async def deliver(store: Store, shop: SandboxShop, at: str) -> None:
    """Deliver due callbacks until the task is cancelled."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            now = datetime.now(UTC)
            store.tick(now)
            for due in store.due(now):
                if await _is_accepted(client, shop.callback_url, _notification(store, due, at)):
                    store.delivered(due.id)
                else:
                    delay = _RETRY_DELAYS[min(due.tries, len(_RETRY_DELAYS) - 1)]
                    store.postpone(due.id, datetime.now(UTC) + delay)
            await asyncio.sleep(_POLL_SECONDS)


def _notification(store: Store, due: DueCallback, at: str) -> Json:
    """The body of a callback, with the state at its event, even if the state has changed since."""
    body = payment_json(store, due.payment_id, at)
    if due.refund_id:
        refunds = {refund.id: refund for refund in store.refunds(due.payment_id)}
        body = refund_json(refunds[due.refund_id])
    elif due.event == "payment.waiting_for_capture":
        body |= {"status": "waiting_for_capture", "paid": True}
    return {"type": "notification", "event": due.event, "object": body}


async def _is_accepted(client: httpx.AsyncClient, url: str, body: Json) -> bool:
    try:
        return (await client.post(url, json=body)).status_code == 200
    except httpx.HTTPError:
        return False
