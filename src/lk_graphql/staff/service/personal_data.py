"""Personal data in the access log."""

from datetime import datetime
from uuid import UUID

from lk_graphql.kit.viewer import Role
from lk_graphql.profile.service.personal_data import DataEraser, DataListing, PersonalData
from lk_graphql.staff.models import AccessNote, Act

_ACCESS_LOG = """
SELECT id, json_build_object('what', what, 'role', role, 'reason', reason,
    'happenedAt', happened_at)
FROM access_note WHERE user_id = $1
"""


async def erase_access_log(user_id: UUID, _: datetime) -> int:
    """Delete the access log; the audit log stays, because it holds keys only."""
    return await AccessNote.filter(user_id=user_id).delete()


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "staff-access",
            "Обращения сотрудников к вашим данным",
            _ACCESS_LOG,
            {"what": Act, "role": Role},
        ),
    ),
    erasers=(DataEraser("access_note", erase_access_log),),
)
