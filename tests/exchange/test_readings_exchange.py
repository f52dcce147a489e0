"""Export of customers' readings, answers of billing, and readings from billing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import orjson
import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.exchange.models import Acknowledgement, ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, ReadingSource, ReadingState, Register
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_account, given_invoice, given_link, given_reading
from tests.support.import_runner import NOW, ImportRunner, Rows

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ANSWERS = "reading;state;answer;reason\n"
READINGS = "account;meter;zone;value;taken_on;period;source\n"
NUMBER = "0000000001"


async def create_reading(state: ReadingState = ReadingState.ON_REVIEW) -> Reading:
    """Create a customer's reading of November, which isn't billed yet."""
    await given_account(NUMBER)
    register = await Register.get(zone="DAY")
    await Register.filter(id=register.id).update(fraction_digits=2)
    return await given_reading(register, Decimal("12400.5"), 11, state)


async def export(dsn: str, since: datetime = LONG_AGO, **options: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.READINGS, ExportFormat.JSONL, since=since, **options)
    rows = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return rows


def of_november(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["reading"], row["state"]) for row in rows if row["period"] == "2026-11"]


async def test_a_reading_is_exported_until_billing_answers(importer: ImportRunner, database: str):
    reading = await create_reading(ReadingState.ACCEPTED)
    for _ in range(2):
        assert of_november(await export(database)) == [(str(reading.id), "ACCEPTED")]
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};ACCEPTED;RECEIVED;\n")
    await importer.load(ImportKind.READINGS, answers)
    assert of_november(await export(database)) == []
    assert of_november(await export(database, with_answered=True)) == [
        (str(reading.id), "ACCEPTED")
    ]


async def test_a_reading_that_changes_after_the_answer_is_exported_again(
    importer: ImportRunner, database: str
):
    reading = await create_reading(ReadingState.ACCEPTED)
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};ACCEPTED;RECEIVED;\n")
    await importer.load(ImportKind.READINGS, answers)
    await Reading.filter(id=reading.id).update(state=ReadingState.WITHDRAWN)
    assert of_november(await export(database)) == [(str(reading.id), "WITHDRAWN")]


LATER = datetime(2026, 11, 23, tzinfo=UTC)
"""After all readings of these tests were sent."""


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, ReadingState.ON_REVIEW])
async def test_a_reading_that_billing_has_yet_to_count_is_exported_whenever_it_was_sent(
    importer: ImportRunner, database: str, state: ReadingState
):
    """A reading on review was confirmed, and maybe accepted, days after it was sent."""
    reading = await create_reading(state)
    assert of_november(await export(database, LATER)) == [(str(reading.id), state)]
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};{state};RECEIVED;\n")
    await importer.load(ImportKind.READINGS, answers)
    assert of_november(await export(database, LATER)) == []
    assert of_november(await export(database, LATER, with_answered=True)) == []


@pytest.mark.parametrize("state", [ReadingState.WITHDRAWN, ReadingState.SUPERSEDED])
async def test_a_change_after_the_answer_is_exported_regardless_of_the_day(
    importer: ImportRunner, database: str, state: ReadingState
):
    reading = await create_reading(ReadingState.ACCEPTED)
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};ACCEPTED;RECEIVED;\n")
    await importer.load(ImportKind.READINGS, answers)
    await Reading.filter(id=reading.id).update(state=state)
    assert of_november(await export(database, LATER)) == [(str(reading.id), state)]
    answers = importer.put("b.csv", f"{ANSWERS}{reading.id};{state};RECEIVED;\n")
    await importer.load(ImportKind.READINGS, answers)
    assert of_november(await export(database, LATER)) == []


async def test_readings_of_billed_months_are_exported_only_since_a_day(database: str):
    """A billing system that never answers doesn't get those of all years every day."""
    reading = await create_reading(ReadingState.ACCEPTED)
    await given_invoice(await Account.get(number=NUMBER), 11, charged=1, unpaid=0)
    assert of_november(await export(database, LATER)) == []
    assert of_november(await export(database, reading.received_at)) == [
        (str(reading.id), "ACCEPTED")
    ]


async def test_billing_accepts_a_reading_on_review(
    importer: ImportRunner, database: str, anna: Viewer
):
    reading = await create_reading()
    await given_link(anna, await Account.get(number=NUMBER))
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};ON_REVIEW;ACCEPTED;\n")
    outcome = await importer.load(ImportKind.READINGS, answers)
    assert outcome.answered == 1
    assert (await Reading.get(id=reading.id)).state is ReadingState.ACCEPTED
    assert of_november(await export(database)) == []
    repeated = await importer.load(ImportKind.READINGS, answers)
    assert (repeated.answered, repeated.run.rows_loaded) == (0, 1)
    assert [notice.kind for notice in await Notice.all()] == [NoticeKind.READINGS_ACCEPTED]


async def test_a_rejection_by_billing_needs_a_reason(importer: ImportRunner, database: str):
    reading = await create_reading()
    unreasoned = importer.put("a.csv", f"{ANSWERS}{reading.id};ON_REVIEW;REJECTED;\n")
    await importer.load(ImportKind.READINGS, unreasoned)
    assert [fault[2:4] for fault in importer.faults()] == [("reason", "REQUIRED")]
    assert await Acknowledgement.all().count() == 0
    reason = "Прибор не прошёл поверку"
    await importer.load(
        ImportKind.READINGS,
        importer.put("a.csv", f"{ANSWERS}{reading.id};ON_REVIEW;REJECTED;{reason}\n"),
    )
    rejected = await Reading.get(id=reading.id)
    assert (rejected.state, rejected.reason) == (ReadingState.REJECTED, reason)
    assert of_november(await export(database)) == []


async def test_an_answer_to_an_unknown_reading_is_refused(importer: ImportRunner):
    unknown_id = "01a205a2-db05-74c9-95bd-f1dfaae1d18b"
    await importer.load(
        ImportKind.READINGS, importer.put("a.csv", f"{ANSWERS}{unknown_id};ACCEPTED;RECEIVED;\n")
    )
    assert [fault[2:] for fault in importer.faults()] == [
        ("reading", "READING_UNKNOWN", unknown_id)
    ]


async def test_readings_of_billing_count_at_once_and_only_once(importer: ImportRunner, rows: Rows):
    await given_account(NUMBER)
    await Register.all().update(fraction_digits=2)
    text = (
        "account;meter;zone;value;taken_on;period;source\n"
        f"{NUMBER};M-{NUMBER};DAY;12 500,25;30.11.2026;11.2026;CONTROLLER\n"
        f"{NUMBER};M-{NUMBER};PEAK;1;30.11.2026;11.2026;CONTROLLER\n"
    )
    for count in (1, 0):
        file = importer.put("r.csv", text)
        outcome = await importer.load(ImportKind.READINGS, file, now=NOW + timedelta(days=8))
        assert outcome.run.rows_loaded == count
        assert [fault[1:] for fault in importer.faults()] == [
            ("3", "zone", "REGISTER_UNKNOWN", f"{NUMBER} M-{NUMBER} PEAK")
        ]
    reading = await Reading.get(source=ReadingSource.CONTROLLER)
    assert (reading.value, reading.taken_on, reading.state, reading.received_at) == (
        Decimal("12500.250"),
        date(2026, 11, 30),
        ReadingState.ACCEPTED,
        NOW,
    )


async def load_reading(
    importer: ImportRunner, day: int, value: str, source: str, *, as_of: datetime = NOW
) -> list[str]:
    """Import a reading of a day in November; return the fault codes."""
    line = f"{NUMBER};M-{NUMBER};DAY;{value};{day}.11.2026;11.2026;{source}\n"
    file = importer.put("r.csv", f"{READINGS}{line}")
    now = max(as_of, NOW + timedelta(days=8))
    outcome = await importer.load(ImportKind.READINGS, file, as_of=as_of, now=now)
    return [code for code, *_ in outcome.faults]


async def test_a_customer_s_reading_stays_in_the_history_beside_an_inspector_s(
    importer: ImportRunner,
):
    submitted = await create_reading(ReadingState.ACCEPTED)
    await Reading.filter(id=submitted.id).update(batch=new_key())
    for _ in range(2):
        assert await load_reading(importer, 20, "12390", "CONTROLLER") == []

    readings = await Reading.filter(
        register_id=submitted.register_id, period=submitted.period
    ).order_by("value")
    assert [(reading.value, reading.source, reading.state) for reading in readings] == [
        (Decimal(12390), ReadingSource.CONTROLLER, ReadingState.ACCEPTED),
        (Decimal("12400.5"), ReadingSource.CUSTOMER, ReadingState.SUPERSEDED),
    ]


async def test_a_correction_makes_no_second_reading_of_a_customer_s(importer: ImportRunner):
    await create_reading(ReadingState.ACCEPTED)
    assert await load_reading(importer, 25, "12500", "CONTROLLER") == []
    assert await load_reading(importer, 25, "12500", "CUSTOMER") == ["ANOTHER_COUNTS"]
    assert await Reading.filter(source=ReadingSource.CONTROLLER).count() == 1


async def test_a_reading_that_comes_back_from_billing_is_acknowledged(
    importer: ImportRunner, database: str
):
    reading = await create_reading(ReadingState.ACCEPTED)
    await Reading.filter(id=reading.id).update(batch=new_key())
    assert await load_reading(importer, reading.taken_on.day, "12400.5", "CUSTOMER") == []
    assert await Reading.filter(period=reading.period).count() == 1
    assert of_november(await export(database)) == []
    assert of_november(await export(database, with_answered=True)) == [
        (str(reading.id), "ACCEPTED")
    ]


PENDING = [ReadingState.ON_REVIEW, ReadingState.NEEDS_CONFIRMATION]


async def sent(state: ReadingState, value: str = "12400.5", day: int = 20) -> Reading:
    """A reading of November, submitted in the cabinet."""
    register = await Register.get(zone="DAY")
    reading = await given_reading(register, Decimal(value), 11, state)
    changes = {"batch": new_key(), "taken_on": date(2026, 11, day)}
    await Reading.filter(id=reading.id).update(**changes)
    return await Reading.get(id=reading.id)


async def of_customer() -> dict[str, ReadingState]:
    """Values and states of November's readings; there is one row for each value."""
    readings = await Reading.filter(period=date(2026, 11, 1), register__zone="DAY")
    states = {f"{reading.value.normalize():f}": reading.state for reading in readings}
    assert len(states) == len(readings)
    return states


@pytest.mark.parametrize("state", PENDING)
async def test_a_pending_reading_that_comes_back_is_accepted_as_by_an_answer(
    importer: ImportRunner, database: str, anna: Viewer, state: ReadingState
):
    reading = await create_reading(state)
    await Reading.filter(id=reading.id).update(batch=new_key())
    await given_link(anna, await Account.get(number=NUMBER))
    for _ in range(2):
        assert await load_reading(importer, 20, "12400.5", "CUSTOMER") == []
        assert await of_customer() == {"12400.5": ReadingState.ACCEPTED}
        assert (await Reading.get(id=reading.id)).data_as_of == NOW
        assert of_november(await export(database)) == []
        assert [(notice.kind, notice.cause) for notice in await Notice.all()] == [
            (NoticeKind.READINGS_ACCEPTED, f"reading/{reading.id}/accepted")
        ]


@pytest.mark.parametrize("state", PENDING)
@pytest.mark.parametrize("day", [18, 20])
async def test_a_pending_reading_that_comes_back_replaces_the_month_s_accepted_one(
    importer: ImportRunner, database: str, anna: Viewer, state: ReadingState, day: int
):
    await given_account(NUMBER)
    await given_link(anna, await Account.get(number=NUMBER))
    await Register.all().update(fraction_digits=2)
    await sent(ReadingState.ACCEPTED, "12380", day)
    await sent(state)
    assert await load_reading(importer, 20, "12400.5", "CUSTOMER") == []
    assert await of_customer() == {
        "12380": ReadingState.SUPERSEDED,
        "12400.5": ReadingState.ACCEPTED,
    }
    assert of_november(await export(database)) == []


async def test_a_pending_reading_that_comes_back_replaces_an_inspector_s_of_its_day(
    importer: ImportRunner,
):
    await given_account(NUMBER)
    await Register.all().update(fraction_digits=2)
    await sent(ReadingState.ON_REVIEW)
    assert await load_reading(importer, 20, "12390", "CONTROLLER") == []
    assert await load_reading(importer, 20, "12400.5", "CUSTOMER") == []
    assert await of_customer() == {
        "12390": ReadingState.SUPERSEDED,
        "12400.5": ReadingState.ACCEPTED,
    }


@pytest.mark.parametrize(
    ("day", "value", "source"),
    [(21, "12400.5", "CUSTOMER"), (20, "12401", "CUSTOMER"), (20, "12400.5", "CONTROLLER")],
)
async def test_another_reading_of_billing_s_leaves_the_pending_one_on_review(
    importer: ImportRunner, rows: Rows, day: int, value: str, source: str
):
    pending = await create_reading()
    await Reading.filter(id=pending.id).update(batch=new_key())
    assert await load_reading(importer, day, value, source) == []
    assert (await Reading.get(id=pending.id)).state is ReadingState.ON_REVIEW
    accepted = (
        "SELECT source, value FROM reading WHERE period = '2026-11-01' AND state = 'ACCEPTED'"
    )
    assert await rows(accepted) == [(source, Decimal(value))]


async def test_a_reading_on_review_that_comes_back_for_another_month_changes_nothing(
    importer: ImportRunner, rows: Rows
):
    """Only a bill moves it there (docs/decisions/0162)."""
    reading = await create_reading()
    await Reading.filter(id=reading.id).update(batch=new_key(), period=date(2026, 12, 1))
    before = await rows("SELECT * FROM reading ORDER BY id")
    assert await load_reading(importer, 20, "12400.5", "CUSTOMER") == []
    assert await rows("SELECT * FROM reading ORDER BY id") == before


@pytest.mark.parametrize("state", [ReadingState.ACCEPTED, *PENDING])
async def test_a_value_that_was_sent_again_after_another_one_is_acknowledged(
    importer: ImportRunner, database: str, state: ReadingState
):
    first = await create_reading(ReadingState.SUPERSEDED)
    await Reading.filter(id=first.id).update(batch=new_key())
    await sent(ReadingState.SUPERSEDED, "12450")
    again = await sent(state)
    assert await load_reading(importer, 20, "12400.5", "CUSTOMER") == []
    readings = await Reading.filter(period=first.period).order_by("id")
    assert [(reading.id == again.id, reading.state) for reading in readings] == [
        (False, ReadingState.SUPERSEDED),
        (False, ReadingState.SUPERSEDED),
        (True, ReadingState.ACCEPTED),
    ]
    assert of_november(await export(database)) == []


async def test_a_reading_from_billing_is_not_exported_to_it(importer: ImportRunner, database: str):
    await given_account(NUMBER)
    assert await load_reading(importer, 20, "12390", "CUSTOMER") == []
    assert of_november(await export(database, with_answered=True)) == []


async def test_the_newest_file_decides_on_the_day_of_a_customer_s_reading(
    importer: ImportRunner, rows: Rows
):
    await given_account(NUMBER)
    counted = "SELECT extract(day FROM taken_on)::int FROM reading WHERE period = '2026-11-01'"
    for day, ahead in ((20, 1), (22, 3), (21, 2), (20, 1)):
        as_of = NOW + timedelta(days=ahead)
        assert await load_reading(importer, day, "12390", "CUSTOMER", as_of=as_of) == []
    assert await rows(f"{counted} AND state = 'ACCEPTED'") == [(22,)]
    assert await rows(f"{counted} AND state <> 'ACCEPTED'") == [(20,)]
    assert await load_reading(importer, 23, "12390", "CUSTOMER", as_of=as_of) == []
    assert await rows(f"{counted} AND state = 'ACCEPTED'") == [(22,)]


async def test_an_answer_does_not_count_beside_an_inspector_s_of_the_same_day(
    importer: ImportRunner,
):
    reading = await create_reading()
    assert await load_reading(importer, 20, "12390", "CONTROLLER") == []
    answers = importer.put("a.csv", f"{ANSWERS}{reading.id};ON_REVIEW;ACCEPTED;\n")
    outcome = await importer.load(ImportKind.READINGS, answers)
    assert outcome.answered == 0
    assert (await Reading.get(id=reading.id)).state is ReadingState.ON_REVIEW
