"""Who asks: a customer or staff, by the SQL of their sessions, in a plan or where there is none."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lk_graphql.kit.viewer import Role, Staff, Viewer

SessionSql = Callable[[str], str]
"""Makes the SQL that selects a token's session, of an SQL expression of the token's SHA-256."""
DIGEST = "$1"
"""The expression in plans."""
NOBODY = """SELECT NULL::uuid AS staff_id, NULL::uuid AS staff_session_id, NULL::text AS role
WHERE false"""
"""The SQL of staff's sessions where there are no staff."""
STAFF_COLUMNS = "staff_id, staff_session_id, role"


class Asking(NamedTuple):
    """At most one of them: a token is a customer's or staff's."""

    viewer: Viewer | None
    staff: Staff | None = None


def statement(session: str, staff_session: str) -> str:
    """Who asks, and nothing else: $1 is the token's hash, $2 the time."""
    return (
        f"WITH viewer AS ({session}), staff AS ({staff_session}) "
        f"SELECT user_id, session_id, is_read_only, {STAFF_COLUMNS} "
        "FROM (SELECT) AS one LEFT JOIN viewer ON true LEFT JOIN staff ON true"
    )


def from_row(row: Sequence[Any] | None) -> Asking:
    """What `statement` has found."""
    if row is None:
        raise TypeError("It answers with one row")
    user_id, session_id, is_read_only, *staff = row
    viewer = None if user_id is None else Viewer(user_id, session_id, is_read_only)
    return Asking(viewer, _staff(*staff))


def from_plan(row: Sequence[Any] | None) -> tuple[bytes, Asking]:
    """A plan's answer, and who has asked."""
    if row is None:
        raise TypeError("A plan answers with one row")
    data, user_id, session_id, *staff = row
    viewer = None if user_id is None else Viewer(user_id, session_id)
    return data, Asking(viewer, _staff(*staff) if staff else None)


def _staff(staff_id: Any, session_id: Any, role: Any) -> Staff | None:
    return None if staff_id is None else Staff(staff_id, session_id, Role(role))


def no_staff(_: str) -> str:
    """Select no session: for servers without staff."""
    return NOBODY
