"""Export of customers' messages until billing acknowledges them."""

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
from lk_graphql.exchange.models import Acknowledgement, ExportFormat, ExportKind, SentKind
from lk_graphql.exchange.service.exports import EXPORT_SPECS, export_rows
from lk_graphql.import_formats.service.kinds import Answer, ImportKind
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


async def export(dsn: str, since: datetime = LONG_AGO, **options: Any) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.APPEALS, ExportFormat.JSONL, since=since, **options)
    rows = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return rows


async def message_of(appeal: Appeal, number: int = 1) -> str:
    return str((await AppealMessage.get(appeal_id=appeal.id, number=number)).id)


async def create_meter_appeal(viewer: Viewer, title: str, *, hides: bool) -> Appeal:
    """Create an appeal about a meter of the viewer's account."""
    await given_link(viewer, await given_account(NUMBER))
    subject = SubjectRef(SubjectKind.METER, (await Meter.get(account__number=NUMBER)).id)
    draft = AppealDraft(await topic_id(title), 'Сняли\nпломбу; "так"', subject, hides_name=hides)
    return await Appeal.get(id=await customers.create(viewer, draft, sending()))


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
    acknowledgement = await Acknowledgement.get()
    assert (
        acknowledgement.kind,
        acknowledgement.subject_state,
        acknowledgement.answer,
        acknowledgement.as_of,
    ) == (
        SentKind.APPEAL_MESSAGE,
        None,
        Answer.RECEIVED,
        NOW,
    )
    assert (await Appeal.get(id=appeal.id)).state is AppealState.NEW


async def test_a_reply_is_a_row_of_its_own_and_our_answer_is_none(
    importer: ImportRunner, database: str, anna: Viewer, boris: Viewer
):
    appeal, other_appeal = await given_appeal(anna), await given_appeal(boris)
    await staff.answer(staff_viewer(new_key()), appeal.id, "Уже включили.", now=NOW)
    await customers.reply(anna, appeal.id, "Нет.", sending())
    reply = await message_of(appeal, 3)
    file = importer.put("a.csv", answers(await message_of(appeal)))
    await importer.load(ImportKind.APPEALS, file)
    rows = [(row["message"], row["appeal"], row["position"]) for row in await export(database)]
    assert sorted(rows) == sorted(
        [(reply, appeal.number, "3"), (await message_of(other_appeal), other_appeal.number, "1")]
    )


async def test_a_row_has_its_author_and_subject(database: str, anna: Viewer):
    appeal = await create_meter_appeal(anna, QUESTIONS, hides=False)
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


async def test_a_hidden_name_is_in_no_column_of_the_row(database: str, anna: Viewer):
    await create_meter_appeal(anna, CORRUPTION, hides=True)
    (row,) = await export(database)
    values = row["author"], row["account"], row["about"], row["about_number"]
    assert values == (None, None, "METER", None)
    account = await Account.get(number=NUMBER)
    serial = (await Meter.get(account_id=account.id)).serial
    line = orjson.dumps(row).decode()
    secrets = NUMBER, serial, str(account.id), str(anna.id), *AUTHOR.split()
    assert [secret for secret in secrets if secret in line] == []


async def test_only_messages_since_the_moment_are_exported(database: str, anna: Viewer):
    appeal = await given_appeal(anna)
    assert len(await export(database, appeal.created_at)) == 1
    assert await export(database, appeal.created_at.replace(year=2027)) == []


async def test_only_messages_of_customers_are_acknowledged(
    importer: ImportRunner, database: str, anna: Viewer
):
    appeal, unknown_id = await given_appeal(anna), UUID(int=7)
    await staff.answer(staff_viewer(new_key()), appeal.id, "Включим.", now=NOW)
    answer_id = await message_of(appeal, 2)
    await importer.load(
        ImportKind.APPEALS, importer.put("a.csv", answers(answer_id, str(unknown_id)))
    )
    assert [fault[2:] for fault in importer.faults()] == [
        ("message", "MESSAGE_UNKNOWN", answer_id),
        ("message", "MESSAGE_UNKNOWN", str(unknown_id)),
    ]
    assert await Acknowledgement.all().count() == 0


async def test_the_guide_names_the_columns_that_are_written(opened: asyncpg.Connection):
    for spec in EXPORT_SPECS.values():
        statement = await opened.prepare(spec.query)
        assert [column.name for column in statement.get_attributes()] == [*spec.columns]
