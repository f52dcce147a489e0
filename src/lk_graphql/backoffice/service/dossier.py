"""Who of the staff looked at a person's data, as the person may know it."""

from datetime import datetime
from uuid import UUID

from lk_graphql.backoffice.models import AccessNote
from lk_graphql.profile.service.dossiers import Dossier, Eraser, Listing

_LOOKS = """
SELECT id, json_build_object('what', what, 'role', role, 'reason', reason,
    'happenedAt', happened_at)
FROM access_note WHERE user_id = $1
"""


async def forget_looks(user_id: UUID, _: datetime) -> int:
    """The audit log stays: it holds keys only."""
    return await AccessNote.filter(user_id=user_id).delete()


DOSSIER = Dossier(
    listings=(Listing("access_log", _LOOKS),), erasers=(Eraser("access_note", forget_looks),)
)
