"""A customer's browser that listens to `accountChanged` as Server-Sent Events."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

from .browser import scope_of
from .world import Resident, World

SUBSCRIPTION = """subscription ($id: ID!) { accountChanged(accountId: $id) {
  number balance { amountDue processing } invoices(first: 1) { number total }
  meters { registers { lastSubmittedReading { id value } } } } }"""
_SECONDS = 3.0
"""The longest wait for an event; on an idle machine it takes milliseconds."""


class Watcher:
    """Reads the stream from the application itself: httpx's transport waits for its end."""

    def __init__(self, app: Any, token: str, account_id: str) -> None:
        self._app, self._token, self._account_id = app, token, account_id
        self._came = asyncio.Event()
        self._left = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_expected = True
        """Whether the act has changed anything; the caller tells."""

    async def open(self) -> None:
        """Connect, and take the first result, which is the current state."""
        self._task = asyncio.create_task(self._listen())
        await self.has_event()

    async def close(self) -> None:
        self._left.set()
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def has_event(self) -> bool:
        """Whether something came since the last call, or comes soon; it is taken then."""
        try:
            await asyncio.wait_for(self._came.wait(), _SECONDS)
        except TimeoutError:
            return False
        self._came.clear()
        return True

    async def _listen(self) -> None:
        body = json.dumps({"query": SUBSCRIPTION, "variables": {"id": self._account_id}}).encode()
        requests = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if requests:
                return requests.pop()
            await self._left.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if b"event: next" in message.get("body", b""):
                self._came.set()

        headers = {
            "content-type": "application/json",
            "accept": "text/event-stream",
            "authorization": f"Bearer {self._token}",
        }
        scope = scope_of("POST", "/graphql", headers, "198.51.100.200")
        await self._app(scope, receive, send)


@asynccontextmanager
async def watched(
    world: World, resident: Resident, number: str, cause: str
) -> AsyncGenerator[Watcher | None]:
    """Something happens that `accountChanged` names; now and then somebody listens."""
    if world.chance.random() > 0.2 or world.production.app is None:
        yield None
        return
    customer = resident.customer
    await customer.post("{ viewer { email } }")  # so that the session is open
    watcher = Watcher(world.production.app, customer.token, customer.links[number])
    await watcher.open()
    try:
        yield watcher
        if watcher.is_expected and number not in world.stale and not await watcher.has_event():
            world.report("ACCOUNT_CHANGED", number, cause, "an event", "none")
    finally:
        await watcher.close()
