"""The way of each movement to billing and back: agreed, in processing, or a difference for staff.

The independent model of the supplier (`tests/year/model`) says what a file of payments means;
here stands only what the acts of staff add to it. `SEEDS=200` runs longer, `SEED=7` one seed.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    DifferenceResolution,
    DifferenceState,
    Payment,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.payments.service import differences, ledger
from tests.factories.accounts import given_bare_account, given_link
from tests.factories.payments import BALANCE, SUPERVISOR
from tests.support.client import ApiClient
from tests.support.import_runner import NOW, ImportRunner
from tests.year import population
from tests.year.model.cabinet import Cabinet, amount
from tests.year.model.files import File, Row, Sum, read_registry
from tests.year.model.money import rubles
from tests.year.model.postings import RegistryRow as Movement
from tests.year.model.tables import table

ANNA, BORIS = "0012345678", "0012345679"
PAID_ON = date(2026, 11, 22)
FIRST = int(os.environ.get("SEED") or 1)
SEEDS = int(os.environ.get("SEEDS") or (1 if os.environ.get("SEED") else 6))
STEPS = 22
SNAPSHOT = """
SELECT (SELECT json_agg(w ORDER BY id) FROM registry_row w)::text,
    (SELECT json_agg(d ORDER BY id) FROM payment_difference d)::text,
    (SELECT json_agg(p ORDER BY id) FROM payment p)::text,
    (SELECT json_agg(e ORDER BY id) FROM payment_event e)::text
"""
R = DifferenceResolution


@dataclass
class Life:
    """Two accounts, their movements in the cabinet, and billing's files."""

    payer: Viewer
    accounts: dict[str, Account]
    importer: ImportRunner
    opened: asyncpg.Connection
    cabinet: Cabinet
    clock: datetime = NOW
    accepted: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    """By number: the posting that staff have accepted; nothing at all is ("", 0)."""
    reported: set[str] = field(default_factory=set[str])
    last_file: list[Row] = field(default_factory=list[Row])

    # What customers and the acquirer do

    async def pay(self, amount: int, number: str = ANNA) -> Payment:
        account, key = self.accounts[number], f"ЛК-{len(self.cabinet.movements) + 1:07}"
        async with in_transaction():
            payment = await Payment.create(
                user_id=self.payer.id, number=key, state=PaymentState.SUCCEEDED, amount=amount,
                commission=0, provider="test", reference=key, page_url="",
                created_at=NOW, paid_at=NOW, changed_at=NOW,
            )  # fmt: skip
            part = await PaymentPart.create(
                payment=payment, account=account, position=1, account_number=number,
                contract_number="", address="", amount=amount, advance=0, names_invoice=False,
            )  # fmt: skip
            await ledger.record_payment(payment, [part], at=NOW)
        self.cabinet.pay(Movement(f"{key}-1", number, amount, NOW))
        return payment

    async def refund(self, payment: Payment, amount: int) -> str:
        """Refund a part of a payment; return the number of its movement."""
        part = await PaymentPart.get(payment_id=payment.id).select_related("account")
        async with in_transaction():
            refund = await Refund.create(
                payment=payment, part=part, amount=amount, reason="Оплачено дважды",
                staff_id=SUPERVISOR.id, request_key=new_key().hex, state=RefundState.SUCCEEDED,
                reference=new_key().hex, requested_at=NOW, ended_at=NOW,
            )  # fmt: skip
            await Payment.filter(id=payment.id).update(posted_at=None)
            await ledger.record_refund(refund, payment, part, at=NOW)
        row = await RegistryRow.get(line__entry__refund_id=refund.id)
        self.cabinet.pay(Movement(row.number, part.account.number, -amount, NOW))
        return row.number

    # What billing does

    async def post(self, *postings: tuple[str, str, int], age: timedelta = timedelta()) -> Any:
        """A file with the sum of each number, now or made some time ago."""
        self.clock += timedelta(minutes=1)
        rows: list[Row] = [
            {"external_id": number, "account": account, "amount": Sum(money), "paid_on": PAID_ON}
            for number, account, money in postings
        ]
        self.last_file = rows
        return await self.load(rows, self.clock - age)

    async def load(self, rows: list[Row], as_of: datetime) -> Any:
        lines = [
            f"{row['external_id']};{row['account']};2026-11-22;{rubles(amount(row['amount']))};Лк"
            for row in rows
        ]
        header = "external_id;account;paid_on;amount;agent"
        path = self.importer.put("payments.csv", "\n".join([header, *lines, ""]))
        outcome = await self.importer.load(ImportKind.PAYMENTS, path, as_of=as_of)
        assert outcome.faults == []
        self.cabinet.load([File("payments", "p.csv", b"", table("payments", rows))], as_of)
        return outcome

    # What staff do

    async def settle(self, difference: Difference, resolution: DifferenceResolution) -> None:
        await differences.settle(
            SUPERVISOR, difference.id, resolution, "Выяснено с биллингом", now=self.clock
        )
        row = await RegistryRow.get(id=difference.registry_row_id)
        if resolution is not R.BILLING_CORRECTS:
            self.accepted[row.number] = self.posted(row.number)
            self.reported.discard(row.number)

    async def report_unposted(self, number: str) -> Difference:
        key = await differences.report_unposted(number, now=self.clock)
        if number not in self.cabinet.differences():
            self.reported.add(number)
        return await Difference.get(id=key)

    # What must be true

    def posted(self, number: str) -> tuple[str, int]:
        return self.cabinet.payments.get(number, (None, "", 0))[1:]

    def is_accepted(self, number: str) -> bool:
        """Whether what staff have accepted is still what billing has."""
        if not self.cabinet.is_pending(number) or self.posted(number) != self.accepted.get(number):
            self.accepted.pop(number, None)
        return number in self.accepted

    def processing(self, account: str) -> int:
        return sum(
            row.amount - self.cabinet.booked(row)
            for row in self.cabinet.movements.values()
            if row.account == account and not self.is_accepted(row.external_id)
        )

    def differing(self) -> set[str]:
        of_files = {n for n in self.cabinet.differences() if not self.is_accepted(n)}
        self.reported = {n for n in self.reported if n not in self.cabinet.payments}
        return of_files | self.reported

    def pending(self) -> set[str]:
        movements = self.cabinet.movements
        return {n for n in movements if self.cabinet.is_pending(n) and not self.is_accepted(n)}

    async def check(self) -> None:
        rows = await RegistryRow.all().select_related("account", "payment")
        by_key = {row.id: row for row in rows}
        unsettled = await Difference.filter(settled_at=None)
        open_keys = {difference.registry_row_id for difference in unsettled}
        assert len(open_keys) == len(unsettled)
        for row in rows:
            places = (row.posted_amount == row.amount, row.posted_at is None, row.id in open_keys)
            assert places in {
                (True, False, False),  # agreed
                (False, True, False),  # in processing
                (False, True, True),  # in a difference, and in processing until it is settled
                (False, False, False),  # accepted by staff
            }, (row.number, places)
            all_posted = all(r.posted_at for r in rows if r.payment_id == row.payment_id)
            assert (row.payment.posted_at is not None) == all_posted
        assert {by_key[key].number for key in open_keys if key} == self.differing()
        for number in self.accounts:
            waiting = [r for r in rows if r.account.number == number and r.posted_at is None]
            shown = sum(row.amount - row.posted_amount for row in waiting)
            assert shown == self.processing(number)
        assert {row.external_id for row in await self.exported()} == self.pending()
        for row in await self.exported():
            assert row.amount == self.cabinet.movements[row.external_id].amount
            assert row.period is None

    async def exported(self) -> list[Movement]:
        since = datetime(2026, 1, 1, tzinfo=UTC)
        lines = export_rows(self.opened, ExportKind.PAYMENTS, ExportFormat.CSV, since=since)
        return read_registry(b"".join([line async for batch in lines for line in batch]))

    async def snapshot(self) -> tuple[object, ...]:
        return tuple(await self.opened.fetchrow(SNAPSHOT) or ())


@pytest.fixture
async def life(anna: Viewer, opened: asyncpg.Connection, database: str, tmp_path: Path) -> Life:
    accounts = {number: await given_bare_account(number) for number in (ANNA, BORIS)}
    await given_link(anna, accounts[ANNA])
    return Life(anna, accounts, ImportRunner(tmp_path), opened, Cabinet(population.rules()))


async def difference_of(number: str) -> Difference:
    return await Difference.get(registry_row__number=number, settled_at=None)


def kinds(found: Sequence[Difference]) -> list[tuple[str, str, str, str | None]]:
    return [(each.kind, each.ours, each.theirs, each.resolution) for each in found]


@pytest.mark.parametrize(
    ("account", "amount", "kind", "processing"),
    [
        (ANNA, 1_00, DifferenceKind.POSTED_AMOUNT, 10_700_63),
        (ANNA, 2 * 10_701_63, DifferenceKind.POSTED_AMOUNT, -10_701_63),
        (ANNA, -10_701_63, DifferenceKind.POSTED_AMOUNT, 2 * 10_701_63),
        (ANNA, 0, DifferenceKind.POSTING_REVERSED, 10_701_63),
        (BORIS, 10_701_63, DifferenceKind.POSTED_ACCOUNT, 10_701_63),
    ],
)
async def test_a_posting_that_isn_t_the_movement_is_a_difference_and_the_rest_stays_in_processing(
    life: Life, account: str, amount: int, kind: DifferenceKind, processing: int
):
    payment = await life.pay(10_701_63)
    number = f"{payment.number}-1"

    outcome = await life.post((number, account, amount))

    assert (outcome.posted, outcome.differing) == (0, 1)
    theirs = f"{account} {rubles(amount)}"
    assert kinds(await Difference.all()) == [(kind, f"{ANNA} 10701.63", theirs, None)]
    row = await RegistryRow.get(number=number)
    assert (row.posted_at, row.amount - row.posted_amount) == (None, processing)
    assert (await Payment.get()).posted_at is None
    await life.check()


async def test_a_refund_is_acknowledged_by_a_row_below_zero(life: Life):
    payment = await life.pay(100_00)
    refunded = await life.refund(payment, 40_00)
    await life.post((f"{payment.number}-1", ANNA, 100_00))
    assert life.processing(ANNA) == -40_00
    await life.check()

    outcome = await life.post((refunded, ANNA, -40_00))

    assert (outcome.posted, outcome.differing) == (1, 0)
    assert await life.exported() == []
    assert (await Payment.get()).posted_at is not None
    await life.check()


async def test_pieces_are_a_difference_until_they_add_up(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"
    results: list[tuple[int, int, int]] = []
    for posted in (30_00, 70_00, 100_00):
        outcome = await life.post((number, ANNA, posted))
        results.append((outcome.posted, outcome.differing, life.processing(ANNA)))
        await life.check()

    assert results == [(0, 1, 70_00), (0, 1, 30_00), (1, 0, 0)]
    assert kinds(await Difference.all().order_by("id")) == [
        ("POSTED_AMOUNT", f"{ANNA} 100.00", f"{ANNA} 30.00", "SUPERSEDED"),
        ("POSTED_AMOUNT", f"{ANNA} 100.00", f"{ANNA} 70.00", "CORRECTED"),
    ]


async def test_a_reversed_posting_is_in_processing_again(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"
    await life.post((number, ANNA, 100_00))
    assert (await Payment.get()).posted_at is not None

    outcome = await life.post((number, ANNA, 0))

    assert (outcome.posted, outcome.differing) == (0, 1)
    assert (await difference_of(number)).kind is DifferenceKind.POSTING_REVERSED
    assert (await Payment.get()).posted_at is None
    assert [row.external_id for row in await life.exported()] == [number]
    await life.check()


async def test_an_older_file_and_a_repeated_one_change_nothing(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"
    await life.post((number, ANNA, 1_00))
    before = await life.snapshot()

    for age in (timedelta(), timedelta(days=3)):
        amount = 1_00 if not age else 100_00
        outcome = await life.post((number, ANNA, amount), age=age)
        assert (outcome.posted, outcome.differing) == (0, 0)
        assert await life.snapshot() == before
    await life.check()


async def test_a_dry_run_finds_the_difference_and_records_nothing(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"
    before = await life.snapshot()
    text = f"external_id;account;paid_on;amount;agent\n{number};{ANNA};2026-11-22;1;Кабинет\n"

    outcome = await life.importer.load(
        ImportKind.PAYMENTS, life.importer.put("p.csv", text), is_dry_run=True
    )

    assert (outcome.posted, outcome.differing) == (0, 1)
    assert await life.snapshot() == before


@pytest.mark.parametrize("resolution", [R.POSTING_ACCEPTED, R.POSTED_ELSEWHERE])
async def test_an_accepted_posting_leaves_processing_until_billing_changes_it(
    life: Life, resolution: DifferenceResolution
):
    number = f"{(await life.pay(100_00)).number}-1"
    await life.post((number, BORIS, 100_00))

    await life.settle(await difference_of(number), resolution)

    assert life.processing(ANNA) == 0
    assert await life.exported() == []
    assert (await Payment.get()).posted_at is not None
    await life.check()
    assert (await life.post((number, BORIS, 100_00))).differing == 0  # the same is settled
    await life.check()
    assert (await life.post((number, BORIS, 99_00))).differing == 1
    assert life.processing(ANNA) == 100_00
    await life.check()
    assert (await life.post((number, ANNA, 100_00))).posted == 1
    assert (await life.post((number, BORIS, 100_00))).differing == 1  # not what was settled
    await life.check()


async def test_a_posting_to_be_corrected_is_in_processing_until_billing_s_file(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"
    await life.post((number, ANNA, 1_00))

    await life.settle(await difference_of(number), R.BILLING_CORRECTS)

    difference = await difference_of(number)
    assert difference.state is DifferenceState.AWAITING_BILLING
    assert life.processing(ANNA) == 99_00
    assert [row.external_id for row in await life.exported()] == [number]
    await life.check()
    assert (await life.post((number, ANNA, 1_00))).differing == 0
    assert (await life.post((number, ANNA, 100_00))).posted == 1
    await difference.refresh_from_db()
    assert (difference.state, difference.resolution, difference.settlement) == (
        DifferenceState.SETTLED, R.CORRECTED, "Выяснено с биллингом",
    )  # fmt: skip
    await life.check()


async def test_a_movement_that_billing_has_under_its_own_number_is_settled_by_staff(life: Life):
    number = f"{(await life.pay(100_00)).number}-1"

    difference = await life.report_unposted(number)
    assert (difference.kind, difference.theirs) == (DifferenceKind.NOT_POSTED, "")
    await life.check()
    await life.settle(difference, R.POSTED_ELSEWHERE)

    assert life.processing(ANNA) == 0
    assert await life.exported() == []
    await life.check()


async def test_the_customer_s_amount_due_is_the_same_until_a_decision(life: Life, api: ApiClient):
    """Balances come with the files: what is wrong in billing is made up by what is processing."""
    token = await api.signed_in(life.payer)
    number = f"{(await life.pay(100_00)).number}-1"

    async def shown(debt: int) -> tuple[str, str]:
        text = f"account;debt;penalty;overpayment;as_of\n{ANNA};{rubles(debt)};0;0;"
        path = life.importer.put("b.csv", f"{text}{life.clock:%Y-%m-%dT%H:%MZ}\n")
        await life.importer.load(ImportKind.PAYMENTS, path)
        (account,) = (await api.ask(BALANCE, token))["viewer"]["accounts"]
        return account["balance"]["processing"], account["balance"]["amountDue"]

    assert await shown(300_00) == ("100.00", "200.00")
    await life.post((number, ANNA, 1_00))
    assert await shown(299_00) == ("99.00", "200.00")
    await life.post((number, ANNA, 200_00))
    assert await shown(100_00) == ("-100.00", "200.00")
    await life.post((number, BORIS, 100_00))
    assert await shown(300_00) == ("100.00", "200.00")
    await life.post((number, ANNA, 100_00))
    assert await shown(200_00) == ("0.00", "200.00")


class Player:
    """A random sequence of everything above, checked after each step."""

    def __init__(self, life: Life, seed: int) -> None:
        self.life, self.chance = life, Random(seed)
        self.payments: list[Payment] = []

    async def step(self) -> None:
        acts = (self.pay, self.refund, self.post, self.post, self.post, self.repeat, self.settle)
        await self.chance.choice((*acts, self.settle, self.report))()
        await self.life.check()

    async def pay(self) -> None:
        account = self.chance.choice((ANNA, ANNA, BORIS))
        self.payments.append(await self.life.pay(self.chance.randint(2, 9) * 10_00, account))

    async def refund(self) -> None:
        if self.payments:
            await self.life.refund(self.chance.choice(self.payments), self.chance.randint(1, 3_00))

    async def post(self) -> None:
        rows = [*self.life.cabinet.movements.values()]
        some = self.chance.sample(rows, min(len(rows), self.chance.randint(1, 3)))
        ages = (timedelta(), timedelta(), timedelta(minutes=3))
        if some:
            await self.life.post(*(map(self.posting, some)), age=self.chance.choice(ages))

    def posting(self, row: Movement) -> tuple[str, str, int]:
        part = self.chance.randint(1, abs(row.amount)) * (1 if row.amount > 0 else -1)
        amounts = (row.amount, row.amount, row.amount, part, 2 * row.amount, 0, -row.amount)
        other = BORIS if row.account == ANNA else ANNA
        account = self.chance.choice((row.account, row.account, row.account, other))
        return row.external_id, account, self.chance.choice(amounts)

    async def repeat(self) -> None:
        """The last file once more, as of now or of then: nothing is written."""
        life = self.life
        if life.last_file and all(
            life.posted(str(row["external_id"])) == (row["account"], amount(row["amount"]))
            for row in life.last_file
        ):
            before = await life.snapshot()
            outcome = await life.load(life.last_file, life.clock)
            assert (outcome.posted, outcome.differing) == (0, 0)
            assert await life.snapshot() == before

    async def settle(self) -> None:
        unsettled = await Difference.filter(settled_at=None).order_by("id")
        if unsettled:
            resolutions = (R.POSTING_ACCEPTED, R.POSTED_ELSEWHERE, R.BILLING_CORRECTS)
            await self.life.settle(self.chance.choice(unsettled), self.chance.choice(resolutions))

    async def report(self) -> None:
        if pending := sorted(self.life.pending()):
            await self.life.report_unposted(self.chance.choice(pending))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SEEDS))
async def test_every_kopeck_is_in_one_place_whatever_happens(life: Life, seed: int):
    player = Player(life, seed)
    await player.pay()
    for _ in range(STEPS):
        await player.step()

    rows = life.cabinet.movements.values()
    await life.post(*((row.external_id, row.account, row.amount) for row in rows))
    assert await life.exported() == []
    assert not await Difference.exists(settled_at=None)
    assert life.processing(ANNA) == life.processing(BORIS) == 0
    await life.check()
