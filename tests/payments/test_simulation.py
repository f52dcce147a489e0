"""Payments in a world that goes wrong on purpose: whatever the seed, the money is right.

`make simulate SEEDS=1000` asks more seeds; a failure names its own, which plays the same again.
"""

import os
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
import pytest_asyncio

from lk_graphql.accounts.models import Account
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    AcquirerNotice,
    Difference,
    LedgerLine,
    Payment,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.payments.service import acquirer_notices, creation, ledger, refunds, states
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.review import PartRequest
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import AcquirerUnavailable, OrderStatus
from lk_graphql.ports.jobs import JobContext as JobWorld
from lk_graphql.ports.jobs.registry import JOBS
from tests.factories.accounts import LINKS, NOW, given_account, given_link, given_user
from tests.factories.payments import SUPERVISOR, given_terms
from tests.support.client import COMPANY
from tests.support.database_reset import clear_tables
from tests.support.model_acquirer import ModelAcquirer
from tests.support.simulation import Simulation, stepping

SEEDS = int(os.environ.get("SEEDS") or 100)
FIRST = int(os.environ.get("SEED") or 1)
PARTS = 4
KEYS, AMOUNTS = ("one", "two", "three"), (5_000, 7_000)
PAID = {PaymentState.SUCCEEDED, PaymentState.PARTIALLY_REFUNDED, PaymentState.REFUNDED}


@dataclass
class Play:
    """One seed's world."""

    seed: int
    dice: Random
    stage: Simulation
    acquirer: ModelAcquirer
    viewer: Viewer
    account: Account
    ports: Ports
    now: datetime = NOW
    acknowledged: dict[str, set[UUID]] = field(default_factory=dict[str, set[UUID]])
    billing: dict[str, int] = field(default_factory=dict[str, int])
    done: list[int] = field(default_factory=list[int])

    async def start(self, key: str, amount: int) -> None:
        wishes = PaymentRequest(
            (PartRequest(self.account.id, amount=Kopecks(amount)),), Kopecks(amount)
        )
        made = await creation.start(
            self.viewer, wishes, f"{key}/{amount}", acquirer=self.acquirer, company=COMPANY,
            links=LINKS, now=self.now,
        )  # fmt: skip
        self.acknowledged.setdefault(f"{key}/{amount}", set()).add(made)

    async def callback(self) -> None:
        if notice := self.acquirer.take_notice():
            await acquirer_notices.receive(notice, provider="model", now=self.now)

    async def refund(self) -> None:
        part = await PaymentPart.filter(payment__state__in=states.PAID).order_by("id").first()
        if part is not None:
            amount = Kopecks(self.dice.choice((1_000, 4_000, part.amount)))
            claim = refunds.RefundClaim(part.payment_id, 1, amount, "a test", new_key().hex)
            try:
                await refunds.request(SUPERVISOR, claim, now=self.now)
            except RefundRefused:
                return

    async def post(self) -> None:
        """Billing's day: what it is sent again under the same number, it knows."""
        rows = await RegistryRow.filter(posted_at=None).order_by("happened_at", "id")
        for row in rows:
            assert self.billing.setdefault(row.number, row.amount) == row.amount
        await ledger.acknowledge([row.number for row in rows], now=self.now)

    async def reconcile(self) -> None:
        await states.enqueue_checks(now=self.now)

    async def work(self, row: Any) -> None:
        """A job, as the worker does it: gone when it is done, there again when its worker dies."""
        ids = {name: UUID(key) for name, key in orjson.loads(row["payload"]).items()}
        try:
            await JOBS[row["entrypoint"]].handler(JobWorld(self.ports, COMPANY, self.now), **ids)
        except AcquirerUnavailable:
            return
        self.done.append(row["id"])  # the monitor is the stage's: it clears them away

    async def jobs(self) -> list[Any]:
        await self.stage.monitor.execute("DELETE FROM job WHERE id = ANY($1)", self.done)
        return await self.stage.monitor.fetch(
            "SELECT id, entrypoint, payload FROM job WHERE entrypoint <> 'payments.mail_receipt'"
            " ORDER BY id"
        )

    async def act(self) -> None:
        """Something happens."""
        match self.dice.randrange(15):
            case 0 | 1:
                key, amount = self.dice.choice(KEYS), self.dice.choice(AMOUNTS)
                self.stage.enter(f"start {key}/{amount} ", lambda: self.start(key, amount))
            case 2 | 3 | 4:
                self.acquirer.customer_acts()
            case 5 | 6:
                self.stage.enter("callback ", self.callback)
            case 7 | 8:
                self.stage.enter("refund ", self.refund)
            case 9 | 10:
                self.now += timedelta(minutes=self.dice.choice((1, 5, 60)))
                self.stage.enter("reconciler ", self.reconcile)
            case 11:
                self.stage.enter("billing ", self.post)
            case 12 if self.dice.random() < 0.5:
                await self.dice.choice((self.stage.kill_all, self.stage.restart_database))()
            case _:
                if waiting := await self.jobs():
                    row = self.dice.choice(waiting)
                    self.stage.enter(f"{row['entrypoint']} ", lambda: self.work(row))

    async def play(self) -> None:
        for _ in range(26):
            if len(self.stage.actors) < 4:
                await self.act()
            await self.stage.move(self.dice.randint(1, 14))
        await self.stage.finish()

    async def calm(self) -> None:
        """The weather clears, nobody dies: everything comes to its end."""
        self.acquirer.loss_rate = self.stage.deadly = 0
        for _ in range(2):
            looks = [one.look_at for one in await Payment.exclude(look_at=None) if one.look_at]
            self.now = max([self.now, *looks])
            await self.reconcile()
            for _ in range(20):
                if not (rows := await self.jobs()):
                    break
                for row in rows:
                    await self.work(row)
        await self.post()


def check_books(play: Play, lines: list[LedgerLine], rows: list[RegistryRow]) -> None:
    """Our ledger is the acquirer's books, and what billing hears of is our ledger."""
    theirs = sum(
        kept.amount - kept.refunded
        for kept in play.acquirer.books.values()
        if kept.status is OrderStatus.SUCCEEDED and kept.amount == kept.order.amount
    )
    assert sum([line.amount for line in lines if line.book == "ACQUIRER"]) == theirs
    assert sum([line.amount for line in lines]) == 0
    assert sum([row.amount for row in rows]) == theirs
    assert all(row.posted_at for row in rows), "billing hasn't posted all of it"
    assert sum(play.billing.values()) == theirs
    assert play.acquirer.overdrawn == 0, "more was to go back than was left"


async def check_inbox(play: Play) -> None:
    """Each notice is kept once, and was looked into."""
    kept = await AcquirerNotice.all()
    assert all(notice.done_at for notice in kept), "nobody looked into a notice"
    subjects = {
        *play.acquirer.books,
        *(f"refund-{key.hex}" for one in play.acquirer.books.values() for key in one.refunds),
    }
    assert {notice.subject for notice in kept} <= subjects, "a notice about nothing"
    once = {(notice.subject, notice.kind) for notice in kept}
    assert len(once) == len(kept), "a notice was kept twice"


async def check_differences(play: Play, known: dict[str, Payment]) -> None:
    """Staff are told of every order whose amount is wrong there, and of nothing else."""
    crooked = {
        known[reference].id
        for reference, kept in play.acquirer.books.items()
        if kept.amount != kept.order.amount
    }
    assert {one.payment_id for one in await Difference.all()} == crooked


async def check(play: Play) -> None:
    """What must hold when all has come to rest."""
    assert play.stage.failures == []
    payments = {payment.id: payment for payment in await Payment.all()}
    for key, made in play.acknowledged.items():
        assert len(made) == 1, f"{key} was charged twice"
        assert made <= payments.keys(), f"{key} was acknowledged and lost"
    known = {payment.reference: payment for payment in payments.values() if payment.reference}
    for reference, kept in play.acquirer.books.items():
        assert reference in known, "an order without a payment"
        is_paid = kept.status is OrderStatus.SUCCEEDED and kept.amount == kept.order.amount
        assert (known[reference].state in PAID) == is_paid, known[reference].state
        assert known[reference].refunded == kept.refunded <= kept.amount
    assert len(known) == len(play.acquirer.books), "a payment without an order"
    check_books(play, await LedgerLine.all(), await RegistryRow.all())
    assert await Refund.filter(state=RefundState.REQUESTED).count() == 0
    await check_inbox(play)
    await check_differences(play, known)
    still = [payment for payment in payments.values() if payment.state not in states.OPEN]
    assert all(payment.look_at is None for payment in still), "asked for ever"


@dataclass
class Theatre:
    """What all seeds share."""

    opened: asyncpg.Connection
    dsn: str

    async def play(self, seed: int) -> Play:
        await clear_tables(self.opened)
        await given_terms()
        viewer, account = await given_user("anna@example.com"), await given_account()
        await given_link(viewer, account)
        dice = Random(seed)
        stage = Simulation(dice, self.opened, deadly=dice.choice((0, 0.01, 0.03)))
        acquirer = ModelAcquirer(dice, loss_rate=dice.choice((0, 0.1, 0.3)), forgery_rate=0.05)
        ports: Any = _Outside(acquirer)
        play = Play(seed, dice, stage, acquirer, viewer, account, ports)
        async with stepping():
            await play.play()
            await play.calm()
        return play


@dataclass(frozen=True)
class _Outside:
    """The one port that the jobs of payments use here; mails are left in the queue."""

    acquirer: ModelAcquirer


@pytest_asyncio.fixture
async def theatre(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[Theatre]:
    yield Theatre(opened, dsn)


@pytest.mark.parametrize("part", range(PARTS))
async def test_whatever_goes_wrong_the_money_is_right(theatre: Theatre, part: int):
    for seed in range(FIRST + part, FIRST + SEEDS, PARTS):
        play = await theatre.play(seed)
        try:
            await check(play)
        except AssertionError as wrong:
            told = "\n".join(play.stage.trace[-60:])
            raise AssertionError(f"SEED={seed} SEEDS=1: {wrong}\n{told}") from wrong


async def test_a_seed_plays_the_same_again(theatre: Theatre):
    first, again = await theatre.play(7), await theatre.play(7)

    assert len(first.stage.trace) > 100
    assert first.stage.trace == again.stage.trace
