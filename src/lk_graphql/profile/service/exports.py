"""Export of personal data: a ZIP archive, stored for a few days.

Answers a request under 152-ФЗ, ст. 14.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.guards.rate_limits import DAY, HOUR, AttemptCounter, AttemptLimit, AttemptWindow
from lk_graphql.identity.service.sessions import READER_SQL
from lk_graphql.kit import file_links
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.signing import Signer
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import JobContext, enqueue
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import TooManyExports
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service.export_index import (
    INDEX,
    README,
    Section,
    index_page,
    readme,
)
from lk_graphql.profile.service.password_confirmation import PasswordConfirmation
from lk_graphql.profile.service.personal_data import DataAttachment, DataListing, of_all_slices

ROUTE = FileRoute("exports", "pde", timedelta(minutes=10))
STATEMENT = file_links.statement(
    READER_SQL,
    f"""SELECT export.id AS file_id, export.made_at, export.size
FROM personal_data_export export
WHERE export.id = {file_links.KEY} AND export.user_id = reader.user_id
AND export.state = 'READY' AND export.expires_at > {file_links.NOW} AND NOT reader.is_read_only""",  # noqa: S608 - parameters
)
"""An archive is for its customer, and not for staff who view the cabinet."""
MAX_WAIT = timedelta(days=1)
"""Deadline for making an archive; after it the customer may request another."""
RETENTION = timedelta(days=3)
"""Long enough for a weekend."""
# One export may render hundreds of receipts.
PER_USER = AttemptLimit(
    "personal-data-export/user", (AttemptWindow(1, HOUR), AttemptWindow(3, DAY)), TooManyExports
)
_BATCH = 500
_PAGE = """
SELECT key, item::text AS item FROM ({sql}) AS listing (key, item)
WHERE key > $2 ORDER BY key LIMIT $3
"""


async def request(
    confirmation: PasswordConfirmation, *, passwords: Passwords, signer: Signer
) -> None:
    """Request an export, which a job makes.

    Raises `ProfilePasswordWrong`, `RateLimitExceeded`, `TooManyExports`.
    """
    user, now = await confirmation.confirm(passwords=passwords, signer=signer), confirmation.now
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(PER_USER, user.id)
        async with in_transaction():
            export = await PersonalDataExport.create(
                user=user,
                state=PersonalDataExportState.WAITING,
                requested_at=now,
                expires_at=now + MAX_WAIT,
            )
            await enqueue("profile.make_export", export_id=export.id)


async def build(export_id: UUID, context: JobContext) -> None:
    """Write the archive and enqueue the notice; a repeated job writes it again.

    Raises the errors of an unavailable file store or receipt renderer.
    """
    waiting = PersonalDataExport.filter(id=export_id, state=PersonalDataExportState.WAITING)
    export = await waiting.first()
    if export is None:
        return
    at = context.now.astimezone(context.company.zone)
    files = _archive_files(export.user_id, context, at)
    await context.ports.files.put(export.path, zip_stream(files, at=at))
    size = await context.ports.files.size(export.path)
    async with in_transaction():
        # An erasure lets the export expire, perhaps after `context.now`.
        is_ready = await waiting.filter(expires_at__gt=context.clock()).update(
            state=PersonalDataExportState.READY,
            size=size,
            made_at=context.now,
            expires_at=context.now + RETENTION,
        )
        if is_ready:
            await enqueue("profile.mail_export", export_id=export_id)
    if not is_ready and not await PersonalDataExport.exists(
        id=export_id, state=PersonalDataExportState.READY
    ):
        await context.ports.files.delete(export.path)  # expired: erased, or too late


async def expire_old(files: Files, *, now: datetime) -> int:
    """Delete expired archives, bytes first, and return their number."""
    expired = PersonalDataExport.filter(expires_at__lte=now).exclude(
        state=PersonalDataExportState.ENDED
    )
    batch = await expired.limit(_BATCH)
    for export in batch:
        await files.delete(export.path)
    return await PersonalDataExport.filter(id__in=[export.id for export in batch]).update(
        state=PersonalDataExportState.ENDED
    )


async def zip_stream(files: AsyncIterable[DataAttachment], *, at: datetime) -> AsyncIterator[bytes]:
    """Yield the archive in chunks; `at` is the modification time of its files."""
    buffer = _ChunkBuffer()
    with ZipFile(buffer, "w") as archive:
        async for file in files:
            entry = ZipInfo(file.path, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as target:
                async for chunk in file.content:
                    await asyncio.to_thread(target.write, chunk)
                    yield buffer.take()
    yield buffer.take()


async def _archive_files(
    user_id: UUID, context: JobContext, at: datetime
) -> AsyncIterator[DataAttachment]:
    """Yield the listings and the files, and at the end the pages that describe them."""
    sections, paths, company = list[Section](), list[str](), context.company.name
    for data in of_all_slices():
        for listing in data.listings:
            section = Section(listing.title, f"data/{listing.name}.json", listing.words())
            sections.append(section)
            yield DataAttachment(section.path, _listing_file(listing, user_id, section))
        if data.attachments:
            async for file in data.attachments(user_id, context):
                paths.append(file.path)
                yield file
    page = index_page(sections, paths, company=company, made_at=at)
    yield DataAttachment(INDEX, _single(page))
    yield DataAttachment(README, _single(readme(company=company, made_at=at)))


async def _single(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def _listing_file(
    listing: DataListing, user_id: UUID, section: Section
) -> AsyncIterator[bytes]:
    """Yield a JSON array page by page, and note its rows for the index."""
    sql, last_key, prefix = _PAGE.replace("{sql}", listing.sql), UUID(int=0), "[\n"
    while rows := await raw_sql.fetch(sql, user_id, last_key, _BATCH):
        yield (prefix + ",\n".join(row["item"] for row in rows)).encode()
        for row in rows:
            section.add(row["item"])
        last_key, prefix = rows[-1]["key"], ",\n"
    yield b"\n]\n" if prefix == ",\n" else b"[]\n"


class _ChunkBuffer:
    """Unseekable output of `ZipFile`, which therefore writes lengths after each file."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, chunk: bytes) -> int:
        self._buffer += chunk
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: the buffer is the destination."""

    def close(self) -> None:
        """Do nothing: the buffer holds no resource."""

    def take(self) -> bytes:
        """Return and remove the bytes written since the last call."""
        chunk = bytes(self._buffer)
        self._buffer.clear()
        return chunk
