"""`lk serve` is killed while people pay, and started again: whatever the seed, the money is right.

`make simulate KILLS=100` kills it more often; a failure names its seed, which kills at the same
call again. What else happens in that moment is the processes' own affair, unlike in
`test_simulation.py`, whose every step is the seed's.
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

from lk_graphql.identity.models import User
from lk_graphql.identity.service.consents import demo_editions, publish
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.payments.models import LedgerLine, Payment, PaymentState
from lk_graphql.payments.service import states
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.acquiring import Shop, YooKassa
from tests.factories.accounts import given_bare_account, given_link, given_session, given_user
from tests.factories.payments import PAYMENT, START, do_due_jobs, given_terms, key_in
from tests.payments.server_process import KillMoment, Server, ServerKiller
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
BOOKS = "SELECT key, amount, status, stage FROM payment"
UNTRIED = "SELECT count(*) FROM notice WHERE NOT is_delivered AND tries = 0 AND due_at <= ?"


@dataclass
class Intent:
    """Something that a customer wants to pay once; no other has the same `amount`."""

    account: str
    token: str
    amount: Kopecks
    card: str
    gives_up: bool
    """Whoever does asks no more when no answer has come."""
    key: str = field(default_factory=lambda: str(new_key()))
    payments: set[str] = field(default_factory=set[str])
    unanswered: int = 0


@dataclass
class Town:
    """Customers, a server that doesn't live long, and an acquirer that does."""

    server: Server
    assassin: ServerKiller
    api: ApiClient
    books: Path
    http: httpx.AsyncClient
    intents: list[Intent] = field(default_factory=list[Intent])

    async def play(self, seed: int) -> int:
        """One seed: people press each button twice, and the server dies; how many had no answer."""
        dice = Random(seed)
        wanted = [intent for n in (1, 2) for intent in await _given_intents(seed, n, dice)]
        self.intents += wanted
        dice.shuffle(wanted)
        early, late = wanted[:3], wanted[3:]
        await asyncio.gather(*(self.click(intent) for intent in early))
        self.assassin.await_call(
            dice.choice([*KillMoment]), number=dice.randint(1, len(late)), delay=dice.random() / 30
        )
        clicks = [(intent, dice.random() / 5) for intent in (*early, *late, *late)]
        await asyncio.gather(*(self.click(intent, after=moment) for intent, moment in clicks))
        assert await asyncio.to_thread(self.server.dies_of) == signal.SIGKILL
        await asyncio.to_thread(self.server.start)
        if dice.random() < 0.5:
            await self.reconcile()
        unanswered = await self.repeat()
        await self.hear_callbacks()
        await self.reconcile()
        return unanswered

    async def click(self, intent: Intent, *, after: float = 0) -> None:
        """Start the payment; whoever sees the acquirer's page types a card there."""
        await asyncio.sleep(after)
        amount = to_rubles(intent.amount)
        part = {"accountId": intent.account, "amount": str(amount)}
        wish = {"idempotencyKey": intent.key, "parts": [part], "total": str(amount)}
        try:
            told = (await self.post(START, intent, input=wish))["paymentStart"]
        except httpx.TransportError:
            intent.unanswered += 1
            return
        assert told["errors"] == [], told
        intent.payments.add(told["payment"]["id"])
        if page := told["payment"]["pageUrl"]:
            card = {"number": intent.card, "expiry": "12/39", "code": "123"}
            await self.http.post(f"{page}/card", data=card)

    async def repeat(self) -> int:
        """What wasn't answered is asked again, with the same key, by all who don't give up."""
        unanswered = sum(intent.unanswered for intent in self.intents)
        asking = [intent for intent in self.intents if not intent.gives_up]
        await asyncio.gather(
            *(self.click(intent) for intent in asking for _ in range(intent.unanswered))
        )
        for intent in self.intents:
            intent.unanswered = 0
        return unanswered

    async def post(self, query: str, intent: Intent, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {intent.token}"}
        body = {"query": query, "variables": variables}
        answer = await self.http.post(f"{self.server.url}/graphql", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def hear_callbacks(self) -> None:
        """Wait until the acquirer has tried each at least once; jobs look into them."""
        while self.asked(UNTRIED, datetime.now(UTC).isoformat())[0][0]:  # noqa: ASYNC110 - in SQLite
            await asyncio.sleep(0.05)
        await do_due_jobs(self.api.state.ports)

    async def reconcile(self) -> None:
        """What the reconciler does within the next days: look at all that isn't over."""
        for _ in range(2):
            looks = [one.look_at for one in await Payment.exclude(look_at=None) if one.look_at]
            await states.enqueue_checks(now=max([datetime.now(UTC), *looks]))
            await do_due_jobs(self.api.state.ports)

    def asked(self, statement: str, *values: str) -> list[Any]:
        """What the acquirer's own books say."""
        with closing(sqlite3.connect(self.books)) as books:
            return books.execute(statement, values).fetchall()


async def _given_intents(seed: int, customer: int, dice: Random) -> list[Intent]:
    viewer = await given_user(f"c{customer}.{seed}@example.com")
    account = await given_bare_account(f"{seed:08}{customer:02}")
    await given_link(viewer, account)
    token = await given_session(await User.get(id=viewer.id), datetime.now(UTC))
    return [
        Intent(
            f"acc_{account.id.hex}", token, Kopecks(10_000 + seed * 100 + customer * 10 + n),
            dice.choice(CARDS), gives_up=dice.random() < 0.3,
        )
        for n in range(3)
    ]  # fmt: skip


def state_of(status: str, stage: str) -> PaymentState:
    """What the acquirer's word means here."""
    match status:
        case "succeeded":
            return PaymentState.SUCCEEDED
        case "canceled":
            return PaymentState.DECLINED
        case _:
            return PaymentState.REGISTERED if stage == "card" else PaymentState.PENDING


async def check(town: Town) -> None:
    """What must hold when all has come to rest, of all seeds so far."""
    books = {key: (amount, status, stage) for key, amount, status, stage in town.asked(BOOKS)}
    payments = {str(one.id): one for one in await Payment.all()}
    assert payments.keys() == books.keys(), "a payment without an order, or the reverse"
    for key, (amount, status, stage) in books.items():
        ours = payments[key]
        assert (ours.total, ours.state) == (amount, state_of(status, stage)), ours.number
    charged = [amount for amount, status, _ in books.values() if status == "succeeded"]
    assert len(charged) == len(set(charged)), "somebody was charged twice"
    booked = [line.amount for line in await LedgerLine.filter(book="ACQUIRER")]
    assert sorted(booked) == sorted(charged), "the ledger isn't the acquirer's books"
    for intent in town.intents:
        assert len(intent.payments) <= 1, "a key gave two payments"
        assert intent.payments or intent.gives_up
        for found in intent.payments:
            shown = (await town.post(PAYMENT, intent, id=found))["payment"]
            assert shown is not None, "acknowledged and lost"
            assert shown["state"] == payments[str(key_in(found))].state


@pytest_asyncio.fixture
async def town(reader: QueryEngine, database: str, tmp_path: Path) -> AsyncGenerator[Town]:
    await given_terms()
    await publish(demo_editions())
    server = Server(free_port(), tmp_path)
    assassin, books = ServerKiller(server.kill), tmp_path / "books.sqlite"
    callbacks = f"{server.url}/webhooks/acquirer"
    with running(books, callback_url=callbacks, around=assassin.around) as sandbox:
        url = f"{sandbox.url}/v3"
        server.configure(database, url)
        try:
            await asyncio.to_thread(server.start)
            async with (
                open_client(reader, YooKassa(Shop("shop", "secret", url))) as api,
                httpx.AsyncClient(trust_env=False, timeout=30) as http,
            ):
                yield Town(server, assassin, api, books, http)
        finally:
            server.kill()


async def test_a_killed_server_loses_and_doubles_nothing(town: Town):
    for seed in range(FIRST, FIRST + KILLS):
        try:
            unanswered = await town.play(seed)
            await check(town)
            print(f"seed {seed}: killed {town.assassin.blow}, {unanswered} unanswered")  # noqa: T201 - with -rP
        except AssertionError as wrong:
            raise AssertionError(f"SEED={seed} KILLS=1, {town.assassin.blow}: {wrong}") from wrong
