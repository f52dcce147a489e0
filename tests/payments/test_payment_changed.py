"""`paymentChanged` over WebSocket and Server-Sent Events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
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
from lk_graphql.ports.acquiring import FiscalStatus
from lk_graphql.ports.pubsub import CHANNEL, COALESCE_SECONDS
from tests.factories.payments import PaymentScenario, acknowledge
from tests.payments.test_late_answers import FailingCashRegister
from tests.support.client import build
from tests.support.sandbox_acquirer import GOOD
from tests.support.ws_client import EndpointServer, answers, serving

WATCH = """subscription ($id: ID!) { paymentChanged(paymentId: $id) {
  state pageUrl receipts { state } } }"""


class PaymentStream(Protocol):
    """A client's stream of payments, and its end."""

    async def next(self) -> Any: ...
    async def end(self) -> object: ...


@dataclass
class EventStream:
    """Server-Sent Events."""

    lines: AsyncIterator[str]

    async def next(self) -> Any:
        async with asyncio.timeout(5):
            (answer,) = await answers(self.lines, 1)
        return cast("Any", answer)["data"]["paymentChanged"]

    async def end(self) -> object:
        """Return the code of the last error, None for a plain end."""
        async with asyncio.timeout(10):
            rest = [line async for line in self.lines if line != ":"]
        assert rest[-2:] == ["event: complete", "data: "]
        if rest[:-2]:
            (error,) = orjson.loads(rest[1].removeprefix("data: "))["errors"]
            return error["extensions"]["code"]
        return None


@dataclass
class SocketStream:
    """graphql-transport-ws."""

    session: Any

    async def next(self) -> Any:
        return (await self.session.answer())["data"]["paymentChanged"]

    async def end(self) -> object:
        """Wait for the `complete` message."""
        async with asyncio.timeout(5):
            message = orjson.loads(await self.session.socket.recv())
        assert message == {"id": "a", "type": "complete"}
        return None


Transport = Literal["events", "socket"]
BOTH = pytest.mark.parametrize("transport", ["events", "socket"])


@dataclass
class PaymentWatch:
    """A server with a registered payment of Anna."""

    scenario: PaymentScenario
    server: EndpointServer
    payment: Payment

    @asynccontextmanager
    async def open(
        self, transport: Transport, token: str = "", id_: str = ""
    ) -> AsyncGenerator[PaymentStream]:
        token, variables = token or self.scenario.token, {"id": id_ or self.public}
        if transport == "events":
            async with self.server.events(WATCH, token, variables) as (_, lines):
                yield EventStream(lines)
        else:
            async with self.server.connect() as session:
                await session.init(token)
                await session.subscribe("a", WATCH, **variables)
                yield SocketStream(session)

    @property
    def public(self) -> str:
        return to_public("pay", self.payment.id)

    def pay(self) -> None:
        self.scenario.sandbox.pay(self.payment.page_url or "", GOOD)


@pytest_asyncio.fixture
async def watch(scenario: PaymentScenario, database: str) -> AsyncGenerator[PaymentWatch]:
    api = scenario.api
    state, payment = api.state, await scenario.begun()
    app = build(state.engine, state.ports, api.clock)
    async with state.ports.pubsub.connected(database), serving(app) as server:
        yield PaymentWatch(scenario, server, payment)


def registered_payment(payment: Payment) -> dict[str, Any]:
    return {"state": "REGISTERED", "pageUrl": payment.page_url, "receipts": []}


PAID = {"state": "SUCCEEDED", "pageUrl": None, "receipts": [{"state": "DONE"}]}


@BOTH
async def test_the_present_state_comes_first_and_then_the_changes(
    watch: PaymentWatch, transport: Transport
):
    async with watch.open(transport) as stream:
        assert await stream.next() == registered_payment(watch.payment)
        watch.pay()
        await watch.scenario.reconcile(watch.payment.id)
        assert await stream.next() == PAID


@BOTH
async def test_a_receipt_that_fails_is_sent(watch: PaymentWatch, transport: Transport):
    scenario = watch.scenario
    register = FailingCashRegister(scenario.acquirer, FiscalStatus.PENDING)
    scenario.ports = replace(scenario.ports, acquirer=register)
    async with watch.open(transport) as stream:
        await stream.next()
        watch.pay()
        await scenario.reconcile(watch.payment.id)
        assert await stream.next() == {**PAID, "receipts": [{"state": "PENDING"}]}
        register.status = FiscalStatus.FAILED
        await scenario.reconcile(watch.payment.id)
        assert await stream.next() == {**PAID, "receipts": [{"state": "FAILED"}]}


@BOTH
async def test_a_new_subscription_starts_with_the_present_state(
    watch: PaymentWatch, transport: Transport
):
    async with watch.open(transport) as stream:
        assert await stream.next() == registered_payment(watch.payment)
    watch.pay()
    await watch.scenario.reconcile(watch.payment.id)

    async with watch.open(transport) as again:
        assert await again.next() == PAID


async def test_a_change_by_another_process_is_sent_to_all_after_its_commit(
    watch: PaymentWatch, database: str
):
    """A commit over another connection, as by another process."""
    stranger = await asyncpg.connect(database)
    async with watch.open("events") as events, watch.open("socket") as socket:
        assert await events.next() == await socket.next() == registered_payment(watch.payment)
        async with stranger.transaction():
            await stranger.execute("UPDATE payment SET state = 'PENDING'")
            message = f"{PAYMENT} {watch.payment.id.hex}"
            await stranger.execute("SELECT pg_notify($1, $2)", CHANNEL, message)
            update = asyncio.create_task(events.next())
            assert await asyncio.wait([update], timeout=3 * COALESCE_SECONDS) == (set(), {update})
        pending = {**registered_payment(watch.payment), "state": "PENDING"}
        assert [await update, await socket.next()] == [pending, pending]
    await stranger.close()


async def end_sessions(watch: PaymentWatch) -> None:
    await Session.filter(user_id=watch.scenario.anna.id).update(ended_at=datetime.now(UTC))


async def test_the_stream_ends_soon_after_the_session(watch: PaymentWatch):
    async with watch.open("events") as stream:
        await stream.next()
        await end_sessions(watch)
        assert await stream.end() == "UNAUTHENTICATED"


async def test_the_socket_closes_soon_after_the_session(watch: PaymentWatch):
    async with watch.server.connect() as session:
        await session.init(watch.scenario.token)
        await session.subscribe("a", WATCH, id=watch.public)
        await session.answer()
        await end_sessions(watch)
        assert await session.close_code() == (4401, "Session is over")


@BOTH
async def test_another_customer_s_payment_is_null_and_ends_the_stream(
    watch: PaymentWatch, transport: Transport, boris: Viewer
):
    token = await watch.scenario.api.signed_in(boris)
    for id_ in (watch.public, to_public("pay", new_key()), "pay_none"):
        async with watch.open(transport, token, id_) as stream:
            assert await stream.next() is None
            assert await stream.end() is None


ACCOUNT = """subscription ($id: ID!) { accountChanged(accountId: $id) {
  balance { amountDue processing } } }"""


async def test_the_account_s_balance_has_an_event_for_the_payment_and_the_posting(
    watch: PaymentWatch,
):
    """The payment's own states are no changes of the account's balance."""
    scenario, variables = watch.scenario, {"id": to_public("acc", watch.scenario.account.id)}
    async with watch.server.events(ACCOUNT, scenario.token, variables) as (_, lines):

        async def balance() -> Any:
            async with asyncio.timeout(5):
                (answer,) = await answers(lines, 1)
            return cast("Any", answer)["data"]["accountChanged"]["balance"]

        assert await balance() == {"amountDue": "1140.00", "processing": "0.00"}
        watch.pay()
        await scenario.reconcile(watch.payment.id)
        assert await balance() == {"amountDue": "0.00", "processing": "1140.00"}
        await acknowledge([f"{watch.payment.number}-1"], now=datetime.now(UTC))
        assert await balance() == {"amountDue": "1140.00", "processing": "0.00"}
