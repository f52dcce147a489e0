"""Meters, readings, payments and tariffs in random order, with refused files sent again.

This is the procedure of an operator who doesn't know the dependencies and also sends old files. The
model holds the data of billing.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import date, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.import_formats.service.kinds import ImportKind
from tests.support.database_reset import clear_tables
from tests.support.import_runner import NOW, ImportRunner
from tests.support.path_comparison import EXAMPLES

NUMBERS = ("0000000001", "0000000002")
ZONES = ("DAY", "NIGHT")
BILLED = {date(2026, 3, 1), date(2026, 4, 1)}
FIRST = date(2026, 3, 1)
LAST_PHONE_DAY = 9
"""Last day for readings by telephone; controllers read later."""
MAX_ATTEMPTS = 3
"""Maximum attempts of a file: the length of the dependency chain (accounts, meters, readings)."""

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

days = st.integers(0, 90).map(lambda number: FIRST + timedelta(days=number))
late_days = days.filter(lambda day: day.day > LAST_PHONE_DAY + 1)
phone_months = st.sampled_from([date(2026, month, 1) for month in (3, 4, 5)])
numbers, zones = st.sampled_from(NUMBERS), st.sampled_from(ZONES)
HIGHEST = 9998
"""A reading that a register of four digits has, also one kWh later: the version of an old file."""
sources = st.sampled_from(["CONTROLLER", "ESTIMATED", "SMART"])


@dataclass(frozen=True)
class Billing:
    """Data of billing, by natural keys."""

    prices: dict[tuple[str, date], int]
    meters: dict[str, tuple[int, int]]
    readings: dict[tuple[str, str, date], tuple[int, str]]
    phone_readings: dict[tuple[str, str, date], tuple[int, int]]
    """Readings by telephone: one a register and month, on some day of it."""
    payments: dict[str, tuple[str, date, int]]

    def tariffs(self) -> list[tuple[object, ...]]:
        of_zones = sorted(self.prices.items())
        return [("RURAL", zone, f"{number}.00000", since) for (zone, since), number in of_zones]

    def registers(self) -> list[tuple[object, ...]]:
        meters = sorted(self.meters.items())
        return [
            (account, ratio, zone, digits) for account, (ratio, digits) in meters for zone in ZONES
        ]

    def older(self) -> "Billing":
        """An older state: the same rows with other values."""
        return Billing(
            {key: price + 1 for key, price in self.prices.items()},
            {account: (ratio + 1, digits + 1) for account, (ratio, digits) in self.meters.items()},
            {key: (value + 1, "NETWORK_COMPANY") for key, (value, _) in self.readings.items()},
            {
                key: (LAST_PHONE_DAY - day, value)
                for key, (day, value) in self.phone_readings.items()
            },
            {
                key: (account, day + timedelta(days=31), kopecks + 1)
                for key, (account, day, kopecks) in self.payments.items()
            },
        )

    def counted(self) -> list[tuple[object, ...]]:
        by_day = self.readings | {
            (account, zone, month + timedelta(days=day)): (value, "CUSTOMER")
            for (account, zone, month), (day, value) in self.phone_readings.items()
        }
        return [(*key, *values) for key, values in sorted(by_day.items())]

    def received(self) -> list[tuple[object, ...]]:
        """Payments with the bill of their month, if there is one."""
        payments = sorted(self.payments.items())
        months = {day: day.replace(day=1) for _, (_, day, _) in payments}
        return [
            (key, account, day, kopecks, months[day] if months[day] in BILLED else None)
            for key, (account, day, kopecks) in payments
        ]


@dataclass(frozen=True)
class Delivery:
    """Files of one import; the first of a file's `lines` is the header."""

    kind: ImportKind
    files: tuple[tuple[str, ...], ...]
    days_old: int = 0

    async def load(self, importer: ImportRunner) -> tuple[int, bool]:
        """Import the files; return the number of changed rows and whether any was refused."""
        files = [
            importer.put(f"{number}.csv", "\n".join(lines))
            for number, lines in enumerate(self.files)
        ]
        as_of = NOW - timedelta(days=self.days_old)
        outcome = await importer.load(self.kind, *files, as_of=as_of)
        return outcome.run.rows_loaded, bool(outcome.faults)


@st.composite
def billings(draw: st.DrawFn) -> Billing:
    keys = st.sampled_from([f"P-{number}" for number in range(8)])
    return Billing(
        draw(st.dictionaries(st.tuples(zones, days), st.integers(1, 9), min_size=1, max_size=4)),
        {account: (draw(st.integers(1, 40)), draw(st.integers(4, 7))) for account in NUMBERS},
        draw(
            st.dictionaries(
                st.tuples(numbers, zones, late_days),
                st.tuples(st.integers(0, HIGHEST), sources),
                min_size=2,
                max_size=8,
            )
        ),
        draw(
            st.dictionaries(
                st.tuples(numbers, zones, phone_months),
                st.tuples(st.integers(0, LAST_PHONE_DAY - 1), st.integers(0, HIGHEST)),
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


def account_files(number: str, billing: Billing) -> list[Delivery]:
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


def shared_files(billing: Billing) -> dict[ImportKind, tuple[str, list[str]]]:
    """Header and rows of files that may hold any part of them."""
    return {
        ImportKind.TARIFFS: (
            "category;zone;range_number;rubles_per_kwh;valid_from;order_reference",
            [
                f"RURAL;{zone};1;{number};{since};1"
                for (zone, since), number in billing.prices.items()
            ],
        ),
        ImportKind.READINGS: (
            "account;meter;zone;value;taken_on;period;source",
            [
                f"{account};M;{zone};{value};{day};{day:%m.%Y};{source}"
                for account, zone, day, value, source in billing.counted()
            ],
        ),
        ImportKind.PAYMENTS: (
            "account;external_id;paid_on;amount;agent",
            [
                f"{account};{key};{day};{kopecks // 100},{kopecks % 100:02};Банк"
                for key, (account, day, kopecks) in billing.payments.items()
            ],
        ),
    }


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Billing, list[Delivery]]:
    """All rows in two overlapping files of each kind, some of the files twice."""
    billing = draw(billings())
    all_deliveries = [delivery for number in NUMBERS for delivery in account_files(number, billing)]
    for kind, (columns, lines) in shared_files(billing).items():
        first = [line for line in lines if draw(st.booleans())]
        remainder = [line for line in lines if line not in first or draw(st.booleans())]
        all_deliveries += [
            Delivery(kind, ((columns, *part),)) for part in (first, remainder) if part
        ]
    older = billing.older()
    all_deliveries += [
        replace(delivery, days_old=1)
        for number in NUMBERS
        for delivery in account_files(number, older)
        if delivery.kind is ImportKind.METERS
    ]
    for kind, (columns, lines) in shared_files(older).items():
        all_deliveries.append(Delivery(kind, ((columns, *lines),), days_old=1))
    repeated = draw(st.lists(st.sampled_from(all_deliveries), max_size=2))
    return billing, draw(st.permutations([*all_deliveries, *repeated]))


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 50) or 3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deliveries())
async def test_repeating_the_refused_deliveries_leads_to_the_same_rows(
    importer: ImportRunner, opened: asyncpg.Connection, example: tuple[Billing, list[Delivery]]
):
    billing, sequence = example
    await clear_tables(opened)
    waiting = deque((delivery, 1) for delivery in sequence)
    while waiting:
        delivery, times = waiting.popleft()
        _, is_refused = await delivery.load(importer)
        if is_refused:
            assert times < MAX_ATTEMPTS, importer.faults()
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
    assert [await delivery.load(importer) for delivery in sequence[-2:]] == [(0, False)] * 2
    await assert_same()
