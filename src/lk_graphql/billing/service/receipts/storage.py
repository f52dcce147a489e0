"""Storage of receipts by content hash, and the rule of access to them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from importlib.metadata import version
from uuid import UUID

import structlog
from pydantic import TypeAdapter

from lk_graphql.accounts.models import LinkState
from lk_graphql.accounts.service.account_days import is_month_visible, month_visible_sql
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.content import ReceiptContent, load_receipt
from lk_graphql.billing.service.receipts.render import drafts
from lk_graphql.identity.service.sessions import READER_SQL
from lk_graphql.kit import file_links
from lk_graphql.kit.company import Company
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.ports.files import Files, FilesUnavailable, single_chunk
from lk_graphql.ports.pdf import PdfRenderer

log = structlog.stdlib.get_logger("lk_graphql.billing")
ROUTE = FileRoute("receipts", "inv", timedelta(hours=1))
STATEMENT = file_links.statement(
    READER_SQL,
    f"""SELECT invoice.id AS file_id FROM invoice
JOIN account ON account.id = invoice.account_id
JOIN account_link link ON link.account_id = account.id
WHERE invoice.id = {file_links.KEY} AND link.user_id = reader.user_id
AND link.state = '{LinkState.ACTIVE}' AND {month_visible_sql("invoice.period")}
LIMIT 1""",  # noqa: S608 - a parameter and constants
)
"""The file of a receipt, for a user who has linked the account, if the month is visible."""
_FOLDER = "receipts"
_RETENTION = timedelta(days=1)
"""Much longer than a link lasts, so that no file of a valid link is deleted."""


@dataclass(frozen=True)
class StoredReceipt:
    """A receipt's file; `digest` changes with everything that can change the page.

    `unstored` is the page if the store couldn't take it, for example because the disk is full.
    """

    path: str
    name: str
    digest: str
    unstored: bytes | None = None

    def content(self, files: Files) -> AsyncIterator[bytes]:
        """Return the page in chunks, from the store if it could take the page."""
        return files.get(self.path) if self.unstored is None else single_chunk(self.unstored)


async def store(
    receipt: ReceiptContent, *, files: Files, pdfs: PdfRenderer, now: datetime
) -> StoredReceipt:
    """Return the receipt's file; a missing one is rendered first.

    A file older than a day is written again when it is read, so that no sweep deletes it while it
    is in use. If the store can be read but not written to, each request renders the page.

    Raises `PdfFailed`, `PdfPoolBusy`, and `FilesUnavailable` if the store can't be read.
    """
    digest = sha256(_template_version() + _adapter().dump_json(receipt)).hexdigest()
    file = StoredReceipt(f"{_FOLDER}/{digest[:2]}/{digest}.pdf", receipt.file_name, digest)
    written_at = await files.written_at(file.path)
    if written_at is None:
        page = await pdfs.page(digest, lambda: drafts(receipt))
        if not await _put(file, page, files):
            return replace(file, unstored=page)
    elif written_at < now - _RETENTION:
        await _put(file, b"".join([chunk async for chunk in files.get(file.path)]), files)
    return file


async def _put(file: StoredReceipt, page: bytes, files: Files) -> bool:
    try:
        await files.put(file.path, single_chunk(page))
    except FilesUnavailable as failure:
        log.warning("a receipt was not stored", failure=str(failure), path=file.path)
        return False
    return True


async def delete_unreferenced(files: Files, *, older_than: timedelta, now: datetime) -> int:
    """Delete receipts unread for `older_than`, at least two days; return their number.

    A deleted receipt is rendered again on demand, with the same bytes.
    """
    deleted = 0
    async for path in files.older(_FOLDER, than=now - max(older_than, 2 * _RETENTION)):
        await files.delete(path)
        deleted += 1
    return deleted


@cache
def _adapter() -> TypeAdapter[ReceiptContent]:
    return TypeAdapter(ReceiptContent)


@cache
def _template_version() -> bytes:
    """Return a hash of the templates, the code and the libraries that render receipts."""
    digest = sha256()
    for library in ("xhtml2pdf", "reportlab", "font-roboto", "segno"):
        digest.update(version(library).encode())
    package = resources.files("lk_graphql")
    for folder in ("billing/templates", "billing/service/receipts", "ports/pdf"):
        for file in sorted(package.joinpath(folder).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".j2")):
                digest.update(file.read_bytes())
    return digest.digest()


async def receipt_file(
    invoice_id: UUID, *, files: Files, pdfs: PdfRenderer, company: Company, now: datetime
) -> StoredReceipt | None:
    """Return the receipt of a bill, or None without requisites; the caller checks the access."""
    receipt = await load_receipt(
        invoice_id, period_format=company.payment_period, today=company.today(now)
    )
    return receipt and await store(receipt, files=files, pdfs=pdfs, now=now)


async def may_read(user_id: UUID, invoice_id: UUID) -> bool:
    """Whether a customer may see the receipt; the same rule as `STATEMENT`'s."""
    invoices = Invoice.filter(
        id=invoice_id,
        account__links__user_id=user_id,
        account__links__state=LinkState.ACTIVE,
        account__links__user__locked_at__isnull=True,
    )
    invoice = await invoices.select_related("account").first()
    return invoice is not None and is_month_visible(invoice.account.visible_days, invoice.period)
