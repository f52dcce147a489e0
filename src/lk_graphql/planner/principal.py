"""The principal of a request, the SQL of its session, and the values of a request."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer

SelectByToken = Callable[[str], str]
"""Converts an SQL expression for a token's SHA-256 to SQL that selects the token's session."""
DIGEST = "$1"
"""The SQL expression of the token's SHA-256 in plans."""
STAFF_COLUMNS = "staff_id, staff_session_id, role"


class Database(Protocol):
    """The part of `database.connections.ReadPool` that the planner uses."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


def no_staff(_: str) -> str:
    """Select no session, for servers without staff."""
    return (
        "SELECT NULL::uuid AS staff_id, NULL::uuid AS staff_session_id, NULL::text AS role "
        "WHERE false"
    )


@dataclass(frozen=True)
class SessionSql:
    """The SQL of a token's session, at the time $2.

    `customer` selects `user_id`, `session_id` and `is_read_only`; every plan includes it. `staff`
    selects `staff_id`, `staff_session_id` and `role`; plans with staff types include it.
    """

    customer: SelectByToken
    staff: SelectByToken = no_staff


class Principal(NamedTuple):
    """A customer, a staff member, or neither; never both."""

    viewer: Viewer | None
    staff: StaffViewer | None = None


def principal_sql(sessions: SessionSql) -> str:
    """The statement that selects the principal alone; $1 is the token's hash, $2 the time."""
    return (
        f"WITH viewer AS ({sessions.customer(DIGEST)}), staff AS ({sessions.staff(DIGEST)}) "
        f"SELECT user_id, session_id, is_read_only, {STAFF_COLUMNS} "
        "FROM (SELECT) AS single_row LEFT JOIN viewer ON true LEFT JOIN staff ON true"
    )


def from_row(row: Sequence[Any] | None) -> Principal:
    """The principal in a row of `principal_sql`."""
    if row is None:
        raise TypeError("The session query must return exactly one row")
    return _principal(*row)


def from_plan(row: Sequence[Any] | None) -> tuple[bytes, Principal]:
    """The JSON of the result, and the principal, in a plan's row."""
    if row is None:
        raise TypeError("A plan must return exactly one row")
    data, *principal = row
    return data, _principal(*principal)


def _principal(
    user_id: Any,
    session_id: Any,
    is_read_only: Any,
    staff_id: Any = None,
    staff_session_id: Any = None,
    role: Any = None,
) -> Principal:
    return Principal(
        None if user_id is None else Viewer(user_id, session_id, is_read_only),
        None if staff_id is None else StaffViewer(staff_id, staff_session_id, Role(role)),
    )


TODAY, VIEWER, SESSION, STAFF, NOW = "today", "viewer", "session", "staff", "now"
PLACEHOLDERS = frozenset({TODAY, VIEWER, SESSION, STAFF, NOW, "language", "current_staff"})
"""The names that declarations may use besides columns; the last two in Python only."""
NOW_SQL = "$2::timestamptz"
"""The time, the second parameter of each statement."""


@dataclass(frozen=True)
class PerRequest:
    """A dependency that is made for each request, by a function of its values."""

    make: Callable[["RequestInfo"], object]


@dataclass(frozen=True)
class RequestInfo:
    """The values of a request; `today` is in the company's zone, `dependencies` are the app's."""

    viewer: Viewer | None
    now: datetime
    today: date
    language: Language = Language.RU
    dependencies: Mapping[str, object] = field(default_factory=dict[str, object])
    staff: StaffViewer | None = None

    @property
    def principal(self) -> Principal:
        return Principal(self.viewer, self.staff)

    @cached_property
    def values(self) -> Mapping[str, object]:
        """All values, by the names that functions of declarations use."""
        dependencies = {
            name: value.make(self) if isinstance(value, PerRequest) else value
            for name, value in self.dependencies.items()
        }
        return {
            **dependencies,
            VIEWER: self.viewer and self.viewer.id,
            SESSION: self.viewer and self.viewer.session_id,
            STAFF: self.staff and self.staff.id,
            TODAY: self.today,
            NOW: self.now,
            "language": self.language,
            "current_staff": self.staff,
        }


async def live_sessions(
    database: Database, sessions: SessionSql, token_hashes: Iterable[bytes], now: datetime
) -> set[bytes]:
    """The tokens with a live session, by the same session SQL as in plans."""
    selects = [select("tokens.hash") for select in (sessions.customer, sessions.staff)]
    sql = (
        "SELECT array_agg(tokens.hash) FROM unnest($1::bytea[]) tokens(hash) "
        f"WHERE {' OR '.join(f'EXISTS ({select})' for select in selects)}"
    )
    row = await database.fetchrow(sql, [*token_hashes], now)
    return set(row[0] or ()) if row else set()
