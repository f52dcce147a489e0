"""Receipts as files: printed once for each content, kept, and found again by its hash."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

from pydantic import TypeAdapter

from lk_graphql.billing.service.receipts.content import Receipt
from lk_graphql.billing.service.receipts.draw import drafts
from lk_graphql.ports.files import Files
from lk_graphql.ports.pdf import Pdfs

_FOLDER = "receipts"
_FRESH = timedelta(days=1)
"""Much longer than a link lasts: whatever a living link was opened for is younger."""


@dataclass(frozen=True)
class Kept:
    """A stored receipt; `digest` changes with all that can change the page."""

    path: str
    name: str
    digest: str


async def kept(receipt: Receipt, *, files: Files, pdfs: Pdfs, now: datetime) -> Kept:
    """The receipt's file, printed if there is none yet.

    One that is read after a day is written anew, so that no sweep takes it from its reader.

    Raises `PdfFailed`, `PdfsBusy` and `FilesAway`.
    """
    digest = sha256(_edition() + _adapter().dump_json(receipt)).hexdigest()
    found = Kept(f"{_FOLDER}/{digest[:2]}/{digest}.pdf", receipt.file_name, digest)
    written_at = await files.written_at(found.path)
    if written_at is None:
        page = await pdfs.page(digest, lambda: drafts(receipt))
        await files.put(found.path, _once(page))
    elif written_at < now - _FRESH:
        await files.put(
            found.path, _once(b"".join([piece async for piece in files.get(found.path)]))
        )
    return found


async def sweep(files: Files, *, older_than: timedelta, now: datetime) -> int:
    """Forget receipts that nobody has read for so long, at least two days; how many.

    Nothing is lost: whoever asks for one again has it printed again, the same to the byte.
    """
    forgotten = 0
    async for path in files.older(_FOLDER, than=now - max(older_than, 2 * _FRESH)):
        await files.delete(path)
        forgotten += 1
    return forgotten


@cache
def _adapter() -> TypeAdapter[Receipt]:
    return TypeAdapter(Receipt)


@cache
def _edition() -> bytes:
    """Changes whenever the drawing does: by its templates, its code or its libraries."""
    edition = sha256()
    for library in ("xhtml2pdf", "reportlab", "font-roboto", "segno"):
        edition.update(version(library).encode())
    ours = resources.files("lk_graphql.billing")
    for folder in ("templates", "service/receipts"):
        for file in sorted(ours.joinpath(folder).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".j2")):
                edition.update(file.read_bytes())
    return edition.digest()


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
