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
from lk_graphql.guards.rate_limits import DAY, HOUR, Limit, Window
from lk_graphql.kit import signed_urls
from lk_graphql.kit.signed_urls import Pass
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import World, enqueue
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import TooManyExports
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service.password_confirmation import Claim
from lk_graphql.profile.service.personal_data import Enclosed, Listing, of_all_slices


class _Outlet:
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

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = bytes(self._waiting)
        self._waiting.clear()
        return piece


async def zipped(files: AsyncIterable[Enclosed], *, at: datetime) -> AsyncIterator[bytes]:
    """The bytes of the archive, in pieces; `at` is the time that its files carry, in their zone."""
    outlet = _Outlet()
    with ZipFile(outlet, "w") as archive:
        async for file in files:
            entry = ZipInfo(file.path, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as inside:
                async for piece in file.content:
                    await asyncio.to_thread(inside.write, piece)
                    yield outlet.taken()
    yield outlet.taken()


MADE_WITHIN = timedelta(days=1)
"""After that, whatever kept it from being made, one may ask again."""
KEPT = timedelta(days=3)
"""Over a weekend."""
# Hundreds of receipts may have to be printed for one.
OF_USER = Limit("personal-data-export/user", (Window(1, HOUR), Window(3, DAY)), TooManyExports)
_AT_ONCE = 500
_PAGE = """
SELECT key, told::text AS told FROM ({sql}) AS listing (key, told)
WHERE key > $2 ORDER BY key LIMIT $3
"""


async def request(claim: Claim, *, passwords: Passwords, links: Links) -> UUID:
    """Have everything about somebody collected, by a job; who it is.

    Raises `ProfilePasswordWrong`, `TooManyCodes`, `TooManyExports`.
    """
    user, now = await claim.proved(passwords=passwords, links=links), claim.now
    await rate_limits.spend(OF_USER, user.id, links=links, now=now)
    async with in_transaction():
        asked = await PersonalDataExport.create(
            user=user,
            state=PersonalDataExportState.WAITING,
            requested_at=now,
            expires_at=now + MADE_WITHIN,
        )
        await enqueue("profile.make_export", export_id=asked.id)
    return user.id


async def make(export_id: UUID, world: World) -> None:
    """Write the archive, and mail that it is there. A repeat writes it anew.

    Raises what a store or a printer that is away raises.
    """
    waiting = PersonalDataExport.filter(id=export_id, state=PersonalDataExportState.WAITING)
    export = await waiting.first()
    if export is None:
        return
    files, at = _files(export.user_id, world), world.now.astimezone(world.company.zone)
    await world.ports.files.put(export.path, zipped(files, at=at))
    size = await world.ports.files.size(export.path)
    async with in_transaction():
        made = await waiting.update(
            state=PersonalDataExportState.READY,
            size=size,
            made_at=world.now,
            expires_at=world.now + KEPT,
        )
        if made:
            await enqueue("profile.mail_export", export_id=export_id)
    if not made and not await PersonalDataExport.exists(
        id=export_id, state=PersonalDataExportState.READY
    ):
        await world.ports.files.delete(export.path)  # its person was forgotten meanwhile


async def end_old(files: Files, *, now: datetime) -> int:
    """Delete the archives whose time is over, bytes first; how many."""
    old = PersonalDataExport.filter(expires_at__lte=now).exclude(
        state=PersonalDataExportState.ENDED
    )
    found = await old.limit(_AT_ONCE)
    for export in found:
        await files.delete(export.path)
    return await PersonalDataExport.filter(id__in=[export.id for export in found]).update(
        state=PersonalDataExportState.ENDED
    )


async def _files(user_id: UUID, world: World) -> AsyncIterator[Enclosed]:
    for known in of_all_slices():
        for listing in known.listings:
            yield Enclosed(f"{listing.name}.json", _listed(listing, user_id))
        if known.enclosed:
            async for file in known.enclosed(user_id, world):
                yield file


async def _listed(listing: Listing, user_id: UUID) -> AsyncIterator[bytes]:
    """A JSON array, page by page."""
    sql, last, before = _PAGE.replace("{sql}", listing.sql), UUID(int=0), "[\n"
    while rows := await raw_sql.fetch(sql, user_id, last, _AT_ONCE):
        yield (before + ",\n".join(row["told"] for row in rows)).encode()
        last, before = rows[-1]["key"], ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"


PATH = "/files/exports/"
LASTS = timedelta(minutes=10)
_PURPOSE = "PERSONAL-DATA-EXPORT"


def export_path(key: UUID, session_id: UUID, *, now: datetime, links: Links) -> str:
    """The path of a link; not a word of it can be changed."""
    return PATH + signed_urls.issue(links, _PURPOSE, Pass(key, session_id), until=now + LASTS)


async def linked(
    signed: str, viewer: Viewer, *, now: datetime, links: Links
) -> PersonalDataExport | None:
    """The viewer's own export, if this very session has got the link, and it is young."""
    key = signed_urls.admitted(links, _PURPOSE, signed, viewer.session_id, now=now)
    if key is None or viewer.is_read_only:
        return None
    mine = PersonalDataExport.filter(id=key, user_id=viewer.id, state=PersonalDataExportState.READY)
    return await mine.filter(expires_at__gt=now).first()
