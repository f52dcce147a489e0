"""The principal of a request (customer or staff), the SQL of sessions, and the request's facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from lk_graphql.planner.pool import Database

SessionSql = Callable[[str], str]
"""Makes the SQL that selects a token's session, of an SQL expression of the token's SHA-256."""
DIGEST = "$1"
"""The expression in plans."""
NO_STAFF_SESSION = """SELECT
NULL::uuid AS staff_id, NULL::uuid AS staff_session_id, NULL::text AS role WHERE false"""
"""The SQL of staff's sessions where there are no staff."""
STAFF_COLUMNS = "staff_id, staff_session_id, role"


class Principal(NamedTuple):
    """At most one of them: a token is a customer's or staff's."""

    viewer: Viewer | None
    staff: StaffViewer | None = None


def principal_sql(session: str, staff_session: str) -> str:
    """Who asks, and nothing else: $1 is the token's hash, $2 the time."""
    return (
        f"WITH viewer AS ({session}), staff AS ({staff_session}) "
        f"SELECT user_id, session_id, is_read_only, {STAFF_COLUMNS} "
        "FROM (SELECT) AS one LEFT JOIN viewer ON true LEFT JOIN staff ON true"
    )


def from_row(row: Sequence[Any] | None) -> Principal:
    """What `statement` has found."""
    if row is None:
        raise TypeError("It answers with one row")
    user_id, session_id, is_read_only, *staff = row
    viewer = None if user_id is None else Viewer(user_id, session_id, is_read_only)
    return Principal(viewer, _staff(*staff))


def from_plan(row: Sequence[Any] | None) -> tuple[bytes, Principal]:
    """A plan's answer, and who has asked."""
    if row is None:
        raise TypeError("A plan answers with one row")
    data, user_id, session_id, *staff = row
    viewer = None if user_id is None else Viewer(user_id, session_id)
    return data, Principal(viewer, _staff(*staff) if staff else None)


def _staff(staff_id: Any, session_id: Any, role: Any) -> StaffViewer | None:
    return None if staff_id is None else StaffViewer(staff_id, session_id, Role(role))


def no_staff(_: str) -> str:
    """Select no session: for servers without staff."""
    return NO_STAFF_SESSION


TODAY, VIEWER, SESSION, STAFF, NOW = "today", "viewer", "session", "staff", "now"
PLACEHOLDERS = frozenset({TODAY, VIEWER, SESSION, STAFF, NOW, "language", "on_duty"})
"""What declarations may name besides columns; expressions in SQL know no language, no `on_duty`."""
NOW_IN_SQL = "$2::timestamptz"
"""Every statement's second parameter."""


@dataclass(frozen=True)
class RequestInfo:
    """`today` is the day in the company's zone; `extras` are what the app lends, by name."""

    viewer: Viewer | None
    now: datetime
    today: date
    language: Language = Language.RU
    dependencies: Mapping[str, object] = field(default_factory=dict[str, object])
    staff: StaffViewer | None = None

    @property
    def principal(self) -> Principal:
        return Principal(self.viewer, self.staff)

    def values(self) -> Mapping[str, object]:
        """Everything under the names that functions of declarations use."""
        return {
            **self.dependencies,
            VIEWER: self.viewer and self.viewer.id,
            SESSION: self.viewer and self.viewer.session_id,
            STAFF: self.staff and self.staff.id,
            TODAY: self.today,
            NOW: self.now,
            "language": self.language,
            "on_duty": self.staff,
        }


async def live_sessions(
    database: Database, sessions: Iterable[SessionSql], token_hashes: Iterable[bytes], now: datetime
) -> set[bytes]:
    """Those of the tokens whose sessions go on; `sessions` are the SQL that stands in plans."""
    selects = [session("asked.hash") for session in sessions]
    sql = (
        "SELECT array_agg(asked.hash) FROM unnest($1::bytea[]) asked(hash) "
        f"WHERE {' OR '.join(f'EXISTS ({one})' for one in selects)}"
    )
    row = await database.fetchrow(sql, [*token_hashes], now)
    return set(row[0] or ()) if row else set()
