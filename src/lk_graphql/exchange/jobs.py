"""What a worker does for staff: imports and exports, and clearing up after them."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.exchange.service import exports, imports
from lk_graphql.ports.jobs import JobContext, Retries, job

_RETRIES = Retries(attempts=60, first_delay=timedelta(seconds=2), max_delay=timedelta(minutes=5))
"""An import waits its turn: for the scanner, or for another import to end."""


@job("exchange.import", retries=_RETRIES, time_limit=timedelta(hours=6))
async def run_import(world: JobContext, *, run_id: UUID) -> None:
    await imports.run_import(
        run_id, files=world.ports.files, company=world.company, clock=world.clock
    )


@job("exchange.export", time_limit=timedelta(hours=1))
async def run_export(world: JobContext, *, run_id: UUID) -> None:
    await exports.run_export(run_id, files=world.ports.files, clock=world.clock)


@job("exchange.forget", cron="41 2 * * *")
async def delete_expired(world: JobContext) -> None:
    await exports.delete_expired(world.ports.files, now=world.now)
