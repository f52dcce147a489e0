"""What happens to files later: they are scanned, and forgotten."""

from uuid import UUID

from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.uploads.service import claims, ingestion


@job("uploads.scan")
async def scan(world: JobContext, *, upload_id: UUID) -> None:
    await ingestion.scan(upload_id, files=world.ports.files, scanner=world.ports.scanner)


@job("uploads.forget", cron="*/15 * * * *")
async def delete_unclaimed(world: JobContext) -> None:
    await claims.delete_unclaimed(world.ports.files, now=world.now)
