"""Readings as people type them and as telephones date them: taken rightly, or refused precisely."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Meter, Reading, WindowRule
from tests.factories.accounts import given_session
from tests.factories.metering import TODAY, Home, noon

BLANK = "Напишите число цифрами, например 120 или 120,5."
TAKEN = [
    "22600",
    "22 600",
    "22\u00a0600",
    "22\u202f600,0",
    " 22600\n",
    "0022600",
    "２２６００",
    "22600.00",
]
MALFORMED = {
    "22600.": BLANK,
    "+22600": f"{BLANK} Знак 1 — «+».",
    "22 600 кВт·ч": f"{BLANK} Знак 8 — кириллическая «к».",
    "2.26e4": f"{BLANK} Знак 5 — латинская «e».",
    "٢٢٦٠٠": f"{BLANK} Знак 1 — цифра «٢» другого письма.",
    "NaN": f"{BLANK} Знак 1 — латинская «N».",
    "22600²": f"{BLANK} Знак 6 — «²».",
    "②②⑥⓪⓪": f"{BLANK} Знак 1 — «②».",
    "22600½": f"{BLANK} Знак 6 — «½».",
    "22600 51300": BLANK,
}
MINUS = "Показание не бывает отрицательным: передайте его без минуса."
WHOLE = "У этого счётчика нет цифр после запятой: передайте целое число."
REFUSED = {
    "-22600": ("TOO_MANY_DIGITS", MINUS),
    "−1": ("TOO_MANY_DIGITS", MINUS),
    "100000": ("TOO_MANY_DIGITS", "Цифр до запятой на этом счётчике — не больше 5."),
    "22600,5": ("TOO_MANY_DECIMALS", WHOLE),
    "22.600": ("TOO_MANY_DECIMALS", WHOLE),
    "-0": ("BELOW_PREVIOUS", "Показание 0 меньше предыдущего (22\u00a0400)."),
}


@pytest.mark.parametrize("typed", TAKEN)
async def test_a_typed_reading_is_read_in_usual_notations(home: Home, typed: str):
    payload = await home.submit(typed, 51300)

    assert payload["entries"][0]["errors"] == payload["errors"] == []
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


@pytest.mark.parametrize("typed", MALFORMED)
async def test_a_reading_that_is_no_number_is_refused_with_its_character(home: Home, typed: str):
    payload = await home.submit(typed, 51300)

    (error,) = payload["errors"]
    assert (error["code"], error["path"]) == ("NUMBER_MALFORMED", ["entries", "0", "value"])
    assert error["message"] == MALFORMED[typed]
    assert await home.states(home.night) == []


@pytest.mark.parametrize("typed", REFUSED)
async def test_a_reading_that_the_register_cannot_show_is_refused(home: Home, typed: str):
    payload = await home.submit(typed, 51300)

    (error,) = payload["entries"][0]["errors"]
    assert error["path"] == ["entries", "0", "value"]
    assert (error["code"], error["message"]) == REFUSED[typed]
    assert (await home.states(home.day), len(await home.states(home.night))) == ([], 1)


@pytest.mark.parametrize(
    ("taken_at", "code", "message"),
    [
        ("2026-11-20T12:11:00+07:00", "TAKEN_IN_FUTURE", "часы"),
        ("2026-12-01T12:00:00+07:00", "TAKEN_IN_FUTURE", "часы"),
        ("2027-11-20T12:00:00+07:00", "TAKEN_IN_FUTURE", "часы"),
        ("9999-12-29T00:00:00Z", "TAKEN_IN_FUTURE", "часы"),
        ("2025-11-20T12:00:00+07:00", "TAKEN_TOO_LONG_AGO", "слишком давно"),
        ("2026-10-20T12:00:00+07:00", "TAKEN_TOO_LONG_AGO", "слишком давно"),
        ("1970-01-01T00:00:00Z", "TAKEN_TOO_LONG_AGO", "слишком давно"),
        ("0001-01-02T00:00:00Z", "TAKEN_TOO_LONG_AGO", "слишком давно"),
    ],
)
@pytest.mark.parametrize("late_policy", LatePolicy)
async def test_a_wrong_clock_is_named_as_such(
    home: Home, taken_at: str, code: str, message: str, late_policy: LatePolicy
):
    """A telephone whose battery was empty begins in 1970; the window of that month is no answer."""
    await WindowRule.all().update(offline_days=3, late_policy=late_policy)
    count = await Reading.all().count()

    payload = await home.submit(22600, 51300, takenAt=taken_at)

    for entry in payload["entries"]:
        (error,) = entry["errors"]
        assert (error["code"], error["path"]) == (code, ["takenAt"])
        assert message in error["message"]
    preview = (await home.preview(22600, 51300, takenAt=taken_at))["preview"]
    assert [error["code"] for error in preview["entries"][0]["errors"]] == [code]
    assert await Reading.all().count() == count


@pytest.mark.parametrize("taken_at", ["1970-01-01T00:00:00Z", "2026-11-10T12:00:00+07:00"])
async def test_a_closed_window_is_reported_before_a_wrong_moment(home: Home, taken_at: str):
    home.api.clock.now = noon(date(2026, 11, 28))

    payload = await home.submit(22600, 51300, takenAt=taken_at)

    (error,) = payload["entries"][0]["errors"]
    assert error["code"] == "WINDOW_CLOSED"
    assert error["message"] == "Показания принимаются с 15.12.2026 по 25.12.2026."


async def test_a_fast_clock_does_not_leave_the_window_s_last_day(home: Home):
    """At 23:55 of the 25th a telephone shows 00:03 of the 26th."""
    home.api.clock.now = datetime(2026, 11, 25, 16, 55, tzinfo=UTC)
    fast = home.api.clock.now + timedelta(minutes=8)

    payload = await home.submit(22600, 51300, takenAt=fast.isoformat())

    assert payload["entries"][0]["errors"] == []
    reading = payload["entries"][0]["reading"]
    assert (reading["takenOn"], reading["period"]) == ("2026-11-25", "2026-11")


async def test_a_fast_clock_makes_no_reading_of_tomorrow(home: Home):
    home.api.clock.now = datetime(2026, 11, 20, 16, 55, tzinfo=UTC)
    fast = home.api.clock.now + timedelta(minutes=8)
    await home.submit(22600, 51300, takenAt=fast.isoformat())

    payload = await home.submit(22610, 51310)

    assert payload["entries"][0]["errors"] == []
    assert await home.states(home.day) == [(22600, "SUPERSEDED"), (22610, "ACCEPTED")]


@pytest.mark.parametrize(
    ("installed_on", "is_taken"),
    [(TODAY, True), (date(2026, 11, 21), False), (date(2027, 2, 1), False)],
)
async def test_a_meter_shows_nothing_before_it_is_installed(
    home: Home, installed_on: date, *, is_taken: bool
):
    await Reading.all().delete()
    await Meter.all().update(installed_on=installed_on)

    payload = await home.submit(22600, 51300)

    codes = [[error["code"] for error in entry["errors"]] for entry in payload["entries"]]
    assert codes == [[] if is_taken else ["TAKEN_BEFORE_PREVIOUS"]] * 2
    if not is_taken:
        assert payload["entries"][0]["errors"][0]["message"] == (
            f"Этот счётчик установлен {installed_on:%d.%m.%Y}: "
            "более раннее показание относится к прежнему."
        )
    assert await Reading.all().count() == 2 * is_taken


async def test_an_offline_reading_is_not_of_the_meter_that_came_after_it(home: Home):
    await WindowRule.all().update(offline_days=3)
    await Reading.all().delete()
    await Meter.all().update(installed_on=date(2026, 11, 19))

    old = await home.submit(22600, 51300, takenAt="2026-11-18T12:00:00+07:00")
    new = await home.submit(3, 1, takenAt="2026-11-19T12:00:00+07:00")

    assert [error["path"] for error in old["entries"][0]["errors"]] == [["takenAt"]]
    assert [entry["errors"] for entry in new["entries"]] == [[], []]


@pytest.mark.parametrize("day", [28, 29])
async def test_readings_are_accepted_until_the_last_day_of_february(
    home: Home, anna: Viewer, day: int
):
    await WindowRule.all().update(first_day=20, last_day=31)
    home.api.clock.now = noon(date(2028, 2, day))
    home.token = await given_session(await User.get(id=anna.id), home.api.clock.now)

    payload = await home.submit(24600, 52300)

    assert [entry["errors"] for entry in payload["entries"]] == [[], []]
    assert payload["entries"][0]["reading"]["period"] == "2028-02"


@pytest.mark.parametrize("pasted", [" {}\n", "<{}>", "{}\u200b"])
async def test_a_confirmation_s_token_is_read_as_it_was_pasted(home: Home, pasted: str):
    token = (await home.submit(29900, 51300))["confirmToken"]

    for spelling in (pasted.format(token), token):
        payload = await home.confirm(spelling, key="once")
        assert [error["code"] for error in payload["errors"]] == []
    assert await home.states(home.day) == [(29900, "ON_REVIEW")]
