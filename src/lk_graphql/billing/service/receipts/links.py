"""Signed links to receipts: they name the bill, the viewer and the hour at which they end."""

from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.kit import passes
from lk_graphql.kit.passes import Pass
from lk_graphql.kit.tokens import Links

PATH = "/files/receipts/"
LASTS = timedelta(hours=1)
_PURPOSE = "receipt"


def sign(links: Links, invoice_id: UUID, viewer_id: UUID, *, now: datetime) -> str:
    """For a URL."""
    return passes.issue_named(links, _PURPOSE, Pass(invoice_id, viewer_id), until=now + LASTS)


def opened(links: Links, signed: str, *, now: datetime) -> Pass | None:
    """The bill and the viewer; that the viewer still has the account is to be proved."""
    return passes.opened(links, _PURPOSE, signed, now=now)
