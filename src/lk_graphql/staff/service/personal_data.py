"""Personal data in the access log."""

from datetime import datetime
from uuid import UUID

from lk_graphql.profile.service.personal_data import Dossier, Eraser, Listing
from lk_graphql.staff.models import AccessNote

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
