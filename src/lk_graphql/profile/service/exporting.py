"""«Выгрузка персональных данных»: all that we keep of a person, as a ZIP for a few days.

The answer to a request under 152-ФЗ, ст. 14: what is processed, and what it says.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql import engine
from lk_graphql.identity.service import limits
from lk_graphql.identity.service.limits import DAY, HOUR, Limit, Window
from lk_graphql.kit.tokens import Links
from lk_graphql.ports.files import Files
from lk_graphql.ports.jobs import World, enqueue
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import TooManyExports
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from lk_graphql.profile.service.archives import zipped
from lk_graphql.profile.service.claims import Claim
from lk_graphql.profile.service.dossiers import Enclosed, Listing, of_all_slices

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
    await limits.spend(OF_USER, user.id, links=links, now=now)
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
    while rows := await engine.fetch(sql, user_id, last, _AT_ONCE):
        yield (before + ",\n".join(row["told"] for row in rows)).encode()
        last, before = rows[-1]["key"], ",\n"
    yield b"\n]\n" if before == ",\n" else b"[]\n"
