"""The receipt («квитанция»): gathered from rows, drawn, printed and kept."""

from datetime import datetime
from uuid import UUID

from lk_graphql.accounts.models import LinkState
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.gather import receipt_of
from lk_graphql.billing.service.receipts.keeping import Kept, kept
from lk_graphql.kit.passes import Pass
from lk_graphql.ports.files import Files
from lk_graphql.ports.pdf import Pdfs

__all__ = ["Kept", "receipt_file"]


async def receipt_file(
    link: Pass, *, files: Files, pdfs: Pdfs, period_format: str, now: datetime
) -> Kept | None:
    """The receipt that a genuine link names; None if its viewer may not see the bill by now."""
    if not await _owns(link.reader_id, link.key):
        return None
    found = await receipt_of(link.key, period_format=period_format)
    return found and await kept(found, files=files, pdfs=pdfs, now=now)


async def _owns(viewer_id: UUID, invoice_id: UUID) -> bool:
    return await Invoice.filter(
        id=invoice_id,
        account__links__user_id=viewer_id,
        account__links__state=LinkState.ACTIVE,
        account__links__user__locked_at__isnull=True,
    ).exists()
