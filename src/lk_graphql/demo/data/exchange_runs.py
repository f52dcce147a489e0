"""The demo's runs of imports and exports: bills, payments, readings."""

from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256

from tortoise import Model

from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.exchange.models import (
    ExportFormat,
    ExportKind,
    ExportRun,
    ExportState,
    ImportFile,
    ImportRun,
    ImportState,
)
from lk_graphql.import_formats.service.kinds import ImportKind


def imported(today: date) -> Iterator[Model]:
    """The runs that `staff { importRuns }` returns, and an export."""
    keys = Keys("imports", today)
    for kind, name, day, rows, errors in (
        (ImportKind.INVOICES, "invoices.csv", today.replace(day=1), 200, 0),
        (ImportKind.PAYMENTS, "payments.csv", today, 61, 2),
    ):
        began = evening(day - timedelta(days=1))
        took = timedelta(seconds=rows // 10)
        run = ImportRun.construct(
            id=keys.new(day),
            kind=kind,
            state=ImportState.DONE,
            is_dry_run=False,
            is_atomic=False,
            as_of=began,
            started_at=began,
            finished_at=began + took,
            rows_read=rows,
            rows_loaded=rows - errors,
            errors=errors,
            totals=[],
            controls={},
        )
        digest = sha256(f"{kind} {day}".encode()).hexdigest()
        yield run
        yield ImportFile.construct(
            id=keys.new(day), run_id=run.id, name=name, size=rows * 95, sha256=digest
        )
    yield _exported(keys, today)


def _exported(keys: Keys, today: date) -> ExportRun:
    """An export of two weeks ago, whose file has expired."""
    started_at = evening(today - timedelta(days=14))
    return ExportRun.construct(
        id=keys.new(today),
        kind=ExportKind.READINGS,
        form=ExportFormat.CSV,
        state=ExportState.DONE,
        since=started_at - timedelta(days=7),
        with_answered=False,
        staff_id=keys.new(today),
        started_at=started_at,
        finished_at=started_at + timedelta(seconds=2),
        rows=148,
        size=22_348,
        expires_at=started_at + timedelta(days=7),
    )
