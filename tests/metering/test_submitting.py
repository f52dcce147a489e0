"""Submission of readings over HTTP: acceptance, refusals, confirmation, withdrawal."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import (
    AnomalyRule,
    LatePolicy,
    Meter,
    Reading,
    ReadingSource,
    ReadingState,
    Register,
    WindowRule,
)
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_bare_account, given_invoice, given_meter
from tests.factories.metering import TODAY, Home, given_read, noon
from tests.support.sql_recorder import RecordingDatabase, Statement, recording

ACCEPTED, WAITS = "ACCEPTED_FOR_BILLING", "NEEDS_CONFIRMATION"
NOVEMBER = date(2026, 11, 1)


def statuses(payload: dict[str, Any]) -> list[str]:
    assert payload["errors"] == []
    return [entry["status"] for entry in payload["entries"]]


def codes(payload: dict[str, Any]) -> list[list[str]]:
    """The error codes of each entry."""
    return [[error["code"] for error in entry["errors"]] for entry in payload["entries"]]


async def count_submitted() -> int:
    return await Reading.filter(submitted_by_id__isnull=False).count()


async def test_both_zones_are_accepted_in_one_call(home: Home, anna: Viewer):
    payload = await home.submit(22600, 51300)

    assert statuses(payload) == [ACCEPTED, ACCEPTED]
    assert payload["confirmToken"] is None
    entry = payload["entries"][0]
    assert entry["registerId"] == to_public("reg", home.day.id)
    assert entry["reading"].pop("id").startswith("rdg_")
    assert entry["reading"] == {
        "value": "22600",
        "period": "2026-11",
        "takenOn": "2026-11-20",
        "takenAt": None,
        "state": "ACCEPTED",
        "source": "CUSTOMER",
        "findings": [],
    }
    assert await count_submitted() == 2


async def test_each_user_of_the_account_gets_one_notice_of_accepted_readings(
    home: Home, boris: Viewer
):
    await AccountLink.create(
        account=home.account,
        user_id=boris.id,
        role="MEMBER",
        state=LinkState.ACTIVE,
        linked_at=noon(TODAY),
        changed_at=noon(TODAY),
    )
    await home.submit(22600, 51300, idempotencyKey="again")
    await home.submit(22600, 51300, idempotencyKey="again")

    assert await Notice.filter(kind=NoticeKind.READINGS_ACCEPTED, period=NOVEMBER).count() == 2


async def test_a_later_reading_replaces_an_earlier_one(home: Home):
    await home.submit(22600, 51300)
    await home.submit(22610, 51300)

    assert await home.states(home.day) == [(22600, "SUPERSEDED"), (22610, "ACCEPTED")]
    assert await home.states(home.night) == [(51300, "SUPERSEDED"), (51300, "ACCEPTED")]


async def test_one_bad_entry_does_not_touch_the_others(home: Home):
    payload = await home.submit(22600, 512000)

    assert statuses(payload) == [ACCEPTED, "REJECTED"]
    assert codes(payload) == [[], ["TOO_MANY_DIGITS"]]
    assert payload["entries"][1]["reading"] is None
    assert payload["entries"][1]["errors"][0]["path"] == ["entries", "1", "value"]
    assert await count_submitted() == 1


async def test_an_atomic_submission_saves_nothing_and_reports_all_faults(home: Home):
    payload = await home.submit("22600.5", 51000, atomic=True)

    assert payload["entries"] is payload["confirmToken"] is None
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("TOO_MANY_DECIMALS", ["entries", "0", "value"]),
        ("BELOW_PREVIOUS", ["entries", "1", "value"]),
    ]
    assert await count_submitted() == 0
    assert statuses(await home.submit(22600, 51300, atomic=True)) == [ACCEPTED] * 2


async def test_an_atomic_submission_refuses_readings_that_need_a_confirmation(home: Home):
    payload = await home.submit(22600, 53300, atomic=True)

    assert [error["code"] for error in payload["errors"]] == ["CONFIRMATION_NEEDED"]
    assert payload["errors"][0]["message"] == (
        "Расход необычно большой: 2\u00a0100 кВт·ч. Проверьте показание."
    )
    assert await count_submitted() == 0


async def test_a_repeat_gives_the_first_outcome_as_it_reads_now(home: Home):
    first = await home.submit(22600, 51200 + 5000, idempotencyKey="offline")
    await home.submit(22700, 51300)

    again = await home.submit(22600, 51200 + 5000, idempotencyKey="offline")

    assert statuses(again) == statuses(first) == [ACCEPTED, WAITS]
    assert again["confirmToken"] == first["confirmToken"]
    assert [entry["reading"]["id"] for entry in again["entries"]] == [
        entry["reading"]["id"] for entry in first["entries"]
    ]
    assert [entry["reading"]["state"] for entry in again["entries"]] == ["SUPERSEDED"] * 2
    assert await count_submitted() == 4


async def test_a_repeat_gives_the_first_refusals_too(home: Home):
    for _ in range(2):
        payload = await home.submit(22600, 51000, idempotencyKey="bad")
        assert codes(payload) == [[], ["BELOW_PREVIOUS"]]
        assert payload["entries"][1]["errors"][0]["message"] == (
            "Показание 51\u00a0000 меньше предыдущего (51\u00a0200)."
        )
    assert await count_submitted() == 1


async def test_the_same_key_with_another_body_is_a_conflict(home: Home):
    await home.submit(22600, 51300, idempotencyKey="one")
    payload = await home.submit(22601, 51300, idempotencyKey="one")

    assert payload["entries"] is None
    assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await count_submitted() == 2


async def test_many_at_once_with_one_key_are_one_submission(home: Home):
    answers = await asyncio.gather(
        *(home.submit(22600, 51300, idempotencyKey="storm") for _ in range(12))
    )

    assert all(statuses(answer) == [ACCEPTED, ACCEPTED] for answer in answers)
    assert len({answer["entries"][0]["reading"]["id"] for answer in answers}) == 1
    assert await count_submitted() == 2


async def test_many_at_once_with_keys_of_their_own_leave_one_accepted(home: Home):
    answers = await asyncio.gather(*(home.submit(22600 + n, 51300) for n in range(8)))

    assert all(statuses(answer) == [ACCEPTED, ACCEPTED] for answer in answers)
    states = [state for _, state in await home.states(home.day)]
    assert sorted(states) == ["ACCEPTED", *["SUPERSEDED"] * 7]


async def test_a_foreign_account_or_register_is_not_found(home: Home, boris: Viewer):
    stranger_s = await given_meter(await given_bare_account("0000000099"))
    foreign = await Register.filter(meter=stranger_s).first()
    assert foreign is not None
    for key in (foreign.id, new_key(), home.meter.id):
        entries = [{"registerId": to_public("reg", key), "value": "99999"}]
        assert codes(await home.send(entries)) == [["REGISTER_NOT_FOUND"]]
    assert codes(await home.send([{"registerId": home.id, "value": "1"}])) == [
        ["REGISTER_NOT_FOUND"]
    ]

    home.token = await home.api.signed_in(boris)
    payload = await home.submit(22600, 51300)
    assert [(e["code"], e["path"]) for e in payload["errors"]] == [
        ("ACCOUNT_NOT_FOUND", ["accountId"])
    ]
    assert await count_submitted() == 0


@pytest.mark.parametrize("count", [0, 31])
async def test_a_list_of_entries_has_an_end(home: Home, count: int):
    payload = await home.send([home.entry(home.day, 22600)] * count)

    assert [error["code"] for error in payload["errors"]] == ["TOO_MANY_ENTRIES"]


async def test_a_register_is_read_once(home: Home):
    payload = await home.send([*home.entries(22600, 51300), home.entry(home.day, 22601)])

    assert codes(payload) == [[], [], ["REGISTER_REPEATED"]]
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


async def test_a_removed_or_smart_meter_accepts_no_reading(home: Home):
    await Meter.all().update(reports_itself=True)
    assert codes(await home.submit(22600, 51300)) == [["METER_REPORTS_ITSELF"]] * 2

    await Meter.all().update(removed_on=date(2026, 11, 3))
    payload = await home.submit(22600, 51300)
    assert codes(payload) == [["METER_REMOVED"]] * 2
    assert payload["entries"][0]["errors"][0]["message"] == "Этот счётчик снят 03.11.2026."


async def test_zones_are_submitted_together_unless_partial_ones_are_allowed(home: Home):
    alone = [home.entry(home.day, 22600)]
    payload = await home.send(alone)
    assert codes(payload) == [["ZONES_MISSING"]]
    assert "T2" in payload["entries"][0]["errors"][0]["message"]

    assert statuses(await home.send(alone, allowPartial=True)) == [ACCEPTED]
    assert statuses(await home.send([home.entry(home.night, 51300)])) == [ACCEPTED]


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 11, 14), "WINDOW_CLOSED"), (date(2026, 11, 26), "WINDOW_CLOSED")]
)
async def test_outside_the_window_no_reading_is_accepted(home: Home, day: date, code: str):
    home.api.clock.now = noon(day)
    payload = await home.submit(22600, 51300)

    assert codes(payload) == [[code]] * 2
    assert await count_submitted() == 0


async def test_the_window_follows_the_company_s_clock(home: Home):
    """In Novokuznetsk the 26th begins at 17:00 UTC of the 25th."""
    home.api.clock.now = noon(date(2026, 11, 25)) + timedelta(hours=11, minutes=59)
    assert statuses(await home.submit(22600, 51300)) == [ACCEPTED] * 2
    home.api.clock.now += timedelta(minutes=1)
    assert codes(await home.submit(22600, 51300)) == [["WINDOW_CLOSED"]] * 2


async def test_late_readings_count_for_the_next_month_if_the_rule_permits_them(home: Home):
    await WindowRule.all().update(late_policy=LatePolicy.NEXT_PERIOD)
    await home.submit(22600, 51300)
    home.api.clock.now = noon(date(2026, 11, 28))

    payload = await home.submit(22650, 51330)

    assert statuses(payload) == [ACCEPTED] * 2
    assert [entry["reading"]["period"] for entry in payload["entries"]] == ["2026-12"] * 2
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


async def test_a_reading_that_replaces_those_of_two_months_is_compared_with_the_last_billed_one(
    home: Home,
):
    """The supplier has extended the window after late readings of the next month."""
    await WindowRule.all().update(late_policy=LatePolicy.NEXT_PERIOD)
    await home.submit(22600, 51300)
    home.api.clock.now = noon(date(2026, 11, 26))
    await home.submit(22650, 51320)
    await WindowRule.all().update(last_day=28)
    home.api.clock.now = noon(date(2026, 11, 27))

    preview = (await home.preview(22640, 51315))["preview"]
    refused = await home.submit(11000, 51315)

    assert [(e["previousValue"], e["consumptionKwh"]) for e in preview["entries"]] == [
        ("22400", "240"),
        ("51200", "115"),
    ]
    assert codes(refused)[0] == ["BELOW_PREVIOUS"]


async def test_a_billed_month_accepts_no_reading(home: Home):
    await home.submit(22600, 51300)
    await given_invoice(home.account, 11, charged=1, unpaid=0)

    payload = await home.submit(22610, 51310)

    assert codes(payload) == [["PERIOD_BILLED"]] * 2
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


@pytest.mark.parametrize(
    ("closed_on", "is_taken"),
    [
        (date(2026, 11, 19), False),
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), True),
        (date(2026, 12, 15), True),
    ],
)
async def test_the_last_reading_is_accepted_on_the_account_s_last_day(
    home: Home, closed_on: date, *, is_taken: bool
):
    home.account.closed_on = closed_on
    await home.account.save()
    assert codes(await home.submit(22600, 51300)) == [[] if is_taken else ["WINDOW_CLOSED"]] * 2


@pytest.mark.parametrize("late_policy", LatePolicy)
async def test_a_closing_account_s_last_reading_is_accepted_outside_the_window(
    home: Home, late_policy: LatePolicy
):
    """It counts for the month that ends: there is no bill of the next."""
    await WindowRule.all().update(first_day=10, last_day=15, late_policy=late_policy)
    home.account.closed_on = TODAY
    await home.account.save()

    payload = await home.submit(22600, 51300)

    assert statuses(payload) == [ACCEPTED] * 2
    assert payload["entries"][0]["reading"]["period"] == "2026-11"


async def test_the_last_day_is_one_of_the_company_s_zone(home: Home):
    """Novokuznetsk is seven hours ahead of UTC."""
    home.account.closed_on = TODAY
    await home.account.save()
    home.api.clock.now = datetime(2026, 11, 20, 17, tzinfo=UTC)  # midnight of the 21st
    assert codes(await home.submit(22600, 51300)) == [["WINDOW_CLOSED"]] * 2
    home.api.clock.now = datetime(2026, 11, 20, 16, 59, tzinfo=UTC)
    assert codes(await home.submit(22600, 51300)) == [[]] * 2


async def test_a_phone_that_was_offline_sends_the_time_of_its_reading(home: Home):
    await WindowRule.all().update(offline_days=3)
    home.api.clock.now = noon(date(2026, 11, 27))

    payload = await home.submit(22600, 51300, takenAt="2026-11-25T20:15:00+07:00")

    assert statuses(payload) == [ACCEPTED] * 2
    reading = payload["entries"][0]["reading"]
    assert (reading["period"], reading["takenOn"]) == ("2026-11", "2026-11-25")
    assert reading["takenAt"] == "2026-11-25T13:15:00.000Z"
    assert (await Reading.get(submitted_by_id__isnull=False, register=home.day)).received_at == (
        noon(date(2026, 11, 27))
    )


TIMES = """{ viewer { accounts { meters { registers {
  lastReading { takenAt receivedAt } } } } } }"""
OLDER, NEWER = "2026-11-18T12:00:00+07:00", "2026-11-18T13:00:00+07:00"


@pytest.mark.parametrize("order", [(OLDER, NEWER), (NEWER, OLDER)])
async def test_of_two_readings_of_a_month_the_one_measured_last_counts(
    home: Home, order: tuple[str, str]
):
    await WindowRule.all().update(offline_days=3)
    values = {OLDER: (22600, 51300), NEWER: (22610, 51310)}
    payloads = [await home.submit(*values[moment], takenAt=moment) for moment in order]

    is_late = order[0] == NEWER
    assert codes(payloads[1]) == ([["TAKEN_BEFORE_PREVIOUS"]] * 2 if is_late else [[]] * 2)
    states = [state for state in await home.states(home.day) if state[1] == "ACCEPTED"]
    assert states == [(22610, "ACCEPTED")]


async def test_a_reading_that_waits_is_not_replaced_by_an_older_one(home: Home):
    await WindowRule.all().update(offline_days=3)
    await home.submit(24600, 51300, takenAt=NEWER)
    payload = await home.submit(22600, 51300, takenAt=OLDER)

    assert codes(payload) == [["TAKEN_BEFORE_PREVIOUS"]] * 2
    assert await home.states(home.day) == [(24600, WAITS)]


async def test_a_fast_clock_hinders_no_correction(home: Home):
    soon = (noon(TODAY) + timedelta(minutes=9)).isoformat()
    await home.submit(22600, 51300, takenAt=soon)

    assert statuses(await home.submit(22610, 51310)) == [ACCEPTED] * 2


@pytest.mark.parametrize("sent", [None, "2026-11-20T11:59:00.123456+07:00"])
@pytest.mark.parametrize("field", ["takenAt", "receivedAt"])
async def test_a_reading_is_corrected_at_the_time_that_the_client_got(
    home: Home, sent: str | None, field: str
):
    """Clients get milliseconds, although the time of the reading has microseconds."""
    home.api.clock.now = noon(TODAY) + timedelta(microseconds=123_456)
    await home.submit(22600, 51300, takenAt=sent)
    home.api.clock.now += timedelta(minutes=5)
    answer = await home.api.ask(TIMES, home.token)
    (meter,) = answer["viewer"]["accounts"][0]["meters"]
    moment = meter["registers"][0]["lastReading"][field]
    payload = await home.submit(22610, 51310, takenAt=moment)

    assert moment is None or moment.endswith(":00.123Z")
    assert statuses(payload) == [ACCEPTED] * 2
    assert await home.states(home.day) == [(22600, "SUPERSEDED"), (22610, "ACCEPTED")]


async def test_a_correction_a_millisecond_older_is_refused(home: Home):
    home.api.clock.now = noon(TODAY) + timedelta(microseconds=123_456)
    await home.submit(22600, 51300)
    payload = await home.submit(22610, 51310, takenAt="2026-11-20T05:00:00.122Z")

    assert codes(payload) == [["TAKEN_BEFORE_PREVIOUS"]] * 2
    assert await home.states(home.day) == [(22600, "ACCEPTED")]


@pytest.mark.parametrize(
    ("taken_at", "code"),
    [
        ("2026-11-16T12:00:00+07:00", "TAKEN_TOO_LONG_AGO"),
        ("2026-11-21T12:00:00+07:00", "TAKEN_IN_FUTURE"),
        ("2026-11-14T12:00:00+07:00", "WINDOW_CLOSED"),
    ],
)
async def test_a_moment_has_to_be_in_time(home: Home, taken_at: str, code: str):
    await WindowRule.all().update(offline_days=3)
    payload = await home.submit(22600, 51300, takenAt=taken_at)

    assert codes(payload) == [[code]] * 2
    assert payload["entries"][0]["errors"][0]["path"] == ["takenAt"]


async def test_the_wrong_clock_of_a_phone_is_forgiven_for_minutes(home: Home):
    soon = (noon(TODAY) + timedelta(minutes=9)).isoformat()
    assert statuses(await home.submit(22600, 51300, takenAt=soon)) == [ACCEPTED] * 2


async def test_a_reading_before_an_inspector_s_of_the_month_is_refused(home: Home):
    await given_read(home.day, 22550, TODAY, ReadingSource.CONTROLLER)

    payload = await home.submit(22600, 51300)

    assert codes(payload) == [["TAKEN_BEFORE_PREVIOUS"], []]
    home.api.clock.now = noon(date(2026, 11, 21))
    assert statuses(await home.submit(22600, 51300)) == [ACCEPTED] * 2


ESTIMATE, READING = "estimate", "reading"


@pytest.mark.parametrize("arrives_on", [date(2026, 11, 28), date(2026, 12, 1)])
@pytest.mark.parametrize("order", [(ESTIMATE, READING), (READING, ESTIMATE)])
async def test_an_estimate_and_a_late_reading_for_the_next_month_come_in_any_order(
    home: Home, order: tuple[str, str], arrives_on: date
):
    """The estimate is dated at the end of its month, when nobody has read the meter."""
    await WindowRule.all().update(late_policy=LatePolicy.NEXT_PERIOD, offline_days=3)
    home.api.clock.now = noon(arrives_on)
    taken_at = noon(date(2026, 11, 28)).isoformat()
    for step in order:
        if step == READING:
            entries = [home.entry(home.day, 22580)]
            payload = await home.send(entries, takenAt=taken_at, allowPartial=True)
            assert (codes(payload), statuses(payload)) == ([[]], [ACCEPTED])
        else:
            await given_read(home.day, 22600, date(2026, 11, 30), ReadingSource.ESTIMATED)

    late = await Reading.get(submitted_by_id__isnull=False)
    assert (late.period, late.state) == (date(2026, 12, 1), ReadingState.ACCEPTED)


async def test_a_reading_for_a_month_with_an_estimate_is_accepted_after_its_day(home: Home):
    await given_read(home.day, 22600, TODAY, ReadingSource.ESTIMATED)

    assert codes(await home.submit(22600, 51300)) == [["TAKEN_BEFORE_PREVIOUS"], []]
    home.api.clock.now = noon(date(2026, 11, 21))
    assert statuses(await home.submit(22600, 51300)) == [ACCEPTED] * 2


async def test_an_estimate_that_was_too_high_is_no_reason_to_refuse(home: Home):
    """The bill corrects it; the comparison is with the last reading that is no estimate."""
    await Reading.filter(period=date(2026, 10, 1)).update(source=ReadingSource.ESTIMATED)

    assert statuses(await home.submit(22390, 51190)) == [ACCEPTED] * 2
    assert codes(await home.submit(22190, 51190)) == [["BELOW_PREVIOUS"], []]


async def test_a_new_register_has_nothing_to_compare_with(home: Home):
    await Reading.filter(register=home.day).delete()

    assert statuses(await home.submit(99999, 51300)) == [ACCEPTED] * 2


async def test_a_turn_of_the_dial_is_accepted_with_a_finding(home: Home):
    await Reading.filter(register=home.night, period=date(2026, 10, 1)).update(value=99_950)
    payload = await home.submit(22600, 30)

    assert statuses(payload) == [ACCEPTED] * 2
    (finding,) = payload["entries"][1]["reading"]["findings"]
    assert (finding["kind"], finding["consumedKwh"]) == ("ROLLED_OVER", "80")


@pytest.mark.parametrize(
    ("previous", "typed", "suggested"),
    [
        (95_000, 9_510, "98510"),  # a digit less, or 14,510 kWh past the end
        (99_900, 9_990, "99990"),
        (99_000, 9_910, "99910"),
    ],
)
async def test_a_lost_digit_that_resembles_a_turn_of_the_dial_needs_a_confirmation(
    home: Home, previous: int, typed: int, suggested: str
):
    await AnomalyRule.all().update(usual_times=Decimal(900), allowed_kw=Decimal(900))
    await Reading.filter(register=home.night, period=date(2026, 10, 1)).update(value=previous)
    payload = await home.submit(22600, typed)

    assert statuses(payload) == [ACCEPTED, WAITS]
    (finding,) = payload["entries"][1]["reading"]["findings"]
    assert (finding["kind"], finding["likelyMistake"]) == ("ROLLED_OVER", "MISSING_DIGIT")
    assert finding["suggestedValue"] == suggested


async def test_a_preview_has_exactly_the_stored_values(home: Home):
    """Behind transformers a volume has more digits than the register."""
    await Meter.all().update(ratio=Decimal("1.25"))
    await Register.all().update(fraction_digits=3)
    preview = (await home.preview("24600.001", 51300))["preview"]
    stored = await home.submit("24600.001", 51300)

    (shown,) = preview["entries"][0]["findings"]
    (finding,) = stored["entries"][0]["reading"]["findings"]
    assert shown["consumedKwh"] == finding["consumedKwh"] == "2750.001"


async def test_zero_consumption_is_accepted_with_a_finding(home: Home):
    payload = await home.submit(22400, 51300)

    assert statuses(payload) == [ACCEPTED] * 2
    (finding,) = payload["entries"][0]["reading"]["findings"]
    assert (finding["kind"], finding["usualKwh"]) == ("NOTHING_USED", "200")


async def test_an_unusual_reading_is_stored_and_waits(home: Home):
    payload = await home.submit(24600, 51300)

    assert statuses(payload) == [WAITS, ACCEPTED]
    assert payload["entries"][0]["reading"]["findings"] == [
        {
            "kind": "ABOVE_USUAL",
            "consumedKwh": "2200",
            "usualKwh": "200",
            "seasonKwh": "200",
            "limitKwh": "600",
            "likelyMistake": None,
            "suggestedValue": None,
            "typicalMonths": [
                {"period": f"{year}-{month:02}", "kwh": "200"}
                for year, month in (*((2026, n) for n in range(10, 0, -1)), (2025, 12), (2025, 11))
            ],
        }
    ]
    assert payload["confirmToken"]


async def test_estimates_are_no_evidence(home: Home):
    """The consumption of their months is spread between the readings around them."""
    estimated = Reading.filter(register=home.day, period__in=[date(2026, 8, 1), date(2026, 9, 1)])
    await estimated.update(source=ReadingSource.ESTIMATED, value=22_150)
    october = Reading.filter(register=home.day, period=date(2026, 10, 1))
    await october.update(value=22_700)

    payload = await home.submit(27000, 51300)

    (finding,) = payload["entries"][0]["reading"]["findings"]
    months = [(month["period"][-2:], month["kwh"]) for month in finding["typicalMonths"]]
    assert months[:4] == [
        ("10", "300"),
        ("09", "300"),
        ("08", "300"),
        ("07", "200"),
    ]


async def test_a_waiting_reading_leaves_the_accepted_one_unchanged(home: Home):
    await home.submit(22600, 51300)
    await home.submit(29900, 51300)

    assert await home.states(home.day) == [(22600, "ACCEPTED"), (29900, "NEEDS_CONFIRMATION")]
    await home.submit(22700, 51300)
    assert [state for _, state in await home.states(home.day)] == [
        "SUPERSEDED", "SUPERSEDED", "ACCEPTED",
    ]  # fmt: skip


async def test_a_confirmed_one_goes_to_review_once(home: Home):
    token = (await home.submit(29900, 51300))["confirmToken"]
    for _ in range(2):
        payload = await home.confirm(token, key="first")
        assert payload == {"readings": [{"value": "29900", "state": "ON_REVIEW"}], "errors": []}

    payload = await home.confirm(token, key="second")
    assert payload == {
        "readings": None,
        "errors": [{"code": "CONFIRM_TOKEN_INVALID", "path": ["token"]}],
    }
    assert await home.states(home.day) == [(29900, "ON_REVIEW")]


@pytest.mark.parametrize("token", ["", "ключ", "A" * 64])
async def test_only_our_token_confirms(home: Home, token: str):
    await home.submit(29900, 51300)
    payload = await home.confirm(token)
    assert [error["code"] for error in payload["errors"]] == ["CONFIRM_TOKEN_INVALID"]
    assert await home.states(home.day) == [(29900, "NEEDS_CONFIRMATION")]


async def test_a_token_is_its_owner_s_alone(home: Home, boris: Viewer):
    token = (await home.submit(29900, 51300))["confirmToken"]
    home.token = await home.api.signed_in(boris)
    payload = await home.confirm(token)
    assert [error["code"] for error in payload["errors"]] == ["CONFIRM_TOKEN_INVALID"]


async def test_nothing_is_confirmed_for_a_billed_month(home: Home):
    token = (await home.submit(29900, 51300))["confirmToken"]
    await given_invoice(home.account, 11, charged=1, unpaid=0)
    payload = await home.confirm(token)
    assert [error["code"] for error in payload["errors"]] == ["PERIOD_BILLED"]


async def test_a_reading_is_withdrawn_until_its_month_is_billed(home: Home):
    first = (await home.submit(22600, 51300))["entries"][0]["reading"]["id"]
    second = (await home.submit(22610, 51310))["entries"][0]["reading"]["id"]

    assert await home.withdraw(second) == {
        "reading": {"value": "22610", "state": "WITHDRAWN"},
        "errors": [],
    }
    for key, code in ((second, "READING_FINAL"), (first, "READING_FINAL")):
        assert [e["code"] for e in (await home.withdraw(key))["errors"]] == [code]
    assert await home.states(home.day) == [(22600, "SUPERSEDED"), (22610, "WITHDRAWN")]

    third = (await home.submit(22620, 51320))["entries"][0]["reading"]["id"]
    await given_invoice(home.account, 11, charged=1, unpaid=0)
    assert [e["code"] for e in (await home.withdraw(third))["errors"]] == ["PERIOD_BILLED"]


async def test_only_a_customer_s_own_reading_can_be_withdrawn(home: Home, boris: Viewer):
    reading = await given_read(home.day, 22550, TODAY, ReadingSource.CONTROLLER)
    key = to_public("rdg", reading.id)
    assert [e["code"] for e in (await home.withdraw(key))["errors"]] == ["READING_FINAL"]

    home.token = await home.api.signed_in(boris)
    assert [e["code"] for e in (await home.withdraw(key))["errors"]] == ["READING_NOT_FOUND"]
    assert (await Reading.get(id=reading.id)).state is ReadingState.ACCEPTED


async def test_a_reading_in_billing_s_books_is_replaced_and_can_t_be_withdrawn(home: Home):
    imported = await given_read(home.day, 22550, TODAY - timedelta(days=1), ReadingSource.CUSTOMER)
    await Reading.filter(id=imported.id).update(data_as_of=imported.received_at)
    refused = await home.withdraw(to_public("rdg", imported.id))
    assert (refused["reading"], [e["code"] for e in refused["errors"]]) == (
        None,
        ["READING_IN_BILLING"],
    )
    assert (await Reading.get(id=imported.id)).state is ReadingState.ACCEPTED

    submitted = (await home.submit(22610, 51310))["entries"][0]["reading"]
    assert (await Reading.get(id=imported.id)).state is ReadingState.SUPERSEDED
    assert (await home.withdraw(submitted["id"]))["errors"] == []


async def statements_of(home: Home, entries: list[dict[str, str]]) -> list[Statement]:
    """The statements of a submission after the lookup of the session."""
    recorder = RecordingDatabase(home.api.state.engine.database)
    async with recording(recorder):
        assert statuses(await home.send(entries)) == [ACCEPTED] * len(entries)
    return recorder.statements


async def test_many_meters_take_no_more_statements_than_one(home: Home):
    """The number is exact, because each statement is a round trip to the database."""
    await home.submit(22590, 51290)  # the driver loads types once
    few = await statements_of(home, home.entries(22600, 51300))
    registers = list[Register]()
    for number in range(9):
        registers += await Register.filter(
            meter=await given_meter(home.account, f"more {number}")
        ).order_by("position")
    more = [
        home.entry(register, value)
        for register, value in zip(registers, [12400, 700] * 9, strict=True)
    ]
    many = [*home.entries(22610, 51310), *more]

    assert [statement.sql for statement in await statements_of(home, many)] == [
        statement.sql for statement in few
    ]
    assert len(many) == 20
    assert len(few) == 7


async def test_a_reading_within_the_norm_needs_no_history(home: Home):
    """The norm is 100 kWh; one more needs the history."""
    await home.submit(22490, 51290)  # as above

    ordinary = await statements_of(home, home.entries(22500, 51300))
    unusual = await statements_of(home, home.entries(22501, 51300))

    assert len(ordinary) == 6
    (history,) = {statement.sql for statement in unusual} - {
        statement.sql for statement in ordinary
    }
    assert "array_agg(value" in history
