"""What customers write on its way to billing, until billing has it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from lk_graphql.accounts.models import Account
from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, SubjectKind
from lk_graphql.appeals.service import customers, staff
from lk_graphql.appeals.service.customers import AppealDraft
from lk_graphql.appeals.service.subjects import SubjectRef
from lk_graphql.exchange.models import (
    Acknowledgement,
    Answer,
    ExportFormat,
    ExportKind,
    ImportKind,
    SentKind,
)
from lk_graphql.exchange.service.exports import EXPORT_SPECS, export_rows
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter
from tests.factories.accounts import given_account, given_link
from tests.factories.appeals import CORRUPTION, QUESTIONS, given_appeal, sending, topic_id
from tests.factories.staff import staff_viewer
from tests.support.import_runner import NOW, ImportRunner

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NUMBER = "0000000001"
AUTHOR = "Иванова Пелагея Сергеевна"


async def export(dsn: str, since: datetime = LONG_AGO, **how: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.APPEALS, ExportFormat.JSONL, since=since, **how)
    found = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return found


async def message_of(appeal: Appeal, number: int = 1) -> str:
    return str((await AppealMessage.get(appeal_id=appeal.id, number=number)).id)


async def given_about_meter(viewer: Viewer, title: str, *, hides: bool) -> Appeal:
    """About the meter of an account of the viewer's."""
    await given_link(viewer, await given_account(NUMBER))
    about = SubjectRef(SubjectKind.METER, (await Meter.get(account__number=NUMBER)).id)
    letter = AppealDraft(await topic_id(title), 'Сняли\nпломбу; "так"', about, hides_name=hides)
    return await Appeal.get(id=await customers.create(viewer, letter, sending()))


def answers(*messages: str) -> str:
    return "message\n" + "".join(f"{message}\n" for message in messages)


async def test_a_message_is_exported_until_billing_has_it(
    importer: ImportRunner, database: str, anna: Viewer
):
    appeal = await given_appeal(anna)
    (row,) = await export(database)
    assert row["message"] == await message_of(appeal)
    assert await export(database) == [row]
    file = importer.put("a.csv", answers(row["message"]))
    for loaded in (1, 0):
        assert (await importer.load(ImportKind.APPEALS, file)).run.rows_loaded == loaded
    assert await export(database) == []
    assert await export(database, with_answered=True) == [row]
    known = await Acknowledgement.get()
    assert (known.kind, known.subject_state, known.answer, known.as_of) == (
        SentKind.APPEAL_MESSAGE,
        None,
        Answer.RECEIVED,
        NOW,
    )
    assert (await Appeal.get(id=appeal.id)).state is AppealState.NEW


async def test_a_reply_is_a_row_of_its_own_and_our_answer_is_none(
    importer: ImportRunner, database: str, anna: Viewer, boris: Viewer
):
    appeal, other = await given_appeal(anna), await given_appeal(boris)
    await staff.answer(staff_viewer(new_key()), appeal.id, "Уже включили.", now=NOW)
    await customers.reply(anna, appeal.id, "Нет.", sending())
    reply = await message_of(appeal, 3)
    file = importer.put("a.csv", answers(await message_of(appeal)))
    await importer.load(ImportKind.APPEALS, file)
    found = [(one["message"], one["appeal"], one["position"]) for one in await export(database)]
    assert sorted(found) == sorted(
        [(reply, appeal.number, "3"), (await message_of(other), other.number, "1")]
    )


async def test_a_row_says_who_writes_about_what(database: str, anna: Viewer):
    appeal = await given_about_meter(anna, QUESTIONS, hides=False)
    (row,) = await export(database)
    serial = (await Meter.get(account__number=NUMBER)).serial
    assert row == {
        "message": await message_of(appeal),
        "appeal": appeal.number,
        "position": "1",
        "topic": QUESTIONS,
        "author": AUTHOR,
        "account": NUMBER,
        "about": "METER",
        "about_number": serial,
        "text": 'Сняли\nпломбу; "так"',
        "files": "0",
        "sent_at": row["sent_at"],
        "due_on": appeal.due_on.isoformat(),
    }
    assert datetime.fromisoformat(row["sent_at"]) == appeal.created_at


async def test_a_hidden_name_stays_hidden_whatever_would_tell_it(database: str, anna: Viewer):
    await given_about_meter(anna, CORRUPTION, hides=True)
    (row,) = await export(database)
    told = row["author"], row["account"], row["about"], row["about_number"]
    assert told == (None, None, "METER", None)
    account = await Account.get(number=NUMBER)
    serial = (await Meter.get(account_id=account.id)).serial
    line = orjson.dumps(row).decode()
    secrets = NUMBER, serial, str(account.id), str(anna.id), *AUTHOR.split()
    assert [secret for secret in secrets if secret in line] == []


async def test_only_what_came_since_is_exported(database: str, anna: Viewer):
    appeal = await given_appeal(anna)
    assert len(await export(database, appeal.created_at)) == 1
    assert await export(database, appeal.created_at.replace(year=2027)) == []


async def test_what_no_customer_has_written_is_not_acknowledged(
    importer: ImportRunner, database: str, anna: Viewer
):
    appeal, nobody = await given_appeal(anna), UUID(int=7)
    await staff.answer(staff_viewer(new_key()), appeal.id, "Включим.", now=NOW)
    ours = await message_of(appeal, 2)
    await importer.load(ImportKind.APPEALS, importer.put("a.csv", answers(ours, str(nobody))))
    assert [fault[2:] for fault in importer.faults()] == [
        ("message", "MESSAGE_UNKNOWN", ours),
        ("message", "MESSAGE_UNKNOWN", str(nobody)),
    ]
    assert await Acknowledgement.all().count() == 0


async def test_the_guide_names_the_columns_that_are_written(opened: asyncpg.Connection):
    for sent in EXPORT_SPECS.values():
        described = await opened.prepare(sent.query)
        assert [column.name for column in described.get_attributes()] == [*sent.columns]
