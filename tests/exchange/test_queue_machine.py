"""Meters, readings, payments and tariffs in any order: what was refused is sent again, and it ends.

As an operator does it who knows nothing of what refers to what, and finds old files, too. The model
is what billing holds.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.exchange.models import ImportKind
from tests.support.database_reset import clear_tables
from tests.support.import_runner import NOW, ImportRunner
from tests.support.path_comparison import EXAMPLES

NUMBERS = ("0000000001", "0000000002")
ZONES = ("DAY", "NIGHT")
BILLED = {date(2026, 3, 1), date(2026, 4, 1)}
FIRST = date(2026, 3, 1)
LAST_TOLD = 9
"""Customers tell their readings by telephone up to this day, controllers come later."""
LONGEST_WAY = 3
"""Accounts, meters, readings: so often is a file sent that always comes before what it needs."""

TARIFFS = "SELECT category, zone, rubles_per_kwh::text, valid_from FROM tariff ORDER BY 1, 2, 4"
METERS = """
SELECT a.number, m.ratio::int, r.zone, r.digits FROM meter m JOIN account a ON a.id = m.account_id
JOIN register r ON r.meter_id = m.id ORDER BY 1, 3
"""
READINGS = """
SELECT a.number, r.zone, g.taken_on, g.value::int, g.source FROM reading g
JOIN register r ON r.id = g.register_id JOIN meter m ON m.id = r.meter_id
JOIN account a ON a.id = m.account_id WHERE g.state = 'ACCEPTED' ORDER BY 1, 2, 3
"""
PAYMENTS = """
SELECT p.external_id, a.number, p.paid_on, p.amount, i.period FROM received_payment p
JOIN account a ON a.id = p.account_id LEFT JOIN invoice i ON i.id = p.invoice_id ORDER BY 1
"""

days = st.integers(0, 90).map(lambda n: FIRST + timedelta(days=n))
late_days = days.filter(lambda day: day.day > LAST_TOLD + 1)
told_months = st.sampled_from([date(2026, month, 1) for month in (3, 4, 5)])
numbers, zones = st.sampled_from(NUMBERS), st.sampled_from(ZONES)
sources = st.sampled_from(["CONTROLLER", "ESTIMATED", "SMART"])


@dataclass(frozen=True)
class Billing:
    """What billing holds: by its natural keys."""

    prices: dict[tuple[str, date], int]
    meters: dict[str, tuple[int, int]]
    readings: dict[tuple[str, str, date], tuple[int, str]]
    told: dict[tuple[str, str, date], tuple[int, int]]
    """What customers have told for a month: one reading of a register, on some day of it."""
    payments: dict[str, tuple[str, date, int]]

    def tariffs(self) -> list[tuple[object, ...]]:
        of_zones = sorted(self.prices.items())
        return [("RURAL", zone, f"{n}.00000", since) for (zone, since), n in of_zones]

    def registers(self) -> list[tuple[object, ...]]:
        found = sorted(self.meters.items())
        return [(one, ratio, zone, digits) for one, (ratio, digits) in found for zone in ZONES]

    def older(self) -> "Billing":
        """What it held before: the same rows, and everything else in them."""
        return Billing(
            {key: price + 1 for key, price in self.prices.items()},
            {one: (ratio + 1, digits + 1) for one, (ratio, digits) in self.meters.items()},
            {key: (value + 1, "NETWORK_COMPANY") for key, (value, _) in self.readings.items()},
            {key: (LAST_TOLD - day, value) for key, (day, value) in self.told.items()},
            {
                key: (one, day + timedelta(days=31), kopecks + 1)
                for key, (one, day, kopecks) in self.payments.items()
            },
        )

    def counted(self) -> list[tuple[object, ...]]:
        by_day = self.readings | {
            (one, zone, month + timedelta(days=day)): (value, "CUSTOMER")
            for (one, zone, month), (day, value) in self.told.items()
        }
        return [(*key, *said) for key, said in sorted(by_day.items())]

    def received(self) -> list[tuple[object, ...]]:
        """A payment belongs to the bill of its month, if there is one."""
        found = sorted(self.payments.items())
        months = {day: day.replace(day=1) for _, (_, day, _) in found}
        return [
            (key, one, day, kopecks, months[day] if months[day] in BILLED else None)
            for key, (one, day, kopecks) in found
        ]


@dataclass(frozen=True)
class Delivery:
    """Files that are imported together; `lines` of each, the first of which is its columns."""

    kind: ImportKind
    files: tuple[tuple[str, ...], ...]
    days_old: int = 0

    async def load(self, importer: ImportRunner) -> tuple[int, bool]:
        """How many rows it has changed, and whether any was refused."""
        files = [importer.put(f"{n}.csv", "\n".join(lines)) for n, lines in enumerate(self.files)]
        as_of = NOW - timedelta(days=self.days_old)
        outcome = await importer.load(self.kind, *files, as_of=as_of)
        return outcome.run.rows_loaded, bool(outcome.faults)


@st.composite
def billings(draw: st.DrawFn) -> Billing:
    keys = st.sampled_from([f"P-{n}" for n in range(8)])
    return Billing(
        draw(st.dictionaries(st.tuples(zones, days), st.integers(1, 9), min_size=1, max_size=4)),
        {one: (draw(st.integers(1, 40)), draw(st.integers(4, 7))) for one in NUMBERS},
        draw(
            st.dictionaries(
                st.tuples(numbers, zones, late_days),
                st.tuples(st.integers(0, 9999), sources),
                min_size=2,
                max_size=8,
            )
        ),
        draw(
            st.dictionaries(
                st.tuples(numbers, zones, told_months),
                st.tuples(st.integers(0, LAST_TOLD - 1), st.integers(0, 9999)),
                min_size=1,
                max_size=4,
            )
        ),
        draw(
            st.dictionaries(
                keys, st.tuples(numbers, days, st.integers(1, 10**6)), min_size=2, max_size=8
            )
        ),
    )


def of_account(number: str, billing: Billing) -> list[Delivery]:
    ratio, digits = billing.meters[number]
    bills = [
        f"{number};{number}-{month:%m};{month:%Y-%m};{month};{month};0;0;0;0;0;0;1"
        for month in sorted(BILLED)
    ]
    return [
        Delivery(
            ImportKind.ACCOUNTS,
            ((ACCOUNT, f"{number};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL"),),
        ),
        Delivery(
            ImportKind.METERS,
            (
                (
                    "account;serial;model;ratio;installed_on",
                    f"{number};M;СЕ 102;{ratio};2019-03-01",
                ),
                (REGISTER, f"{number};M;DAY;1;T1;{digits}", f"{number};M;NIGHT;2;T2;{digits}"),
            ),
        ),
        Delivery(ImportKind.INVOICES, ((BILL, *bills),)),
    ]


ACCOUNT = "number;contract_number;contract_signed_on;address;house_kind;tariff_category"
REGISTER = "account;meter;zone;position;label;digits"
BILL = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh"
)


def of_everybody(billing: Billing) -> dict[ImportKind, tuple[str, list[str]]]:
    """Rows that a file may hold any of."""
    return {
        ImportKind.TARIFFS: (
            "category;zone;range_number;rubles_per_kwh;valid_from;order_reference",
            [f"RURAL;{zone};1;{n};{since};1" for (zone, since), n in billing.prices.items()],
        ),
        ImportKind.READINGS: (
            "account;meter;zone;value;taken_on;period;source",
            [
                f"{one};M;{zone};{value};{day};{day:%m.%Y};{source}"
                for one, zone, day, value, source in billing.counted()
            ],
        ),
        ImportKind.PAYMENTS: (
            "account;external_id;paid_on;amount;agent",
            [
                f"{one};{key};{day};{kopecks // 100},{kopecks % 100:02};Банк"
                for key, (one, day, kopecks) in billing.payments.items()
            ],
        ),
    }


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Billing, list[Delivery]]:
    """All rows in two files of a kind, which may share some, and some of the files twice."""
    billing = draw(billings())
    every = [one for number in NUMBERS for one in of_account(number, billing)]
    for kind, (columns, lines) in of_everybody(billing).items():
        first = [line for line in lines if draw(st.booleans())]
        others = [line for line in lines if line not in first or draw(st.booleans())]
        every += [Delivery(kind, ((columns, *part),)) for part in (first, others) if part]
    older = billing.older()
    every += [
        replace(one, days_old=1)
        for number in NUMBERS
        for one in of_account(number, older)
        if one.kind is ImportKind.METERS
    ]
    for kind, (columns, lines) in of_everybody(older).items():
        every.append(Delivery(kind, ((columns, *lines),), days_old=1))
    again = draw(st.lists(st.sampled_from(every), max_size=2))
    return billing, draw(st.permutations([*every, *again]))


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 50) or 3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deliveries())
async def test_whoever_sends_again_what_was_refused_comes_to_the_same_end(
    importer: ImportRunner, opened: asyncpg.Connection, drawn: tuple[Billing, list[Delivery]]
):
    billing, sent = drawn
    await clear_tables(opened)
    waiting = deque((delivery, 1) for delivery in sent)
    while waiting:
        delivery, times = waiting.popleft()
        _, is_refused = await delivery.load(importer)
        if is_refused:
            assert times < LONGEST_WAY, importer.faults()
            waiting.append((delivery, times + 1))

    async def assert_same() -> None:
        for query, expected in (
            (TARIFFS, billing.tariffs()),
            (METERS, billing.registers()),
            (READINGS, billing.counted()),
            (PAYMENTS, billing.received()),
        ):
            assert [tuple(row) for row in await opened.fetch(query)] == expected

    await assert_same()
    assert [await delivery.load(importer) for delivery in sent[-2:]] == [(0, False)] * 2
    await assert_same()
