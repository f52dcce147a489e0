"""What happens to files later: they are scanned, and forgotten."""

from uuid import UUID

from lk_graphql.ports.jobs import World, job
from lk_graphql.uploads.service import claims, ingestion


@job("uploads.scan")
async def scan(world: World, *, upload_id: UUID) -> None:
    await ingestion.scan(upload_id, files=world.ports.files, scanner=world.ports.scanner)


@job("uploads.forget", cron="*/15 * * * *")
async def forget(world: World) -> None:
    await claims.forget_orphans(world.ports.files, now=world.now)
