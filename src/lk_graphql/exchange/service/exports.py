"""Exports for billing: rows, formats and runs; dumps in the format of import files.

A row is exported until billing acknowledges it (by `reading_answers`, `appeal_answers`, or the
payment in `payments`), and again after each later change: at-least-once delivery with a stable key.
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
from lk_graphql.exchange.service.runs import TRANSIENT_ERRORS
from lk_graphql.import_formats.service.readings import ACKNOWLEDGED_STATE
from lk_graphql.import_formats.service.records import FileColumn, Records
from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.files import Files
from lk_graphql.ports.pubsub import publish
from lk_graphql.tabular.spreadsheet_cells import cell_of, csv_line, escape_cell

_BATCH = 5000
EXPORT_RUN = "export_run"
"""Pub/sub topic; the key is the run's."""
RETENTION = timedelta(days=7)
"""Lifetime of an export file, short because it holds personal data."""
REPORT_RETENTION = timedelta(days=90)


@dataclass(frozen=True)
class ExportSpec:
    """Columns and query of an export.

    The query selects the rows since $1, and acknowledged ones only if $2. Whatever $1 is, it
    selects rows that billing has yet to count: unposted payments, readings of months that aren't
    billed, and readings that have changed since their answer. Their time of sending isn't that of
    their last change: a payment is recorded after an outage, a reading is confirmed later.
    """

    description: str
    columns: dict[str, str]
    query: str


# Readings that billing has reported aren't exported back. The bill of a later month ends the export
# of a change by which a reading doesn't count, because a billing system may never answer.
_READINGS = f"""
SELECT g.id AS reading, a.number AS account, m.serial AS meter, r.zone, g.value, g.taken_on,
    g.taken_at, g.received_at, to_char(g.period, 'YYYY-MM') AS period, g.state
FROM reading g
JOIN register r ON r.id = g.register_id JOIN meter m ON m.id = r.meter_id
JOIN account a ON a.id = m.account_id
LEFT JOIN acknowledgement k ON k.subject_id = g.id
WHERE g.source = 'CUSTOMER' AND g.state <> 'NEEDS_CONFIRMATION'
    AND NOT (g.batch IS NULL AND g.data_as_of IS NOT NULL)
    AND CASE
        WHEN $2 AND g.received_at >= $1 THEN true
        WHEN {ACKNOWLEDGED_STATE} IS NOT NULL THEN {ACKNOWLEDGED_STATE} <> g.state
            AND (g.state IN ('ACCEPTED', 'ON_REVIEW') OR NOT EXISTS (SELECT FROM invoice i
                WHERE i.account_id = m.account_id AND i.period > g.period))
        WHEN g.state NOT IN ('ACCEPTED', 'ON_REVIEW') THEN false
        ELSE g.received_at >= $1 OR NOT EXISTS (SELECT FROM invoice i
            WHERE i.account_id = m.account_id AND i.period >= g.period)
    END
ORDER BY g.id
"""
# A refund is a separate row with a negative amount. Billing acknowledges a row by posting it: a
# payment with its number as `external_id`, its account and its amount (`lk import payments`).
_PAYMENTS = """
SELECT w.number AS external_id, a.number AS account,
    round(w.amount::numeric / 100, 2) AS amount, to_char(w.period, 'YYYY-MM') AS period,
    w.happened_at
FROM registry_row w JOIN account a ON a.id = w.account_id
WHERE w.posted_at IS NULL OR $2 AND w.happened_at >= $1
ORDER BY w.id
"""
# A name that is hidden from ordinary staff is hidden from billing, too. So are the account and the
# subject, which would identify the author.
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
        "Readings sent by customers",
        {
            "reading": "The key of the reading, for `reading_answers`.",
            "account": "The number of the account («номер лицевого счёта»).",
            "meter": "The serial number of the meter.",
            "zone": "The tariff zone of the register.",
            "value": "The value of the reading, in kWh.",
            "taken_on": "The day of the reading, in the company's time zone.",
            "taken_at": "The moment of the reading, if the customer's device sent it.",
            "received_at": "The moment of receipt by the cabinet.",
            "period": "The month for which the reading counts.",
            "state": "The state of the reading in the cabinet, to which billing answers.",
        },
        _READINGS,
    ),
    ExportKind.PAYMENTS: ExportSpec(
        "Payments in the cabinet, and refunds, which are negative",
        {
            "external_id": "The number of the payment, to be returned in `payments`.",
            "account": "The number of the account («номер лицевого счёта»).",
            "amount": "The amount in rubles.",
            "period": "The month of the bill that the customer selected, if any.",
            "happened_at": "The moment of the payment or the refund.",
        },
        _PAYMENTS,
    ),
    ExportKind.APPEALS: ExportSpec(
        "Messages of customers in their appeals («обращения»), first ones and replies",
        {
            "message": "The key of the message, for `appeal_answers`.",
            "appeal": "The registration number of the appeal.",
            "position": "The position of the message in the appeal, from 1; the supplier's answers "
            "count, too.",
            "topic": "The topic of the appeal («тема»).",
            "author": "The author; empty if the name is hidden (corruption).",
            "account": "The account of the appeal; empty without one, or if the name is hidden.",
            "about": "The kind of the subject, `INVOICE`, `METER` and so on, or empty.",
            "about_number": "The number of that bill, payment or meter; empty with a hidden name.",
            "text": "The text, possibly of several lines.",
            "files": "The number of attached files, which are in the back office.",
            "sent_at": "The moment of receipt by the cabinet.",
            "due_on": "The last day for an answer to the appeal.",
        },
        _APPEALS,
    ),
}


async def export_rows(
    connection: Connection,
    kind: ExportKind,
    form: ExportFormat,
    *,
    since: datetime,
    with_answered: bool = False,
) -> AsyncIterator[list[bytes]]:
    """Yield lines in batches, with a header for CSV; memory use doesn't grow with the rows."""
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(EXPORT_SPECS[kind].query, since, with_answered)
        if form is ExportFormat.CSV:
            statement = await connection.prepare(EXPORT_SPECS[kind].query)
            yield [csv_line([column.name for column in statement.get_attributes()])]
        while rows := await cursor.fetch(_BATCH):
            yield [_json(row) if form is ExportFormat.JSONL else _csv(row.values()) for row in rows]


async def dump(connection: Connection, records: Records, path: Path, where: str = "true") -> None:
    """Write the rows that satisfy `where` (SQL over `t`) as CSV: UTF-8 with `;`."""
    query = (
        f"{select_rows(records)} WHERE {records.existing_where or 'true'} AND ({where})"
        " ORDER BY t.id"
    )
    are_texts = [column.value.type == "text" for column in records.columns]
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(query)
        with path.open("wb") as file:
            file.write(csv_line(records.names))
            while rows := await cursor.fetch(_BATCH):
                for row in rows:
                    cells = zip(row.values(), are_texts, strict=True)
                    file.write(
                        csv_line(
                            escape_cell(cell) if cell and text else cell for cell, text in cells
                        )
                    )


async def export_is_running(run_id: UUID) -> bool:
    """Whether the export isn't written yet."""
    return await ExportRun.filter(id=run_id, state=ExportState.WAITING).exists()


class ExportFailed(PermanentError):
    """An internal error, recorded on the run; the job isn't retried."""


class _CountedStream:
    """A stream of lines to the file store; it counts lines and bytes, and hashes the bytes."""

    def __init__(self) -> None:
        self.digest, self.size, self.lines = sha256(), 0, 0

    async def chunks(self, batches: AsyncIterator[list[bytes]]) -> AsyncIterator[bytes]:
        async for lines in batches:
            chunk = b"".join(lines)
            self.digest.update(chunk)
            self.size += len(chunk)
            self.lines += len(lines)
            yield chunk


async def run_export(run_id: UUID, *, files: Files, clock: Callable[[], datetime]) -> None:
    """Write a run's file unless it is written already.

    Raises `FilesUnavailable`, `ExportFailed`.
    """
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


async def delete_expired(files: Files, *, now: datetime) -> None:
    """Delete the files of expired exports and old fault reports; the records of runs stay."""
    for export in await ExportRun.filter(expires_at__lte=now, sha256__isnull=False):
        await files.delete(export.path)
        await ExportRun.filter(id=export.id).update(sha256=None)
    runs = ImportRun.filter(staff_id__isnull=False, report__isnull=False)
    for run in await runs.filter(finished_at__lte=now - REPORT_RETENTION):
        await files.delete(run.report_path)
        await ImportRun.filter(id=run.id).update(report=None)


def _json(row: Any) -> bytes:
    return orjson.dumps({name: _plain_value(value) for name, value in row.items()}) + b"\n"


def _csv(values: Any) -> bytes:
    return csv_line(map(cell_of, values))


def _plain_value(value: Any) -> str | None:
    """Text of a value; times are in ISO 8601 with their offset."""
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def select_rows(records: Records) -> str:
    """SQL that selects all rows of the table `t` as the texts of an import file."""
    sources = [
        (reference.by, reference.lookup_sql, reference.target) for reference in records.references
    ]
    if part := records.part_of:
        sources.append((part.by, part.lookup_sql, part.target))
    lookups = {
        name: f"f{number}.{name}" for number, (by, _, _) in enumerate(sources) for name in by
    }
    joins = " ".join(
        f"LEFT JOIN ({lookup_sql}) f{number} ON f{number}.id = t.{target}"
        for number, (_, lookup_sql, target) in enumerate(sources)
    )
    columns = ", ".join(
        f'{_exported_value(column, lookups)} AS "{column.name}"' for column in records.columns
    )
    return f'SELECT {columns} FROM "{records.table}" t {joins} {records.export_joins}'


def _exported_value(column: FileColumn, lookups: dict[str, str]) -> str:
    if column.exported_as:
        return column.exported_as
    if column.target is None:
        return lookups[column.name]
    return column.value.export_sql.format(c=f"t.{column.typed_name}")


async def _write(run: ExportRun, files: Files, clock: Callable[[], datetime]) -> dict[str, object]:
    """Write the file to the store and return the columns of the finished run."""
    stream, database = _CountedStream(), _database()
    async with database.acquire_connection() as connection:
        batches = export_rows(
            connection, run.kind, run.form, since=run.since, with_answered=run.with_answered
        )
        await files.put(run.path, stream.chunks(batches))
    now = clock()
    return {
        "state": ExportState.DONE,
        "rows": stream.lines - (run.form is ExportFormat.CSV),
        "size": stream.size,
        "sha256": stream.digest.hexdigest(),
        "finished_at": now,
        "expires_at": now + RETENTION,
    }


async def _end(run: ExportRun, result: dict[str, object]) -> None:
    async with in_transaction():
        await ExportRun.filter(id=run.id).update(**result)
        await publish(EXPORT_RUN, run.id)


def _database() -> Any:
    """Return the database client, as `Any` because its methods are untyped."""
    return get_connection("default")
