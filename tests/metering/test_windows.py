"""Submission windows and the months that readings count for, in Python and in SQL."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tortoise.connection import get_connection

from lk_graphql.kit.periods import last_day, month_of, shift
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Meter
from lk_graphql.metering.service.rules import (
    DAYS_LEFT_SQL,
    WINDOW_STATE_SQL,
    Closed,
    SubmissionWindow,
    WindowRuleTerms,
    account_window,
    account_window_sql,
    closed_reason,
    window_on,
    window_terms,
)
from tests.factories.accounts import given_account, given_link
from tests.factories.metering import given_window
from tests.metering.window_model import closes_on, days_left
from tests.support.client import ApiClient

WINDOW = """{ viewer { accounts { readingWindow {
  period opensOn closesOn isOpen isLate daysLeft closedBecause } } } }"""
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
        (date(2026, 11, 26), LATE, date(2026, 12, 1), None, 5),
        (date(2026, 11, 30), LATE, date(2026, 12, 1), None, 1),
        (date(2026, 2, 26), LATE, date(2026, 3, 1), None, 3),
        (date(2028, 2, 26), LATE, date(2028, 3, 1), None, 4),
        (date(2026, 12, 1), LATE, date(2026, 12, 1), Closed.NOT_YET_OPEN, 0),
        (date(2026, 12, 31), LATE, date(2027, 1, 1), None, 1),
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


def told(today: date, rows: list[WindowRuleTerms]) -> tuple[date, date] | None:
    """The days of the window that is told on a day."""
    window = window_on(today, rows)
    return window and (window.first_on, window.last_on)


def test_the_late_window_ends_with_the_month():
    """Open on 26 February, closed from the first of March, open again on the 15th."""
    rows = [terms(LATE)]
    windows = {
        day: told(day, rows) for day in (date(2026, 2, 25) + timedelta(n) for n in range(20))
    }

    assert windows.pop(date(2026, 2, 25)) == (date(2026, 2, 15), date(2026, 2, 25))
    for day, window in windows.items():
        late = date(2026, 2, 26), date(2026, 2, 28)
        own = date(2026, 3, 15), date(2026, 3, 25)
        assert window == (late if day.month == 2 else own), day


def test_a_late_window_may_continue_into_the_next_one():
    """Late for November, open for December, without a break until the 25th."""
    assert told(date(2026, 11, 29), [terms(LATE, 1, 25)]) == (
        date(2026, 11, 26), date(2026, 12, 25)
    )  # fmt: skip


def test_a_window_from_the_first_day_goes_on_over_the_turn_of_the_month():
    rows = [terms(LATE, 1, 25)]

    assert told(date(2026, 12, 26), rows) == (date(2026, 12, 26), date(2027, 1, 25))
    assert days_left(date(2026, 12, 26), window_on(date(2026, 12, 26), rows)) == 6 + 25


def test_a_window_that_moves_is_counted_by_its_own_row():
    rows = [terms(LATE), terms(REFUSED, 1, 10, since=date(2027, 1, 1))]

    assert told(date(2026, 12, 30), rows) == (date(2026, 12, 26), date(2027, 1, 10))
    assert days_left(date(2026, 12, 30), window_on(date(2026, 12, 30), rows)) == 2 + 10


def accepted_for(day: date, closed_on: date | None, rows: list[WindowRuleTerms]) -> date | None:
    """The month for which readings of a day are accepted, as `readingsSubmit` decides it."""
    window = account_window(day, closed_on, rows)
    if window is None or closed_reason(day, window) or day > (closed_on or date.max):
        return None
    return window.period


@settings(deadline=None)
@given(
    st.integers(2024, 2028),
    st.lists(rules, min_size=1, max_size=3),
    st.none() | st.dates(date(2024, 1, 1), date(2028, 12, 31)),
)
def test_the_window_of_each_day_agrees_with_the_accepted_readings(
    year: int, rows: list[WindowRuleTerms], closed_on: date | None
):
    for today in (date(year, 1, 1) + timedelta(n) for n in range(365)):
        if closed_on and closed_on < today:
            break
        window = account_window(today, closed_on, rows)
        if window is None:
            assert accepted_for(today, closed_on, rows) is None
            continue
        first, last = window.first_on, closes_on(window, closed_on)
        is_open = closed_reason(today, window) is None
        is_accepted = accepted_for(today, closed_on, rows) is not None
        assert is_open == is_accepted == (first <= today <= last)
        assert max(first, today) <= last
        length = (last - max(first, today)).days + 1
        following = [max(first, today) + timedelta(n) for n in range(length)]
        months = [accepted_for(day, closed_on, rows) for day in following]
        assert None not in months
        assert {*months[:-1], months[-1] if last != closed_on else window.period} == {window.period}
        assert days_left(today, window, closed_on) == (len(months) if is_open else 0)
        if not is_open:
            waiting = [today + timedelta(n) for n in range((first - today).days)]
            assert {accepted_for(day, closed_on, rows) for day in waiting} == {None}


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
        "opensOn": window and window.first_on.isoformat(),
        "closesOn": window and window.last_on.isoformat(),
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


@pytest.mark.parametrize(
    "closed_on", [None, *(date(2026, month, day) for month in (3, 4, 5) for day in (1, 10, 28))]
)
async def test_sql_and_python_agree_day_by_day(database: str, closed_on: date | None):
    rows = await given_three_rules()
    values = ["period", "first_on", "last_on", "is_late", DAYS_LEFT_SQL, WINDOW_STATE_SQL]
    selected = ", ".join(f"{account_window_sql(value)} AS v{n}" for n, value in enumerate(values))
    query = f"SELECT {selected} FROM unnest($1::date[]) day".replace("{today}", "day")
    query = query.replace("{closed_on}", "$2::date")
    connection: Any = get_connection("default")
    last_day_of_account = closed_on or HALF_A_YEAR[-1]
    some_days = [day for day in HALF_A_YEAR if day <= last_day_of_account]

    windows = await connection.execute_query_dict(query, [some_days, closed_on])

    for day, row in zip(some_days, windows, strict=True):
        period, first_on, last_on, is_late, count, state = row.values()
        window = account_window(day, closed_on, rows)
        assert state == (closed_reason(day, window) or "OPEN"), day
        assert (count or 0) == days_left(day, window, closed_on), day
        if window is None:
            assert (period, first_on, last_on) == (None, None, None), day
        else:
            assert (period, first_on, bool(is_late)) == (
                window.period, window.first_on, window.is_late
            ), day  # fmt: skip
            assert last_on == closes_on(window, closed_on), day


async def test_the_api_has_the_window_of_each_day_on_which_it_changes(api: ApiClient, anna: Viewer):
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


async def test_an_account_without_a_window_has_the_reason(api: ApiClient, anna: Viewer):
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
    assert await window_by_api(api, token, today) == {
        **dict.fromkeys(("period", "opensOn", "closesOn")),
        "isOpen": False,
        "isLate": False,
        "daysLeft": 0,
        "closedBecause": "ACCOUNT_CLOSED",
    }


@pytest.mark.parametrize(
    ("closed_on", "until", "count"),
    [
        (None, date(2026, 2, 28), 3),
        (date(2026, 3, 10), date(2026, 2, 28), 3),
        (date(2026, 2, 27), date(2026, 2, 27), 2),
    ],
)
async def test_a_closing_account_s_window_ends_on_its_last_day(
    api: ApiClient, anna: Viewer, closed_on: date | None, until: date, count: int
):
    await given_link(anna, await given_account(closed_on=closed_on))
    await given_window(15, 25, LATE)
    today = date(2026, 2, 26)
    token = await api.signed_in(anna)

    window = await window_by_api(api, token, today)

    assert (window["closesOn"], window["daysLeft"]) == (until.isoformat(), count)


async def test_a_last_day_before_the_next_window_is_its_only_day(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account(closed_on=date(2026, 3, 10)))
    await given_window(15, 25, LATE)

    assert await window_by_api(api, await api.signed_in(anna), date(2026, 3, 2)) == {
        "period": "2026-03",
        "opensOn": "2026-03-10",
        "closesOn": "2026-03-10",
        "isOpen": False,
        "isLate": False,
        "daysLeft": 0,
        "closedBecause": "NOT_YET_OPEN",
    }


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
        "daysLeft": 1,
        "closedBecause": None,
    }
    after = await window_by_api(api, token, today + timedelta(days=1))
    assert (after["isOpen"], after["closedBecause"]) == (False, "ACCOUNT_CLOSED")


async def test_guests_may_read_the_rules_of_the_window(api: ApiClient):
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
