"""Root field `staff`, and the SQL that resolves a staff session."""

from lk_graphql.api.access import Access, open_to
from lk_graphql.backoffice.types.root import Staff
from lk_graphql.planner.types import Query, current_staff, extends
from lk_graphql.staff.service.sessions import IDLE_TIMEOUT


def staff_session_sql(digest: str = "$1", now: str = "$2") -> str:
    """SQL that selects the active session of a token and its enrolled, unlocked member.

    `digest` is an SQL expression for the token's SHA-256, `now` one for the time.
    """
    return f"""
SELECT member.id AS staff_id, session.id AS staff_session_id, member.role::text AS role
FROM staff_session session JOIN staff_member member ON member.id = session.member_id
WHERE session.token_hash = {digest} AND session.expires_at > {now}
AND session.ended_at IS NULL
AND session.seen_at > {now} - interval '{IDLE_TIMEOUT.seconds} seconds'
AND session.created_at >= member.enrolled_at AND member.locked_at IS NULL
"""  # noqa: S608 - SQL expressions and a number from constants


@open_to(Access.CLERK)
@extends(Query)
class StaffQuery:
    """The back office."""

    staff: Staff | None = current_staff(
        "The back office («рабочее место сотрудника»); null for customers and guests."
    )
