"""What a resolver may reach: who asks, when, and the world around."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

import strawberry

from lk_graphql.api.cookies import SessionCookie
from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, StaffViewer, Viewer
from lk_graphql.planner.audit_marks import DataAccess
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.ports import Ports


@dataclass(frozen=True)
class Context:
    """One request's dependencies. Resolvers hand on the narrow value, never the context."""

    now: datetime
    client: Client
    session: Viewer | None
    company: Company
    ports: Ports
    rows: RowReader
    cookie: SessionCookie
    staff_session: StaffViewer | None = None
    set_cookies: list[str] = field(default_factory=list[str])
    """`Set-Cookie` headers for the answer."""

    @property
    def viewer(self) -> Viewer:
        """The signed-in customer. Raises `NotSignedIn`."""
        if self.session is None:
            raise NotSignedIn
        return self.session

    @property
    def staff(self) -> StaffViewer:
        """The member of staff who asks. Raises `NotSignedIn`."""
        if self.staff_session is None:
            raise NotSignedIn
        return self.staff_session

    @property
    def today(self) -> date:
        """The day in the company's zone."""
        return self.company.today(self.now)

    def set_session_cookie(self, token: str, expires: datetime) -> None:
        self.set_cookies.append(self.cookie.set(token, expires))

    def clear_session_cookie(self) -> None:
        self.set_cookies.append(self.cookie.clear())

    def set_staff_cookie(self, token: str, expires: datetime) -> None:
        self.set_cookies.append(self.cookie.for_staff.set(token, expires))

    def clear_staff_cookie(self) -> None:
        self.set_cookies.append(self.cookie.for_staff.clear())


Info = strawberry.Info[Context, None]


class AuditHook(Protocol):
    """Notes that staff asked something, and whose personal data they are about to see."""

    async def __call__(
        self,
        staff: StaffViewer,
        looks: Collection[DataAccess],
        *,
        operation: str | None,
        now: datetime,
    ) -> None: ...


async def refuse_unaudited(
    staff: StaffViewer,  # noqa: ARG001 - a `Witness` gets it
    looks: Collection[DataAccess],
    *,
    operation: str | None,
    now: datetime,  # noqa: ARG001 - as above
) -> None:
    """Where nobody takes notes, nobody looks at anything."""
    if looks:
        raise PermissionError(f"{operation}: staff would see personal data unnoticed")


@dataclass(frozen=True)
class AppState:
    """What the app lends to every request, once it has opened it."""

    engine: QueryEngine
    company: Company
    ports: Ports
    audit_hook: AuditHook = refuse_unaudited
    """Told of every operation of staff's, before it is answered."""
    clock: Clock = utc_now


def resolver_dependencies(company: Company, links: Signer) -> Mapping[str, object]:
    """What derived fields may name besides columns: the `Reader`'s extras."""
    return {"company": company, "links": links}
