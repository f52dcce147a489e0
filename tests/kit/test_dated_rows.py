"""Dated rows: the newest start wins, whatever the order and the ends of the rows."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from random import Random

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.kit.dated_rows import newest, newest_set, newest_sql

START = date(2026, 1, 1)


@dataclass(frozen=True)
class Price:
    valid_from: date
    valid_to: date | None = None
    range_number: int = 1


def day(number: int) -> date:
    return START + timedelta(days=number)


def open_or_bounded(start: int) -> st.SearchStrategy[Price]:
    ends = st.none() | st.integers(0, 30).map(lambda length: day(start + length))
    return ends.map(lambda end: Price(day(start), end))


series = st.lists(st.integers(0, 60), unique=True, max_size=6).flatmap(
    lambda starts: st.tuples(*map(open_or_bounded, starts))
)


def expected(rows: tuple[Price, ...], on: date) -> Price | None:
    """The rule in its own words: look back from the day for the start of a row that holds."""
    for days_before in range((on - START).days + 1):
        for row in rows:
            is_start = row.valid_from == on - timedelta(days=days_before)
            if is_start and (row.valid_to is None or row.valid_to >= on):
                return row
    return None


@given(series, st.integers(0, 90).map(day), st.randoms())
def test_the_newest_start_that_holds_wins_in_any_order(
    rows: tuple[Price, ...], on: date, chance: Random
):
    shuffled = [*rows]
    chance.shuffle(shuffled)

    assert newest(shuffled, on) == newest(rows, on) == expected(rows, on)


@pytest.mark.parametrize("order", [*permutations(range(2))])
def test_an_open_ended_row_ends_where_a_newer_one_starts(order: tuple[int, int]):
    """D13: the older of two rows without an end was taken, if it came first."""
    both = (Price(START), Price(date(2026, 10, 1)))
    rows = [both[number] for number in order]

    assert newest(rows, date(2026, 9, 30)) == both[0]
    assert newest(rows, date(2026, 10, 1)) == both[1]
    assert newest(rows, date(2025, 12, 31)) is None


def test_all_rows_of_the_newest_start_are_one_set():
    old = [Price(START, range_number=number) for number in (1, 2, 3)]
    new = [Price(date(2026, 10, 1), range_number=number) for number in (1, 2)]

    assert newest_set([*new, *old], date(2026, 9, 30)) == old
    assert newest_set([*old, *new], date(2026, 10, 1)) == new


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=series, on=st.integers(0, 90).map(day))
async def test_sql_makes_the_same_choice(
    opened: asyncpg.Connection, rows: tuple[Price, ...], on: date
):
    values = ", ".join(
        f"('{row.valid_from}'::date, nullif('{row.valid_to}', 'None')::date)" for row in rows
    )
    empty = "(NULL::date, NULL::date)"
    table = f"(VALUES {values or empty}) price (valid_from, valid_to)"
    sql = newest_sql("valid_from, valid_to", table, "$1::date", end="valid_to")

    found = await opened.fetchrow(sql, on)

    assert (found and Price(*found)) == newest(rows, on)
