"""Submission windows and the months that readings count for, in Python and in SQL."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.connection import get_connection

from lk_graphql.kit.periods import last_day, month_of, shift
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Meter
from lk_graphql.metering.service.rules import (
    DAYS_LEFT_SQL,
    OPEN_UNTIL_SQL,
    WINDOW_STATE_SQL,
    Closed,
    SubmissionWindow,
    WindowRuleTerms,
    closed_reason,
    days_left,
    open_until,
    window_on,
    window_sql,
    window_terms,
)
from tests.factories.accounts import given_account, given_link
from tests.factories.metering import given_window
from tests.support.client import ApiClient

WINDOW = """{ viewer { accounts { readingWindow {
  period opensOn closesOn openUntil isOpen isLate daysLeft closedBecause } } } }"""
ALWAYS = date(2012, 1, 1)
LATE, REFUSED = LatePolicy.NEXT_PERIOD, LatePolicy.REFUSED

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
rules = st.builds(
    WindowRuleTerms,
    valid_from=st.dates(date(2024, 1, 1), date(2027, 1, 1)).map(month_of),
    first_day=st.integers(1, 20),
    last_day=st.integers(20, 31),
    late_policy=st.sampled_from(LatePolicy),
    offline_days=st.just(0),
)


def terms(
    late: LatePolicy, first: int = 15, last: int = 25, since: date = ALWAYS
) -> WindowRuleTerms:
    return WindowRuleTerms(since, first, last, late, 0)


@pytest.mark.parametrize(
    ("today", "late", "period", "closed", "count"),
    [
        (date(2026, 11, 14), REFUSED, date(2026, 11, 1), Closed.NOT_YET_OPEN, 0),
        (date(2026, 11, 15), REFUSED, date(2026, 11, 1), None, 11),
        (date(2026, 11, 25), REFUSED, date(2026, 11, 1), None, 1),
        (date(2026, 11, 26), REFUSED, date(2026, 12, 1), Closed.ENDED, 0),
        (date(2026, 11, 26), LATE, date(2026, 12, 1), None, 5 + 11),
        (date(2026, 11, 30), LATE, date(2026, 12, 1), None, 1 + 11),
        (date(2026, 2, 26), LATE, date(2026, 3, 1), None, 3 + 11),
        (date(2028, 2, 26), LATE, date(2028, 3, 1), None, 4 + 11),
        (date(2026, 12, 1), LATE, date(2026, 12, 1), Closed.NOT_YET_OPEN, 0),
        (date(2026, 12, 31), LATE, date(2027, 1, 1), None, 1 + 11),
    ],
)
def test_a_day_belongs_to_a_window(
    today: date, late: LatePolicy, period: date, closed: Closed | None, count: int
):
    window = window_on(today, [terms(late)])

    assert window is not None
    assert window.period == period
    assert closed_reason(today, window) is closed
    assert days_left(today, window) == count


def test_late_readings_are_taken_until_the_month_ends_and_again_from_the_first_day():
    """Open on 26 February, closed from the first of March, open again on the 15th."""
    states = {
        day: open_until(day, window_on(day, [terms(LATE)]))
        for day in (date(2026, 2, 25) + timedelta(n) for n in range(20))
    }

    assert [day for day, until in states.items() if until is None] == [
        date(2026, 3, day) for day in range(1, 15)
    ]
    assert states[date(2026, 2, 25)] == date(2026, 2, 25)
    assert states[date(2026, 2, 26)] == states[date(2026, 2, 28)] == date(2026, 2, 28)
    assert states[date(2026, 3, 15)] == date(2026, 3, 25)


def test_a_window_from_the_first_day_goes_on_over_the_turn_of_the_month():
    window = window_on(date(2026, 12, 26), [terms(LATE, 1, 25)])

    assert open_until(date(2026, 12, 26), window) == date(2027, 1, 25)
    assert days_left(date(2026, 12, 26), window) == 6 + 25


def test_a_window_that_moves_is_counted_by_its_own_row():
    rows = [terms(LATE), terms(REFUSED, 1, 10, since=date(2027, 1, 1))]
    window = window_on(date(2026, 12, 30), rows)

    assert open_until(date(2026, 12, 30), window) == date(2027, 1, 10)
    assert days_left(date(2026, 12, 30), window) == 2 + 10


@given(days, st.lists(rules, min_size=1, max_size=3))
def test_the_days_left_are_the_days_on_which_readings_are_taken_for_the_period(
    today: date, rows: list[WindowRuleTerms]
):
    window = window_on(today, rows)
    if window is None or not window.is_open(today):
        assert (days_left(today, window), open_until(today, window)) == (0, None)
        return
    taken = [
        day
        for day in (today + timedelta(n) for n in range(70))
        if (later := window_on(day, rows)) and later.period == window.period and later.is_open(day)
    ]

    until = open_until(today, window)
    assert until
    assert days_left(today, window) == len(taken)
    assert {today, until} <= {*taken}
    assert (until - today).days + 1 == len([day for day in taken if day <= until])
    assert until + timedelta(1) not in taken


def test_a_day_that_the_month_lacks_is_its_last():
    window = window_on(date(2027, 2, 28), [terms(REFUSED, 20, 31)])
    assert window == SubmissionWindow(date(2027, 2, 1), date(2027, 2, 20), date(2027, 2, 28))


def test_a_new_rule_holds_from_its_month_on():
    rows = [terms(REFUSED), terms(REFUSED, 1, 20, since=date(2026, 12, 1))]
    assert window_on(date(2026, 11, 25), rows) == SubmissionWindow(
        date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 25)
    )
    assert window_on(date(2026, 11, 26), rows) == SubmissionWindow(
        date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 20)
    )


def test_without_a_rule_nothing_is_announced():
    assert window_on(date(2011, 1, 20), [terms(REFUSED)]) is None
    assert closed_reason(date(2011, 1, 20), None) is Closed.NOT_ANNOUNCED


@given(days, st.lists(rules, min_size=1, max_size=3))
def test_a_window_never_lies_behind_us_and_is_this_month_s_or_the_next(
    today: date, rows: list[WindowRuleTerms]
):
    window = window_on(today, rows)
    if window is None:
        return
    assert window.opens_on <= window.closes_on
    assert today <= window.closes_on <= last_day(window.period)
    assert window.period in (month_of(today), shift(month_of(today), 1))
    assert (days_left(today, window) > 0) == (closed_reason(today, window) is None)


async def window_by_api(api: ApiClient, token: str, today: date) -> dict[str, Any]:
    """The window by the API at noon in Novokuznetsk."""
    now = datetime.combine(today, time(5), UTC)
    answer = await api.ask(WINDOW, token, now=now)
    return answer["viewer"]["accounts"][0]["readingWindow"]


def window_by_rules(today: date, rows: list[WindowRuleTerms]) -> dict[str, Any]:
    """The window of a day by the Python rules."""
    window = window_on(today, rows)
    closed = closed_reason(today, window)
    return {
        "period": window and f"{window.period:%Y-%m}",
        "opensOn": window and window.opens_on.isoformat(),
        "closesOn": window and window.closes_on.isoformat(),
        "openUntil": (until := open_until(today, window)) and until.isoformat(),
        "isOpen": closed is None,
        "isLate": window is not None and window.is_late,
        "daysLeft": days_left(today, window),
        "closedBecause": closed,
    }


async def given_three_rules() -> list[WindowRuleTerms]:
    await given_window(20, 31, LATE, from_period=date(2026, 2, 1))
    await given_window(15, 25, from_period=date(2026, 4, 1))
    await given_window(1, 25, LATE, from_period=date(2026, 5, 1))
    return await window_terms()


HALF_A_YEAR = [date(2026, 1, 1) + timedelta(n) for n in range(180)]


async def test_sql_and_python_agree_day_by_day(database: str):
    rows = await given_three_rules()
    values = [
        "period",
        "opens_on",
        "closes_on",
        "is_late",
        OPEN_UNTIL_SQL,
        DAYS_LEFT_SQL,
        WINDOW_STATE_SQL,
    ]
    selected = ", ".join(f"{window_sql(value)} AS v{n}" for n, value in enumerate(values))
    query = f"SELECT {selected} FROM unnest($1::date[]) day".replace("{today}", "day")
    query = query.replace("{closed_on}", "NULL::date")
    connection: Any = get_connection("default")

    windows = await connection.execute_query_dict(query, [HALF_A_YEAR])

    for day, row in zip(HALF_A_YEAR, windows, strict=True):
        period, opens_on, closes_on, is_late, until, count, closed = row.values()
        window = period and SubmissionWindow(period, opens_on, closes_on, is_late)
        assert window == window_on(day, rows), day
        assert (closed or "NOT_ANNOUNCED") == (closed_reason(day, window) or "OPEN"), day
        assert open_until(day, window) == (until if closed == "OPEN" else None), day
        assert days_left(day, window) == (count if closed == "OPEN" else 0), day


async def test_the_cabinet_tells_it_whenever_it_changes(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    token, rows = await api.signed_in(anna), await given_three_rules()
    changes = [
        day
        for yesterday, day in pairwise(HALF_A_YEAR)
        if {**window_by_rules(day, rows), "daysLeft": 0}
        != {**window_by_rules(yesterday, rows), "daysLeft": 0}
    ]

    assert len(changes) > 10
    for day in changes:
        assert await window_by_api(api, token, day) == window_by_rules(day, rows), day


async def test_an_account_that_takes_none_says_why(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_window()
    token, today = await api.signed_in(anna), date(2026, 11, 20)

    async def closed() -> object:
        window = await window_by_api(api, token, today)
        assert window["isOpen"] is (window["closedBecause"] is None)
        assert (window["daysLeft"] == 6) is window["isOpen"]
        return window["closedBecause"]

    assert await closed() is None
    await Meter.all().update(reports_itself=True)
    assert await closed() == "METERS_REPORT_THEMSELVES"
    await Meter.all().update(removed_on=today)
    assert await closed() == "NO_METER"
    account.closed_on = today
    await account.save()
    assert await closed() == "NO_METER"
    account.closed_on = date(2026, 11, 19)
    await account.save()
    assert await closed() == "ACCOUNT_CLOSED"


@pytest.mark.parametrize(
    ("closed_on", "until", "count"),
    [
        (None, date(2026, 2, 28), 14),
        (date(2026, 3, 20), date(2026, 2, 28), 9),
        (date(2026, 3, 10), date(2026, 2, 28), 3),
        (date(2026, 2, 27), date(2026, 2, 27), 2),
    ],
)
async def test_an_account_that_closes_takes_readings_until_its_last_day(
    api: ApiClient, anna: Viewer, closed_on: date | None, until: date, count: int
):
    await given_link(anna, await given_account(closed_on=closed_on))
    await given_window(15, 25, LATE)
    today = date(2026, 2, 26)
    token = await api.signed_in(anna)

    window = await window_by_api(api, token, today)

    assert (window["openUntil"], window["daysLeft"]) == (until.isoformat(), count)
    rules_window = window_on(today, await window_terms())
    assert open_until(today, rules_window, closed_on) == until
    assert days_left(today, rules_window, closed_on) == count


@pytest.mark.parametrize("today", [date(2026, 11, 5), date(2026, 11, 20), date(2026, 11, 28)])
async def test_an_account_s_last_day_is_a_window_of_its_own(
    api: ApiClient, anna: Viewer, today: date
):
    await given_link(anna, await given_account(closed_on=today))
    await given_window(late_policy=LatePolicy.NEXT_PERIOD)
    token = await api.signed_in(anna)
    assert await window_by_api(api, token, today) == {
        "period": "2026-11",
        "opensOn": str(today),
        "closesOn": str(today),
        "isOpen": True,
        "isLate": False,
        "openUntil": str(today),
        "daysLeft": 1,
        "closedBecause": None,
    }
    after = await window_by_api(api, token, today + timedelta(days=1))
    assert (after["isOpen"], after["closedBecause"]) == (False, "ACCOUNT_CLOSED")


async def test_guests_may_know_when_readings_are_taken(api: ApiClient):
    ask = "{ publicSettings { readingRules { firstDay lastDay latePolicy offlineDays } } }"
    assert (await api.post(ask))["data"]["publicSettings"] == {"readingRules": None}

    await given_window(1, 25, LATE, offline_days=3)
    await given_window(9, 9, from_period=date(2999, 1, 1))
    assert (await api.post(ask))["data"]["publicSettings"]["readingRules"] == {
        "firstDay": 1,
        "lastDay": 25,
        "latePolicy": "NEXT_PERIOD",
        "offlineDays": 3,
    }
