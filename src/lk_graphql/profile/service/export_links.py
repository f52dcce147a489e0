"""Links to exports: for one session, for ten minutes, and worth nothing without that session."""

from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.kit import passes
from lk_graphql.kit.passes import Pass
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState

PATH = "/files/exports/"
LASTS = timedelta(minutes=10)
_PURPOSE = "PERSONAL-DATA-EXPORT"


def export_path(key: UUID, session_id: UUID, *, now: datetime, links: Links) -> str:
    """The path of a link; not a word of it can be changed."""
    return PATH + passes.issue(links, _PURPOSE, Pass(key, session_id), until=now + LASTS)


async def linked(
    signed: str, viewer: Viewer, *, now: datetime, links: Links
) -> PersonalDataExport | None:
    """The viewer's own export, if this very session has got the link, and it is young."""
    key = passes.admitted(links, _PURPOSE, signed, viewer.session_id, now=now)
    if key is None or viewer.is_read_only:
        return None
    mine = PersonalDataExport.filter(id=key, user_id=viewer.id, state=PersonalDataExportState.READY)
    return await mine.filter(expires_at__gt=now).first()
