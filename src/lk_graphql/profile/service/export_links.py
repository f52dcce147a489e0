"""Links to exports: for one session, for ten minutes, and worth nothing without that session."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from lk_graphql.kit.tokens import Links, key_in
from lk_graphql.kit.viewer import Viewer
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState

PATH = "/files/exports/"
LASTS = timedelta(minutes=10)
_PURPOSE = "PERSONAL-DATA-EXPORT"


def export_path(key: UUID, session_id: UUID, *, now: datetime, links: Links) -> str:
    """The path and query of a link; not a word of it can be changed."""
    until = int((now + LASTS).timestamp())
    token = links.token(_PURPOSE, key, _nonce(session_id, until))
    return f"{PATH}{token}?until={until}"


async def linked(
    token: str, until: str, viewer: Viewer, *, now: datetime, links: Links
) -> PersonalDataExport | None:
    """The viewer's own export, if this very session has got the link, and it is young."""
    key, moment = key_in(token), int(until) if until.isdecimal() and len(until) < 12 else 0
    if key is None or viewer.is_read_only or datetime.fromtimestamp(moment, UTC) <= now:
        return None
    if not links.is_genuine(token, _PURPOSE, key, _nonce(viewer.session_id, moment)):
        return None
    mine = PersonalDataExport.filter(id=key, user_id=viewer.id, state=PersonalDataExportState.READY)
    return await mine.filter(expires_at__gt=now).first()


def _nonce(session_id: UUID, until: int) -> bytes:
    return session_id.bytes + until.to_bytes(8)
