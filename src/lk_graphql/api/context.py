"""The context of a GraphQL operation, and the state of the application behind it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

import strawberry
import structlog

from lk_graphql.api.request import RequestHeaders, SessionCookie
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import NotSignedIn, Unavailable
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer
from lk_graphql.planner.audit_marks import DataAccess
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.principal import PerRequest
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.ports import Ports

log = structlog.stdlib.get_logger("lk_graphql.api")


@dataclass(frozen=True)
class Context:
    """The dependencies of one operation. Resolvers pass on single values, never the context."""

    now: datetime
    client: Client
    session: Viewer | None
    company: Company
    ports: Ports
    rows: RowReader
    cookie: SessionCookie
    staff_session: StaffViewer | None = None
    headers: RequestHeaders = field(default_factory=dict[str, str])
    server_url: str = ""
    """The address at which the client reaches this server, for links in the response."""
    set_cookies: list[str] = field(default_factory=list[str])
    """`Set-Cookie` headers of the response."""

    @property
    def viewer(self) -> Viewer:
        """The signed-in customer. Raises `NotSignedIn`."""
        if self.session is None:
            raise NotSignedIn
        return self.session

    @property
    def staff(self) -> StaffViewer:
        """The signed-in member of staff. Raises `NotSignedIn`."""
        if self.staff_session is None:
            raise NotSignedIn
        return self.staff_session

    @property
    def today(self) -> date:
        """The date in the company's time zone."""
        return self.company.today(self.now)

    def clear_session_cookie(self) -> None:
        self.set_cookies.append(self.cookie.clear())

    def clear_staff_cookie(self) -> None:
        self.set_cookies.append(self.cookie.for_staff.clear())


Info = strawberry.Info[Context, None]


class AuditHook(Protocol):
    """Records a staff operation and its accesses to personal data, before the response is sent."""

    async def __call__(
        self,
        staff: StaffViewer,
        accesses: Collection[DataAccess],
        /,
        *,
        operation: str | None,
        now: datetime,
    ) -> None: ...


async def refuse_unaudited(
    staff: StaffViewer,  # noqa: ARG001 - part of `AuditHook`
    accesses: Collection[DataAccess],
    *,
    operation: str | None,
    now: datetime,  # noqa: ARG001 - as above
) -> None:
    """Default audit hook: refuses access to personal data. Raises PermissionError."""
    if accesses:
        raise PermissionError(
            f"{operation}: no audit hook is set to record the access to personal data"
        )


class SessionEnd(Protocol):
    """Finds the time at which a token's session ended or will end; None for unknown tokens."""

    async def __call__(self, token_hash: bytes, /) -> datetime | None: ...


class PositionRecorder(Protocol):
    """Records that a session has made or seen a change, for reads on replicas.

    The key is the session's, or the user's for all sessions of a user.
    """

    async def __call__(self, key: UUID, /) -> None: ...


async def record_nothing(_: UUID, /) -> None:
    """The default: there are no replicas."""


async def unknown_end(_: bytes, /) -> datetime | None:
    """The default: no token is known."""
    return None


@dataclass(frozen=True)
class AppState:
    """Dependencies shared by all requests, from the lifespan's start on."""

    engine: QueryEngine
    company: Company
    ports: Ports
    audit_hook: AuditHook = refuse_unaudited
    """Called with each operation of a staff session, before its response is sent."""
    clock: Clock = utc_now
    session_end: SessionEnd = unknown_end
    record_position: PositionRecorder = record_nothing
    record_positions: PositionRecorder = record_nothing
    """The same for all sessions of a user."""

    async def record_change(self, viewer: Viewer | None) -> None:
        """Record a change before its response is sent, so that queries on replicas show it too.

        The change is committed, so a failure to record it isn't an error: the only effect is that a
        replica may show it later.
        """
        if viewer is not None and not viewer.is_read_only:
            await self._record(self.record_position, viewer.session_id)

    async def record_change_by_link(self, user_id: UUID | None) -> None:
        """Record a change made without a session, so that all sessions of the user show it."""
        if user_id is not None:
            await self._record(self.record_positions, user_id)

    async def _record(self, recorder: PositionRecorder, key: UUID) -> None:
        try:
            await recorder(key)
        except Unavailable:
            log.warning("position not recorded")


def resolver_dependencies(
    company: Company, signer: Signer, ports: Ports | None = None
) -> Mapping[str, object]:
    """Values that derived fields may take besides columns (`QueryEngine`'s `dependencies`).

    An engine may be opened without ports; `app.app_state` binds those of the application.
    """

    def urls(session: Viewer | StaffViewer | None, now: datetime) -> FileUrls:
        return FileUrls(session and session.session_id, now, company.public_url, signer)

    return {
        "company": company,
        "signer": signer,
        "ports": ports,
        "file_urls": PerRequest(lambda request: urls(request.viewer, request.now)),
        "staff_file_urls": PerRequest(lambda request: urls(request.staff, request.now)),
    }
