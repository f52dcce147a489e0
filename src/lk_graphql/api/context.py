"""What a resolver may reach: who asks, when, and the world around."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import strawberry

from lk_graphql.api.cookies import SessionCookie
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports import Ports
from lk_graphql.reads.rows import Rows
from lk_graphql.reads.run import Reader


@dataclass(frozen=True)
class Context:
    """One request's dependencies. Resolvers hand on the narrow value, never the context."""

    now: datetime
    client: Client
    session: Viewer | None
    company: Company
    ports: Ports
    rows: Rows
    cookie: SessionCookie
    set_cookies: list[bytes] = field(default_factory=list[bytes])
    """`Set-Cookie` headers for the answer."""

    @property
    def viewer(self) -> Viewer:
        """The signed-in customer. Raises `NotSignedIn`."""
        if self.session is None:
            raise NotSignedIn
        return self.session

    @property
    def today(self) -> date:
        """The day in the company's zone."""
        return self.company.today(self.now)

    def set_session_cookie(self, token: str, expires: datetime) -> None:
        self.set_cookies.append(self.cookie.set(token, expires))

    def clear_session_cookie(self) -> None:
        self.set_cookies.append(self.cookie.clear())


Info = strawberry.Info[Context, None]


@dataclass(frozen=True)
class World:
    """What the app lends to every request, once it has opened it."""

    reader: Reader
    company: Company
    ports: Ports


def lent(company: Company, links: Links) -> Mapping[str, object]:
    """What derived fields may name besides columns: the `Reader`'s extras."""
    return {"company": company, "links": links}
