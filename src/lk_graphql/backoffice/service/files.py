"""Signed URLs of customers' files, valid for one member of staff while signed in."""

from datetime import datetime

from lk_graphql.kit import signed_urls
from lk_graphql.kit.signing import Signer
from lk_graphql.staff.models import StaffSession
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.links import DownloadKind, upload_of

CONTENT = DownloadKind("staff/uploads", "STAFF-CONTENT")
PREVIEW = DownloadKind("staff/previews", "STAFF-PREVIEW", is_preview=True)


async def verify(kind: DownloadKind, token: str, *, now: datetime, links: Signer) -> Upload | None:
    """Return the URL's file; None once the member has signed out or is locked."""
    link = signed_urls.verify_with_reader(links, kind.purpose, token, now=now)
    if link is None:
        return None
    active_sessions = StaffSession.filter(
        member_id=link.reader_id,
        member__locked_at__isnull=True,
        ended_at__isnull=True,
        expires_at__gt=now,
    )
    return await upload_of(kind, link).first() if await active_sessions.exists() else None
