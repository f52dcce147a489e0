"""Storage of receipts by content hash, and signed links to them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from uuid import UUID

from pydantic import TypeAdapter

from lk_graphql.accounts.models import LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.content import ReceiptContent, load_receipt
from lk_graphql.billing.service.receipts.render import drafts
from lk_graphql.kit import signed_urls
from lk_graphql.kit.signed_urls import SignedUrl
from lk_graphql.kit.signing import Signer
from lk_graphql.ports.files import Files
from lk_graphql.ports.pdf import PdfRenderer

PATH = "/files/receipts/"
LIFETIME = timedelta(hours=1)
_PURPOSE = "receipt"


def sign(links: Signer, invoice_id: UUID, viewer_id: UUID, *, now: datetime) -> str:
    """For a URL."""
    return signed_urls.sign_for_reader(
        links, _PURPOSE, SignedUrl(invoice_id, viewer_id), until=now + LIFETIME
    )


def verify(links: Signer, signed: str, *, now: datetime) -> SignedUrl | None:
    """The bill and the viewer; that the viewer still has the account is to be proved."""
    return signed_urls.verify_with_reader(links, _PURPOSE, signed, now=now)


_FOLDER = "receipts"
_RETENTION = timedelta(days=1)
"""Much longer than a link lasts: whatever a living link was opened for is younger."""


@dataclass(frozen=True)
class StoredReceipt:
    """A stored receipt; `digest` changes with all that can change the page."""

    path: str
    name: str
    digest: str


async def store(
    receipt: ReceiptContent, *, files: Files, pdfs: PdfRenderer, now: datetime
) -> StoredReceipt:
    """The receipt's file, printed if there is none yet.

    One that is read after a day is written anew, so that no sweep takes it from its reader.

    Raises `PdfFailed`, `PdfPoolBusy` and `FilesUnavailable`.
    """
    digest = sha256(_template_version() + _adapter().dump_json(receipt)).hexdigest()
    found = StoredReceipt(f"{_FOLDER}/{digest[:2]}/{digest}.pdf", receipt.file_name, digest)
    written_at = await files.written_at(found.path)
    if written_at is None:
        page = await pdfs.page(digest, lambda: drafts(receipt))
        await files.put(found.path, _single_chunk(page))
    elif written_at < now - _RETENTION:
        await files.put(
            found.path, _single_chunk(b"".join([piece async for piece in files.get(found.path)]))
        )
    return found


async def sweep(files: Files, *, older_than: timedelta, now: datetime) -> int:
    """Forget receipts that nobody has read for so long, at least two days; how many.

    Nothing is lost: whoever asks for one again has it printed again, the same to the byte.
    """
    forgotten = 0
    async for path in files.older(_FOLDER, than=now - max(older_than, 2 * _RETENTION)):
        await files.delete(path)
        forgotten += 1
    return forgotten


@cache
def _adapter() -> TypeAdapter[ReceiptContent]:
    return TypeAdapter(ReceiptContent)


@cache
def _template_version() -> bytes:
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


async def _single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def receipt_file(
    link: SignedUrl, *, files: Files, pdfs: PdfRenderer, period_format: str, now: datetime
) -> StoredReceipt | None:
    """The receipt that a genuine link names; None if its viewer may not see the bill by now."""
    if not await _owns(link.reader_id, link.key):
        return None
    found = await load_receipt(link.key, period_format=period_format)
    return found and await store(found, files=files, pdfs=pdfs, now=now)


async def _owns(viewer_id: UUID, invoice_id: UUID) -> bool:
    return await Invoice.filter(
        id=invoice_id,
        account__links__user_id=viewer_id,
        account__links__state=LinkState.ACTIVE,
        account__links__user__locked_at__isnull=True,
    ).exists()
