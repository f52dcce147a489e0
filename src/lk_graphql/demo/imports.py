"""The demo's imports: last month's bills, and yesterday's payments with rows that were refused."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.exchange.models import ImportKind, ImportState


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


class ImportFileRow(NamedTuple):
    id: UUID
    run_id: UUID
    name: str
    size: int
    sha256: str


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
            *(began, began, began + took, *counts, "[]"),
        )
        digest = sha256(f"{kind} {day}".encode()).hexdigest()
        yield "import_run", [run]
        yield "import_file", [ImportFileRow(keys.new(day), run.id, name, rows * 95, digest)]
