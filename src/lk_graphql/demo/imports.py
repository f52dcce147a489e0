"""The demo's imports and exports: last month's bills, yesterday's payments, readings sent."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.exchange.models import (
    ExportFormat,
    ExportKind,
    ExportState,
    ImportKind,
    ImportState,
)


class ImportRunRow(NamedTuple):
    id: UUID
    kind: ImportKind
    state: ImportState
    is_dry_run: bool
    is_atomic: bool
    as_of: datetime
    started_at: datetime
    finished_at: datetime
    rows_read: int
    rows_loaded: int
    errors: int
    totals: str
    controls: str


class ImportFileRow(NamedTuple):
    id: UUID
    run_id: UUID
    name: str
    size: int
    sha256: str


class ExportRunRow(NamedTuple):
    id: UUID
    kind: ExportKind
    form: ExportFormat
    state: ExportState
    since: datetime
    with_answered: bool
    staff_id: UUID
    started_at: datetime
    finished_at: datetime
    rows: int
    size: int
    expires_at: datetime


def imported(today: date) -> Iterator[tuple[str, list[Any]]]:
    """What staff find under `staff { importRuns }`."""
    keys = Keys("imports", today)
    for kind, name, day, rows, errors in (
        (ImportKind.INVOICES, "invoices.csv", today.replace(day=1), 200, 0),
        (ImportKind.PAYMENTS, "payments.csv", today, 61, 2),
    ):
        began = evening(day - timedelta(days=1))
        took = timedelta(seconds=rows // 10)
        counts = rows, rows - errors, errors
        run = ImportRunRow(
            *(keys.new(day), kind, ImportState.DONE, False, False),
            *(began, began, began + took, *counts, "[]", "{}"),
        )
        digest = sha256(f"{kind} {day}".encode()).hexdigest()
        yield "import_run", [run]
        yield "import_file", [ImportFileRow(keys.new(day), run.id, name, rows * 95, digest)]
    yield "export_run", [_exported(keys, today)]


def _exported(keys: Keys, today: date) -> ExportRunRow:
    """Of two weeks ago: its file has expired."""
    asked = evening(today - timedelta(days=14))
    return ExportRunRow(
        *(keys.new(today), ExportKind.READINGS, ExportFormat.CSV, ExportState.DONE),
        *(asked - timedelta(days=7), False, keys.new(today)),
        *(asked, asked + timedelta(seconds=2), 148, 22_348, asked + timedelta(days=7)),
    )
