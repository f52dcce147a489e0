"""Kills and restarts of `lk serve` during payments: the sums are right for every seed.

`make simulate KILLS=100` kills it more often; a failure names its seed, which kills at the same
call again. The concurrency of the processes isn't reproducible, unlike in `test_simulation.py`,
where the seed determines every step.
"""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest_asyncio

from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.models import User
from lk_graphql.identity.service.consents import publish
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.payments.models import LedgerLine, Payment, PaymentState
from lk_graphql.payments.service import states
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.acquiring import Shop, YooKassa
from tests.factories.accounts import given_bare_account, given_link, given_session, given_user
from tests.factories.payments import PAYMENT, START, do_due_jobs, given_terms, key_in
from tests.payments.server_process import KillMoment, ServerKiller, ServerProcess
from tests.support.client import ApiClient, open_client
from tests.support.sandbox_acquirer import (
    GOOD,
    NEVER,
    OUT_OF_ORDER,
    POOR,
    SILENT,
    TWICE,
    free_port,
    running,
)

KILLS = int(os.environ.get("KILLS") or 1)
FIRST = int(os.environ.get("SEED") or 1)
CARDS = (GOOD, GOOD, POOR, TWICE, OUT_OF_ORDER, NEVER, SILENT)
ORDERS = "SELECT key, amount, status, stage FROM payment"
UNTRIED = "SELECT count(*) FROM notice WHERE NOT is_delivered AND tries = 0 AND due_at <= ?"


@dataclass
class Intent:
    """A payment that a customer intends to make once; its `amount` is unique."""

    account: str
    token: str
    amount: Kopecks
    card: str
    gives_up: bool
    """The customer doesn't repeat a request without a response."""
    key: str = field(default_factory=lambda: str(new_key()))
    payments: set[str] = field(default_factory=set[str])
    unanswered: int = 0


@dataclass
class RestartScenario:
    """Customers, a server that is killed, and an acquirer that keeps running."""

    server: ServerProcess
    killer: ServerKiller
    api: ApiClient
    books: Path
    http: httpx.AsyncClient
    intents: list[Intent] = field(default_factory=list[Intent])

    async def play(self, seed: int) -> int:
        """Play a seed: customers click twice, the server is killed; the unanswered requests."""
        rng = Random(seed)
        intents = [intent for n in (1, 2) for intent in await _given_intents(seed, n, rng)]
        self.intents += intents
        rng.shuffle(intents)
        early, late = intents[:3], intents[3:]
        await asyncio.gather(*(self.click(intent) for intent in early))
        self.killer.await_call(
            rng.choice([*KillMoment]), number=rng.randint(1, len(late)), delay=rng.random() / 30
        )
        clicks = [(intent, rng.random() / 5) for intent in (*early, *late, *late)]
        await asyncio.gather(*(self.click(intent, after=moment) for intent, moment in clicks))
        assert await asyncio.to_thread(self.server.wait_for_signal) == signal.SIGKILL
        await asyncio.to_thread(self.server.start)
        if rng.random() < 0.5:
            await self.reconcile()
        unanswered = await self.repeat()
        await self.receive_callbacks()
        await self.reconcile()
        return unanswered

    async def click(self, intent: Intent, *, after: float = 0) -> None:
        """Start the payment, and enter the card on the acquirer's page, if any."""
        await asyncio.sleep(after)
        amount = to_rubles(intent.amount)
        part = {"accountId": intent.account, "amount": str(amount)}
        request = {"idempotencyKey": intent.key, "parts": [part], "total": str(amount)}
        try:
            payload = (await self.post(START, intent, input=request))["paymentStart"]
        except httpx.TransportError:
            intent.unanswered += 1
            return
        assert payload["errors"] == [], payload
        intent.payments.add(payload["payment"]["id"])
        if page := payload["payment"]["pageUrl"]:
            card = {"number": intent.card, "expiry": "12/39", "code": "123"}
            await self.http.post(f"{page}/card", data=card)

    async def repeat(self) -> int:
        """Repeat requests without a response, with the same key, unless the customer gives up."""
        unanswered = sum(intent.unanswered for intent in self.intents)
        repeating = [intent for intent in self.intents if not intent.gives_up]
        await asyncio.gather(
            *(self.click(intent) for intent in repeating for _ in range(intent.unanswered))
        )
        for intent in self.intents:
            intent.unanswered = 0
        return unanswered

    async def post(self, document: str, intent: Intent, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {intent.token}"}
        body = {"query": document, "variables": variables}
        answer = await self.http.post(f"{self.server.url}/graphql", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def receive_callbacks(self) -> None:
        """Wait until the acquirer has tried each callback at least once, and run the jobs."""
        while self.query(UNTRIED, datetime.now(UTC).isoformat())[0][0]:  # noqa: ASYNC110 - in SQLite
            await asyncio.sleep(0.05)
        await do_due_jobs(self.api.state.ports)

    async def reconcile(self) -> None:
        """Check all unfinished payments, as the reconciler does within the next days."""
        for _ in range(2):
            payments = await Payment.exclude(next_check_at=None)
            times = [payment.next_check_at for payment in payments if payment.next_check_at]
            await states.enqueue_checks(now=max([datetime.now(UTC), *times]))
            await do_due_jobs(self.api.state.ports)

    def query(self, statement: str, *values: str) -> list[Any]:
        """Query the acquirer's database."""
        with closing(sqlite3.connect(self.books)) as database:
            return database.execute(statement, values).fetchall()


async def _given_intents(seed: int, customer: int, rng: Random) -> list[Intent]:
    viewer = await given_user(f"c{customer}.{seed}@example.com")
    account = await given_bare_account(f"{seed:08}{customer:02}")
    await given_link(viewer, account)
    token = await given_session(await User.get(id=viewer.id), datetime.now(UTC))
    return [
        Intent(
            f"acc_{account.id.hex}", token, Kopecks(10_000 + seed * 100 + customer * 10 + n),
            rng.choice(CARDS), gives_up=rng.random() < 0.3,
        )
        for n in range(3)
    ]  # fmt: skip


def state_of(status: str, stage: str) -> PaymentState:
    """Return our state for the acquirer's status."""
    match status:
        case "succeeded":
            return PaymentState.SUCCEEDED
        case "canceled":
            return PaymentState.DECLINED
        case _:
            return PaymentState.REGISTERED if stage == "card" else PaymentState.PENDING


async def check(scenario: RestartScenario) -> None:
    """Assert the invariants over all seeds so far."""
    orders = {key: (amount, status, stage) for key, amount, status, stage in scenario.query(ORDERS)}
    payments = {str(payment.id): payment for payment in await Payment.all()}
    assert payments.keys() == orders.keys(), "a payment without an order, or the reverse"
    for key, (amount, status, stage) in orders.items():
        payment = payments[key]
        assert (payment.total, payment.state) == (amount, state_of(status, stage)), payment.number
    charged = [amount for amount, status, _ in orders.values() if status == "succeeded"]
    assert len(charged) == len(set(charged)), "somebody was charged twice"
    booked = [line.amount for line in await LedgerLine.filter(book="ACQUIRER")]
    assert sorted(booked) == sorted(charged), "the ledger isn't the acquirer's books"
    for intent in scenario.intents:
        assert len(intent.payments) <= 1, "a key gave two payments"
        assert intent.payments or intent.gives_up
        for payment_id in intent.payments:
            response = (await scenario.post(PAYMENT, intent, id=payment_id))["payment"]
            assert response is not None, "acknowledged and lost"
            assert response["state"] == payments[str(key_in(payment_id))].state


@pytest_asyncio.fixture
async def scenario(
    engine: QueryEngine, database: str, tmp_path: Path
) -> AsyncGenerator[RestartScenario]:
    await given_terms()
    await publish(demo_documents())
    server = ServerProcess(free_port(), tmp_path)
    killer, books = ServerKiller(server.kill), tmp_path / "books.sqlite"
    callbacks = f"{server.url}/webhooks/acquirer"
    with running(books, callback_url=callbacks, around=killer.around) as sandbox:
        url = f"{sandbox.url}/v3"
        server.configure(database, url)
        try:
            await asyncio.to_thread(server.start)
            async with (
                open_client(engine, YooKassa(Shop("shop", "secret", url))) as api,
                httpx.AsyncClient(trust_env=False, timeout=30) as http,
            ):
                yield RestartScenario(server, killer, api, books, http)
        finally:
            server.kill()


async def test_a_killed_server_loses_and_doubles_nothing(scenario: RestartScenario):
    for seed in range(FIRST, FIRST + KILLS):
        try:
            unanswered = await scenario.play(seed)
            await check(scenario)
            print(f"seed {seed}: killed {scenario.killer.moment}, {unanswered} unanswered")  # noqa: T201 - with -rP
        except AssertionError as error:
            raise AssertionError(
                f"SEED={seed} KILLS=1, {scenario.killer.moment}: {error}"
            ) from error
