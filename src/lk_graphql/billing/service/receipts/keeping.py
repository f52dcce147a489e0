"""Receipts as files: printed once for each content, kept, and found again by its hash."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version

from pydantic import TypeAdapter

from lk_graphql.billing.service.receipts.content import Receipt
from lk_graphql.billing.service.receipts.draw import drafts
from lk_graphql.ports.files import Files
from lk_graphql.ports.pdf import Pdfs

_RECEIPT = TypeAdapter(Receipt)


@dataclass(frozen=True)
class Kept:
    """A stored receipt; `digest` changes with all that can change the page."""

    path: str
    name: str
    digest: str


async def kept(receipt: Receipt, *, files: Files, pdfs: Pdfs) -> Kept:
    """The receipt's file, printed if there is none yet.

    Raises `PdfFailed`, `PdfsBusy` and `FilesAway`.
    """
    digest = sha256(_edition() + _RECEIPT.dump_json(receipt)).hexdigest()
    found = Kept(f"receipts/{digest[:2]}/{digest}.pdf", receipt.file_name, digest)
    if await files.size(found.path) is None:
        page = await pdfs.page(digest, lambda: drafts(receipt))
        await files.put(found.path, _once(page))
    return found


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
