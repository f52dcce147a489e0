"""What demo customers have uploaded: a program that was called a scan, and refused."""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import UploadKind, UploadState


class UploadRow(NamedTuple):
    """Refused files have no bytes in the store: a demo's rows are all that there is of them."""

    id: UUID
    user_id: UUID
    name: str
    kind: UploadKind
    size: int
    state: UploadState
    refusal: UploadErrorCode
    has_preview: bool
    nonce: bytes
    created_at: datetime
    expires_at: datetime


def refused_scan(keys: Keys, user_id: UUID, today: date) -> UploadRow:
    """Of yesterday; it is forgotten tomorrow, like any file that nobody used."""
    at = evening(today - timedelta(days=1))
    return UploadRow(
        keys.new(today - timedelta(days=1)),
        user_id,
        "паспорт_exe.pdf",
        UploadKind.PDF,
        48_128,
        UploadState.REFUSED,
        UploadErrorCode.CONTENT_MISMATCH,
        has_preview=False,
        nonce=bytes(32),
        created_at=at,
        expires_at=at + timedelta(days=2),
    )
