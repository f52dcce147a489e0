"""Exports for the billing system: rows, formats, runs; dumps in import format.

A row is written again until billing has answered it (`reading_answers`, `appeal_answers`, or a
payment that comes back), and when it changes after that: at least once, with a key that never
changes.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from asyncpg import Connection
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ExportFormat, ExportKind, ExportRun, ExportState, ImportRun
from lk_graphql.exchange.service.records import FileColumn, Records
from lk_graphql.exchange.service.runs import TRANSIENT_ERRORS
from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.files import Files
from lk_graphql.ports.pubsub import publish


@dataclass(frozen=True)
class ExportSpec:
    """`query` finds what was sent since $1; with $2, what is answered, too."""

    description: str
    columns: dict[str, str]
    query: str


# What billing has told of itself isn't told back to it.
_READINGS = """
SELECT g.id AS reading, a.number AS account, m.serial AS meter, r.zone, g.value, g.taken_on,
    g.taken_at, g.received_at, to_char(g.period, 'YYYY-MM') AS period, g.state
FROM reading g
JOIN register r ON r.id = g.register_id JOIN meter m ON m.id = r.meter_id
JOIN account a ON a.id = m.account_id
LEFT JOIN acknowledgement k ON k.subject_id = g.id
WHERE g.source = 'CUSTOMER' AND g.received_at >= $1 AND CASE
    WHEN g.batch IS NULL AND g.data_as_of IS NOT NULL THEN false
    WHEN $2 THEN g.state <> 'NEEDS_CONFIRMATION'
    WHEN k.id IS NULL THEN g.state IN ('ACCEPTED', 'ON_REVIEW') AND g.data_as_of IS NULL
    ELSE g.state NOT IN ('NEEDS_CONFIRMATION', 'REJECTED') AND g.state <> k.subject_state END
ORDER BY g.id
"""

# A refund is a row of its own, below zero. Billing acknowledges a row by posting it: a payment with
# its number as `external_id` (`lk import payments`).
_PAYMENTS = """
SELECT w.number AS external_id, a.number AS account,
    round(w.amount::numeric / 100, 2) AS amount, to_char(w.period, 'YYYY-MM') AS period,
    w.happened_at
FROM registry_row w JOIN account a ON a.id = w.account_id
WHERE w.happened_at >= $1 AND ($2 OR w.posted_at IS NULL)
ORDER BY w.id
"""

# Whose name is hidden is hidden from billing's people, too: the account and what the appeal is
# about would tell it as well as the name does.
_APPEALS = """
SELECT m.id AS message, p.number AS appeal, m.number AS position, t.title AS topic,
    CASE WHEN NOT p.hides_name
        THEN concat_ws(' ', u.last_name, u.first_name, u.patronymic) END AS author,
    CASE WHEN NOT p.hides_name THEN a.number END AS account,
    p.subject_kind AS about,
    CASE WHEN NOT p.hides_name THEN coalesce(
        p.subject_facts ->> 'number', p.subject_facts ->> 'serial') END AS about_number,
    m.text, (SELECT count(*) FROM appeal_attachment f WHERE f.message_id = m.id) AS files,
    m.created_at AS sent_at, p.due_on
FROM appeal_message m JOIN appeal p ON p.id = m.appeal_id
JOIN appeal_topic t ON t.id = p.topic_id JOIN "user" u ON u.id = p.user_id
LEFT JOIN account a ON a.id = p.account_id
LEFT JOIN acknowledgement k ON k.subject_id = m.id
WHERE m.direction = 'SENT' AND m.created_at >= $1 AND ($2 OR k.id IS NULL)
ORDER BY m.id
"""

EXPORT_SPECS: dict[ExportKind, ExportSpec] = {
    ExportKind.READINGS: ExportSpec(
        "Readings that customers have sent",
        {
            "reading": "The reading's key, for `reading_answers`.",
            "account": "The account's number («номер лицевого счёта»).",
            "meter": "The meter's serial number.",
            "zone": "The tariff zone of the register.",
            "value": "What it showed, in kWh.",
            "taken_on": "On which day, the company's.",
            "taken_at": "When, if the customer's device has told.",
            "received_at": "When it came here.",
            "period": "The month for which it counts.",
            "state": "What became of it here; billing answers to this state.",
        },
        _READINGS,
    ),
    ExportKind.PAYMENTS: ExportSpec(
        "Payments in the cabinet, and refunds, which are below zero",
        {
            "external_id": "The payment's number, with which it comes back in `payments`.",
            "account": "The account's number («номер лицевого счёта»).",
            "amount": "How much, in rubles.",
            "period": "The month that the customer has named, if any.",
            "happened_at": "When it was paid, or given back.",
        },
        _PAYMENTS,
    ),
    ExportKind.APPEALS: ExportSpec(
        "Messages that customers have written in their appeals («обращения»), first ones and"
        " replies. The text is as they wrote it: let no spreadsheet take it for a formula",
        {
            "message": "The message's key, for `appeal_answers`.",
            "appeal": "The appeal's registration number.",
            "position": "The message's place in the appeal, from 1; our answers count, too.",
            "topic": "The appeal's topic («тема»).",
            "author": "Who has sent it; empty where they hide their name (corruption).",
            "account": "The account that it is about; empty without one, and where the name is"
            " hidden.",
            "about": "What of the customer's it is about: `INVOICE`, `METER` and so on, or empty.",
            "about_number": "The bill's, payment's or meter's; empty where the name is hidden.",
            "text": "What it says; may have several lines.",
            "files": "How many files came with it; they are in the back office.",
            "sent_at": "When it came here.",
            "due_on": "By when the appeal is to be answered.",
        },
        _APPEALS,
    ),
}


_BATCH = 5000


async def export_rows(
    connection: Connection,
    kind: ExportKind,
    form: ExportFormat,
    *,
    since: datetime,
    with_answered: bool = False,
) -> AsyncIterator[list[bytes]]:
    """Lines in batches, the first of a CSV's being its columns; memory doesn't grow with them."""
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(EXPORT_SPECS[kind].query, since, with_answered)
        if form is ExportFormat.CSV:
            described = await connection.prepare(EXPORT_SPECS[kind].query)
            yield [_csv([column.name for column in described.get_attributes()])]
        while rows := await cursor.fetch(_BATCH):
            yield [_json(row) if form is ExportFormat.JSONL else _csv(row.values()) for row in rows]


def _json(row: Any) -> bytes:
    return orjson.dumps({name: _plain_value(value) for name, value in row.items()}) + b"\n"


def _csv(values: Any) -> bytes:
    return (";".join(_cell(_plain_value(value)) for value in values) + "\n").encode()


def _plain_value(value: Any) -> str | None:
    """Numbers as they are, moments with their offset."""
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    return '"' + text.replace('"', '""') + '"' if {*text} & {*';"\r\n'} else text


async def dump(connection: Connection, records: Records, path: Path, where: str = "true") -> None:
    """Write the rows for which `where`, SQL over `t`, holds: UTF-8 with `;`."""
    with path.open("wb") as file:
        await connection.copy_from_query(
            f"{_query(records)} WHERE {records.known_where or 'true'} AND ({where}) ORDER BY t.id",
            output=file,
            format="csv",
            delimiter=";",
            header=True,
        )


def _query(records: Records) -> str:
    sources = [(one.by, one.lookup_sql, one.target) for one in records.references]
    if part := records.part_of:
        sources.append((part.by, part.lookup_sql, part.target))
    where = {name: f"f{n}.{name}" for n, (by, _, _) in enumerate(sources) for name in by}
    joins = " ".join(
        f"LEFT JOIN ({found_in}) f{n} ON f{n}.id = t.{into}"
        for n, (_, found_in, into) in enumerate(sources)
    )
    shown = ", ".join(f'{_exported_value(one, where)} AS "{one.name}"' for one in records.columns)
    return f'SELECT {shown} FROM "{records.table}" t {joins} {records.shown_from}'


def _exported_value(column: FileColumn, lookups: dict[str, str]) -> str:
    if column.exported_as:
        return column.exported_as
    if column.target is None:
        return lookups[column.name]
    return column.value.shown.format(c=f"t.{column.typed}")


EXPORT_RUN = "export_run"
"""The signals' topic; their keys are the runs'."""
RETENTION = timedelta(days=7)
"""How long an export can be fetched: it is full of personal data."""
REPORT_RETENTION = timedelta(days=90)


async def export_is_running(run_id: UUID) -> bool:
    """Whether it is still to be written."""
    return await ExportRun.filter(id=run_id, state=ExportState.WAITING).exists()


class ExportFailed(PermanentError):
    """A fault of ours: the run says so, and trying again would end the same way."""


class _CountedStream:
    """What has gone to the store so far."""

    def __init__(self) -> None:
        self.digest, self.size, self.lines = sha256(), 0, 0

    async def chunks(self, batches: AsyncIterator[list[bytes]]) -> AsyncIterator[bytes]:
        async for lines in batches:
            piece = b"".join(lines)
            self.digest.update(piece)
            self.size += len(piece)
            self.lines += len(lines)
            yield piece


async def run_export(run_id: UUID, *, files: Files, clock: Callable[[], datetime]) -> None:
    """Write a run's file, unless it is written. Raises `FilesUnavailable`, `ExportFailed`."""
    run = await ExportRun.get(id=run_id)
    if run.state is not ExportState.WAITING:
        return
    try:
        end = await _write(run, files, clock)
    except TRANSIENT_ERRORS:
        raise
    except Exception as failure:
        await _end(run, {"state": ExportState.FAILED, "finished_at": clock()})
        raise ExportFailed(type(failure).__name__) from failure
    await _end(run, end)


async def _write(run: ExportRun, files: Files, clock: Callable[[], datetime]) -> dict[str, object]:
    """What the record says of a file that is in the store."""
    written, database = _CountedStream(), _database()
    async with database.acquire_connection() as connection:
        batches = export_rows(
            connection, run.kind, run.form, since=run.since, with_answered=run.with_answered
        )
        await files.put(run.path, written.chunks(batches))
    now = clock()
    return {
        "state": ExportState.DONE,
        "rows": written.lines - (run.form is ExportFormat.CSV),
        "size": written.size,
        "sha256": written.digest.hexdigest(),
        "finished_at": now,
        "expires_at": now + RETENTION,
    }


async def _end(run: ExportRun, result: dict[str, object]) -> None:
    async with in_transaction():
        await ExportRun.filter(id=run.id).update(**result)
        await publish(EXPORT_RUN, run.id)


def _database() -> Any:
    """Its methods are untyped."""
    return get_connection("default")


async def delete_expired(files: Files, *, now: datetime) -> None:
    """Delete exports that have expired, and old reports; the runs' records stay."""
    for export in await ExportRun.filter(expires_at__lte=now, sha256__isnull=False):
        await files.delete(export.path)
        await ExportRun.filter(id=export.id).update(sha256=None)
    old = ImportRun.filter(staff_id__isnull=False, report__isnull=False)
    for run in await old.filter(finished_at__lte=now - REPORT_RETENTION):
        await files.delete(run.report_path)
        await ImportRun.filter(id=run.id).update(report=None)
