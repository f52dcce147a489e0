"""Links to files: for one viewer, for ten minutes, and only while the file is theirs."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from lk_graphql.kit.tokens import Links, key_in
from lk_graphql.uploads.models import Upload, UploadState

LASTS = timedelta(minutes=10)
_CONTENT, _PREVIEW = "UPLOAD-CONTENT", "UPLOAD-PREVIEW"


def file_path(
    key: UUID, viewer: UUID, *, now: datetime, links: Links, is_preview: bool = False
) -> str:
    """The path and query of a link; not a word of it can be changed."""
    until = int((now + LASTS).timestamp())
    purpose = _PREVIEW if is_preview else _CONTENT
    token = links.token(purpose, key, _nonce(viewer, until))
    folder = "previews" if is_preview else "uploads"
    return f"/files/{folder}/{token}?{urlencode({'for': viewer.hex, 'until': until})}"


async def linked(
    token: str, viewer: str, until: str, *, now: datetime, links: Links, is_preview: bool = False
) -> Upload | None:
    """The file that a link leads to, if the link is ours and young, and the file still theirs."""
    key, moment = key_in(token), int(until) if until.isdecimal() and len(until) < 12 else 0
    try:
        owner = UUID(hex=viewer)
    except ValueError:
        return None
    purpose = _PREVIEW if is_preview else _CONTENT
    if key is None or datetime.fromtimestamp(moment, UTC) <= now:
        return None
    if not links.is_genuine(token, purpose, key, _nonce(owner, moment)):
        return None
    shown = Upload.filter(id=key, user_id=owner, state=UploadState.READY)
    return await shown.filter(has_preview=True).first() if is_preview else await shown.first()


def _nonce(viewer: UUID, until: int) -> bytes:
    return viewer.bytes + until.to_bytes(8)
