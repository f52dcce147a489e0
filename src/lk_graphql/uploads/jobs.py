"""Background jobs of uploads: virus scan, cleanup, and the end of interruptions."""

from uuid import UUID

from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.uploads.service import claims, ingestion


@job("uploads.scan")
async def scan(context: JobContext, *, upload_id: UUID) -> None:
    await ingestion.scan(upload_id, files=context.ports.files, scanner=context.ports.scanner)


@job("uploads.delete_unclaimed", cron="*/15 * * * *")
async def delete_unclaimed(context: JobContext) -> None:
    await claims.delete_unclaimed(context.ports.files, now=context.now)


@job("uploads.reopen_interrupted", cron="* * * * *")
async def reopen_interrupted(context: JobContext) -> None:
    await ingestion.reopen_interrupted(now=context.now)
