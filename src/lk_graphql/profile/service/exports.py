"""Export of personal data: a ZIP archive, kept for a few days, behind signed URLs.

The answer to a request under 152-ФЗ, ст. 14: what is processed, and what it says.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import DAY, HOUR, AttemptLimit, AttemptWindow
from lk_graphql.kit import signed_urls
from lk_graphql.kit.signed_urls import SignedUrl
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import JobContext, enqueue
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import TooManyExports
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service.password_confirmation import PasswordConfirmation
from lk_graphql.profile.service.personal_data import DataAttachment, DataListing, of_all_slices


class _ChunkBuffer:
    """What `ZipFile` writes to; it can't go back, so lengths stand behind each file."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, piece: bytes) -> int:
        self._waiting += piece
        return len(piece)

    def flush(self) -> None:
        """There is nowhere further to push it."""

    def close(self) -> None:
        """Whoever reads it closes nothing."""

    def take(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


async def zip_stream(files: AsyncIterable[DataAttachment], *, at: datetime) -> AsyncIterator[bytes]:
    """The bytes of the archive, in pieces; `at` is the time that its files carry, in their zone."""
    outlet = _ChunkBuffer()
    with ZipFile(outlet, "w") as archive:
        async for file in files:
            entry = ZipInfo(file.path, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as inside:
                async for piece in file.content:
                    await asyncio.to_thread(inside.write, piece)
                    yield outlet.take()
    yield outlet.take()


MAX_WAIT = timedelta(days=1)
"""After that, whatever kept it from being made, one may ask again."""
RETENTION = timedelta(days=3)
"""Over a weekend."""
# Hundreds of receipts may have to be printed for one.
PER_USER = AttemptLimit(
    "personal-data-export/user", (AttemptWindow(1, HOUR), AttemptWindow(3, DAY)), TooManyExports
)
_BATCH = 500
_PAGE = """
SELECT key, told::text AS told FROM ({sql}) AS listing (key, told)
WHERE key > $2 ORDER BY key LIMIT $3
"""


async def request(
    confirmation: PasswordConfirmation, *, passwords: Passwords, links: Signer
) -> UUID:
    """Have everything about somebody collected, by a job; who it is.

    Raises `ProfilePasswordWrong`, `TooManyCodes`, `TooManyExports`.
    """
    user, now = await confirmation.confirm(passwords=passwords, links=links), confirmation.now
    await rate_limits.count_attempt(PER_USER, user.id, signer=links, now=now)
    async with in_transaction():
        asked = await PersonalDataExport.create(
            user=user,
            state=PersonalDataExportState.WAITING,
            requested_at=now,
            expires_at=now + MAX_WAIT,
        )
        await enqueue("profile.make_export", export_id=asked.id)
    return user.id


async def build(export_id: UUID, world: JobContext) -> None:
    """Write the archive, and mail that it is there. A repeat writes it anew.

    Raises what a store or a printer that is away raises.
    """
    waiting = PersonalDataExport.filter(id=export_id, state=PersonalDataExportState.WAITING)
    export = await waiting.first()
    if export is None:
        return
    files, at = _archive_files(export.user_id, world), world.now.astimezone(world.company.zone)
    await world.ports.files.put(export.path, zip_stream(files, at=at))
    size = await world.ports.files.size(export.path)
    async with in_transaction():
        made = await waiting.update(
            state=PersonalDataExportState.READY,
            size=size,
            made_at=world.now,
            expires_at=world.now + RETENTION,
        )
        if made:
            await enqueue("profile.mail_export", export_id=export_id)
    if not made and not await PersonalDataExport.exists(
        id=export_id, state=PersonalDataExportState.READY
    ):
        await world.ports.files.delete(export.path)  # its person was forgotten meanwhile


async def expire_old(files: Files, *, now: datetime) -> int:
    """Delete the archives whose time is over, bytes first; how many."""
    old = PersonalDataExport.filter(expires_at__lte=now).exclude(
        state=PersonalDataExportState.ENDED
    )
    found = await old.limit(_BATCH)
    for export in found:
        await files.delete(export.path)
    return await PersonalDataExport.filter(id__in=[export.id for export in found]).update(
        state=PersonalDataExportState.ENDED
    )


async def _archive_files(user_id: UUID, world: JobContext) -> AsyncIterator[DataAttachment]:
    for known in of_all_slices():
        for listing in known.listings:
            yield DataAttachment(f"{listing.name}.json", _listing_file(listing, user_id))
        if known.attachments:
            async for file in known.attachments(user_id, world):
                yield file


async def _listing_file(listing: DataListing, user_id: UUID) -> AsyncIterator[bytes]:
    """A JSON array, page by page."""
    sql, last, before = _PAGE.replace("{sql}", listing.sql), UUID(int=0), "[\n"
    while rows := await raw_sql.fetch(sql, user_id, last, _BATCH):
        yield (before + ",\n".join(row["told"] for row in rows)).encode()
        last, before = rows[-1]["key"], ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


PATH = "/files/exports/"
LINK_LIFETIME = timedelta(minutes=10)
_PURPOSE = "PERSONAL-DATA-EXPORT"


def export_path(key: UUID, session_id: UUID, *, now: datetime, links: Signer) -> str:
    """The path of a link; not a word of it can be changed."""
    return PATH + signed_urls.sign(
        links, _PURPOSE, SignedUrl(key, session_id), until=now + LINK_LIFETIME
    )


async def verify_link(
    signed: str, viewer: Viewer, *, now: datetime, links: Signer
) -> PersonalDataExport | None:
    """The viewer's own export, if this very session has got the link, and it is young."""
    key = signed_urls.verify(links, _PURPOSE, signed, viewer.session_id, now=now)
    if key is None or viewer.is_read_only:
        return None
    mine = PersonalDataExport.filter(id=key, user_id=viewer.id, state=PersonalDataExportState.READY)
    return await mine.filter(expires_at__gt=now).first()
