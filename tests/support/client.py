"""The real schema over a real database, asked on both paths and over HTTP."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import orjson
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from starlette.applications import Starlette

from lk_graphql import app, settings
from lk_graphql.api.context import AppState, Context
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.identity.models import User
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer
from lk_graphql.ports.captcha import GeneratedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.mail import InMemoryMailer
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf import PdfPool, PdfRenderer
from tests.factories.accounts import LINKS, given_session

URL = "https://lk.example"
COMPANY = Company("Металлэнергофинанс", URL, ZoneInfo("Asia/Novokuznetsk"))


@dataclass
class Clock:
    """The server's: the real time unless a test has set it."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or datetime.now(UTC)


@dataclass
class ApiClient:
    """Asks questions and makes changes, as a guest or with the token of `signed_in`."""

    state: AppState
    http: httpx.AsyncClient
    mails: InMemoryMailer
    clock: Clock
    app: Starlette

    async def signed_in(self, viewer: Viewer) -> str:
        """A bearer token for somebody who exists."""
        return await given_session(await User.get(id=viewer.id), datetime.now(UTC))

    async def post(self, query: str, token: str = "", **variables: Any) -> dict[str, Any]:
        """Over HTTP, as a frontend does."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer = await self.http.post("/graphql", json=body, headers=headers)
        return answer.json()

    async def ask(self, query: str, token: str = "", **rest: Any) -> dict[str, Any]:
        """A query's data; the plan's and graphql-core's answers are the same, byte for byte.

        `name` chooses an operation and `now` the moment; all else is variables.
        """
        call = self._call(query, token, **rest)
        planned = await self._planned(call)
        plain = await self.state.engine.execute_resolvers(call, await self.context(call))
        assert plain.errors is None, plain.errors
        assert orjson.dumps(planned) == orjson.dumps(plain.data)
        return planned

    async def read(self, query: str, token: str = "", **rest: Any) -> dict[str, Any]:
        """As `ask`, by the plan alone: for what is asked often, and however large it is."""
        return await self._planned(self._call(query, token, **rest))

    async def _planned(self, call: Call) -> dict[str, Any]:
        planned = await self.state.engine.execute_plan(call)
        assert planned is not None, "no plan covers it"
        return orjson.loads(planned.data)

    def _call(
        self,
        query: str,
        token: str,
        *,
        name: str | None = None,
        now: datetime | None = None,
        **variables: Any,
    ) -> Call:
        operation = self.state.engine.prepare(query, name)
        moment = now or datetime.now(UTC)
        return Call(operation, variables, sha256(token.encode()).digest(), moment)

    async def context(self, call: Call) -> Context:
        """What resolvers get for a call."""
        viewer, staff = await self.state.engine.principal(call)
        return Context(
            now=call.now,
            client=Client("203.0.113.7", "a test"),
            session=viewer,
            company=COMPANY,
            ports=self.state.ports,
            rows=self.state.engine.rows(call, viewer, staff),
            cookie=SessionCookie(),
            staff_session=staff,
        )


SETTINGS = settings.read(
    public_url=URL,
    company_name=COMPANY.name,
    time_zone="Asia/Novokuznetsk",
    cors_origins=("https://front.example",),
    cost_limit=1_000_000,  # some tests ask all that there is
    database_connections=4,
    max_tokens=1_000_000,
    log_level="warning",
)


@asynccontextmanager
async def open_engine(dsn: str) -> AsyncGenerator[QueryEngine]:
    """Checks the schema's declarations and compiles plans: worth sharing between tests.

    Without the limits of operations, which tests of their own are about.
    """
    chosen = SETTINGS.model_copy(update={"database_url": SecretStr(dsn)})
    async with app.open_reader(chosen, LINKS, rules=()) as reader:
        yield reader


@asynccontextmanager
async def open_client(
    reader: QueryEngine, acquirer: Acquirer | None = None, pdfs: PdfRenderer | None = None
) -> AsyncGenerator[ApiClient]:
    """`pdfs` are lent: who prints nothing needs none, and starts no process."""
    mails = InMemoryMailer()
    passwords = Passwords(HashCost(8, 1))
    printing = pdfs or PdfPool()
    ports = Ports(
        passwords, GeneratedCaptchas(), mails, LINKS, in_memory(), pdfs=printing, acquirer=acquirer
    )
    clock = Clock()
    built = build(reader, ports, clock)
    transport = httpx.ASGITransport(built)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        state = app.app_state(SETTINGS, reader, ports, clock)
        yield ApiClient(state, http, mails, clock, built)
    if printing is not pdfs:
        await printing.close()
    passwords.close()


def build(reader: QueryEngine, ports: Ports, clock: Clock, **chosen: float) -> Starlette:
    """The application over an open reader, with other settings where they are `chosen`."""
    settled = SETTINGS.model_copy(update=chosen)
    registry = CollectorRegistry()
    return app.create_app(settled, ports=ports, clock=clock, reader=reader, registry=registry)
