"""Signed links to receipts: they name the bill, the viewer and the hour at which they end."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.tokens import Links, key_in

PATH = "/files/receipts/"
LASTS = timedelta(hours=1)
_PURPOSE = "receipt"


class Opened(NamedTuple):
    """What a genuine link names. Whether the viewer still has the account is to be proved."""

    invoice_id: UUID
    viewer_id: UUID


def sign(links: Links, invoice_id: UUID, viewer_id: UUID, *, now: datetime) -> str:
    """For a URL: `<viewer>.<the second at which it ends>.<bill and signature>`."""
    until = int((now + LASTS).timestamp())
    token = links.token(_PURPOSE, invoice_id, _nonce(viewer_id, until))
    return f"{viewer_id.hex}.{until}.{token}"


def opened(links: Links, signed: str, *, now: datetime) -> Opened | None:
    """None for a link that isn't ours or has ended."""
    try:
        viewer, until, token = signed.split(".")
        viewer_id, ends = UUID(hex=viewer), datetime.fromtimestamp(int(until), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    invoice_id = key_in(token)
    if invoice_id is None or ends <= now:
        return None
    nonce = _nonce(viewer_id, int(until))
    is_ours = links.is_genuine(token, _PURPOSE, invoice_id, nonce)
    return Opened(invoice_id, viewer_id) if is_ours else None


def _nonce(viewer_id: UUID, until: int) -> bytes:
    return viewer_id.bytes + until.to_bytes(8, signed=True)
