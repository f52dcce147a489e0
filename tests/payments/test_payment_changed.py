"""Watching a payment, by a WebSocket and by events, as those do who wait for the bank."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, cast

import asyncpg
import orjson
import pytest
import pytest_asyncio

from lk_graphql.identity.models import Session
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import Payment
from lk_graphql.payments.service.states import PAYMENT
from lk_graphql.ports.pubsub import CHANNEL, COALESCE_SECONDS
from tests.factories.payments import PaymentScenario
from tests.support.client import build
from tests.support.sandbox_acquirer import GOOD
from tests.support.ws_client import EndpointServer, answers, serving

WATCH = """subscription ($id: ID!) { paymentChanged(paymentId: $id) {
  state pageUrl receipts { state } } }"""


QUICK = {
    "live_hello": 0.3,
    "live_keepalive": 0.1,
    "live_vigil": 0.1,
    "live_operations": 5,
    "live_per_session": 3,
    "live_per_address": 8,
}


class Watching(Protocol):
    """What a client sees: one answer after the other, and how it ends."""

    async def seen(self) -> Any: ...
    async def end(self) -> object: ...


@dataclass
class ByEvents:
    """Server-Sent Events."""

    lines: AsyncIterator[str]

    async def seen(self) -> Any:
        async with asyncio.timeout(5):
            (answer,) = await answers(self.lines, 1)
        return cast("Any", answer)["data"]["paymentChanged"]

    async def end(self) -> object:
        """The code of what is said last, None for a plain end."""
        async with asyncio.timeout(5):
            told = [line async for line in self.lines if line != ":"]
        assert told[-2:] == ["event: complete", "data: "]
        if told[:-2]:
            (error,) = orjson.loads(told[1].removeprefix("data: "))["errors"]
            return error["extensions"]["code"]
        return None


@dataclass
class BySocket:
    """graphql-transport-ws."""

    talk: Any

    async def seen(self) -> Any:
        return (await self.talk.answer())["data"]["paymentChanged"]

    async def end(self) -> object:
        """As the stream says it: the socket's close code is its word for it."""
        async with asyncio.timeout(5):
            message = orjson.loads(await self.talk.socket.recv())
        assert message == {"id": "a", "type": "complete"}
        return None


Way = Literal["events", "socket"]
BOTH = pytest.mark.parametrize("way", ["events", "socket"])


@dataclass
class Theirs:
    """Anna's cabinet behind a server, with a payment that waits for a card."""

    scenario: PaymentScenario
    server: EndpointServer
    payment: Payment

    @asynccontextmanager
    async def watch(self, way: Way, token: str = "", id_: str = "") -> AsyncGenerator[Watching]:
        token, variables = token or self.scenario.token, {"id": id_ or self.public}
        if way == "events":
            async with self.server.events(WATCH, token, variables) as (_, lines):
                yield ByEvents(lines)
        else:
            async with self.server.connect() as talk:
                await talk.init(token)
                await talk.subscribe("a", WATCH, **variables)
                yield BySocket(talk)

    @property
    def public(self) -> str:
        return to_public("pay", self.payment.id)

    def pay(self) -> None:
        self.scenario.sandbox.pay(self.payment.page_url or "", GOOD)


@pytest_asyncio.fixture
async def waiting(scenario: PaymentScenario, database: str) -> AsyncGenerator[Theirs]:
    api = scenario.api
    state, payment = api.state, await scenario.begun()
    app = build(state.engine, state.ports, api.clock, **QUICK)
    async with state.ports.pubsub.connected(database), serving(app) as server:
        yield Theirs(scenario, server, payment)


def registered(payment: Payment) -> dict[str, Any]:
    return {"state": "REGISTERED", "pageUrl": payment.page_url, "receipts": []}


PAID = {"state": "SUCCEEDED", "pageUrl": None, "receipts": [{"state": "DONE"}]}


@BOTH
async def test_the_present_state_comes_first_and_then_what_becomes_of_it(waiting: Theirs, way: Way):
    async with waiting.watch(way) as watching:
        assert await watching.seen() == registered(waiting.payment)
        waiting.pay()
        await waiting.scenario.reconcile(waiting.payment.id)
        assert await watching.seen() == PAID


@BOTH
async def test_who_comes_back_has_lost_nothing(waiting: Theirs, way: Way):
    async with waiting.watch(way) as watching:
        assert await watching.seen() == registered(waiting.payment)
    waiting.pay()
    await waiting.scenario.reconcile(waiting.payment.id)

    async with waiting.watch(way) as again:
        assert await again.seen() == PAID


async def test_what_somebody_else_commits_is_told_to_all_and_not_before(
    waiting: Theirs, database: str
):
    """As another process does it: over a connection that this one knows nothing of."""
    stranger = await asyncpg.connect(database)
    async with waiting.watch("events") as one, waiting.watch("socket") as other:
        assert await one.seen() == await other.seen() == registered(waiting.payment)
        async with stranger.transaction():
            await stranger.execute("UPDATE payment SET state = 'PENDING'")
            told = f"{PAYMENT} {waiting.payment.id.hex}"
            await stranger.execute("SELECT pg_notify($1, $2)", CHANNEL, told)
            tell = asyncio.create_task(one.seen())
            assert await asyncio.wait([tell], timeout=3 * COALESCE_SECONDS) == (set(), {tell})
        pending = {**registered(waiting.payment), "state": "PENDING"}
        assert [await tell, await other.seen()] == [pending, pending]
    await stranger.close()


async def ended(waiting: Theirs) -> None:
    await Session.filter(user_id=waiting.scenario.anna.id).update(ended_at=datetime.now(UTC))


async def test_the_stream_ends_soon_after_the_session(waiting: Theirs):
    async with waiting.watch("events") as watching:
        await watching.seen()
        await ended(waiting)
        assert await watching.end() == "UNAUTHENTICATED"


async def test_the_socket_closes_soon_after_the_session(waiting: Theirs):
    async with waiting.server.connect() as talk:
        await talk.init(waiting.scenario.token)
        await talk.subscribe("a", WATCH, id=waiting.public)
        await talk.answer()
        await ended(waiting)
        assert await talk.close_code() == (4401, "Session is over")


@BOTH
async def test_somebody_else_s_payment_is_null_and_the_end(
    waiting: Theirs, way: Way, boris: Viewer
):
    token = await waiting.scenario.api.signed_in(boris)
    for id_ in (waiting.public, to_public("pay", new_key()), "pay_none"):
        async with waiting.watch(way, token, id_) as watching:
            assert await watching.seen() is None
            assert await watching.end() is None
