"""What demo customers have uploaded: a program that was called a scan, and refused."""

from datetime import date, timedelta
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import Upload, UploadKind, UploadState


def refused_scan(keys: Keys, user_id: UUID, today: date) -> Upload:
    """Of yesterday; it is forgotten tomorrow, like any file that nobody used."""
    at = evening(today - timedelta(days=1))
    return Upload.construct(
        id=keys.new(today - timedelta(days=1)),
        user_id=user_id,
        name="паспорт_exe.pdf",
        kind=UploadKind.PDF,
        size=48_128,
        state=UploadState.REFUSED,
        refusal=UploadErrorCode.CONTENT_MISMATCH,
        has_preview=False,
        nonce=bytes(32),
        created_at=at,
        expires_at=at + timedelta(days=2),
    )
