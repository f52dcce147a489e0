"""Jobs: imports and exports of staff, continuation of interrupted imports, cleanup."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from lk_graphql.exchange.service import batches, exports, staff_imports
from lk_graphql.exchange.service.runs import ImportAlreadyRunning
from lk_graphql.ports.jobs import JobContext, Retries, job

_RETRIES = Retries(attempts=60, first_delay=timedelta(seconds=2), max_delay=timedelta(minutes=5))
"""Retries during the scan for viruses and while another import is running."""


@job("exchange.import", retries=_RETRIES, time_limit=timedelta(hours=6))
async def run_import(context: JobContext, *, run_id: UUID) -> None:
    await staff_imports.run_import(
        run_id, files=context.ports.files, company=context.company, clock=context.clock
    )


@job("exchange.finish_import", cron="* * * * *", time_limit=timedelta(hours=6))
async def finish_import(context: JobContext) -> None:
    """Finish an import whose process has died while batches were written."""
    with suppress(ImportAlreadyRunning):
        await batches.finish_interrupted(company=context.company, clock=context.clock)


@job("exchange.export", time_limit=timedelta(hours=1))
async def run_export(context: JobContext, *, run_id: UUID) -> None:
    await exports.run_export(run_id, files=context.ports.files, clock=context.clock)


@job("exchange.delete_expired", cron="41 2 * * *")
async def delete_expired(context: JobContext) -> None:
    await exports.delete_expired(context.ports.files, now=context.now)
