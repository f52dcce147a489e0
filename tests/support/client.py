"""A client of the real schema over a real database: both executors, and HTTP."""

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
from lk_graphql.api.request import SessionCookie
from lk_graphql.identity.models import User
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer
from lk_graphql.ports.captcha import GeneratedCaptchas
from lk_graphql.ports.files import Files, in_memory
from lk_graphql.ports.mail import InMemoryMailer
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf import PdfPool, PdfRenderer
from lk_graphql.ports.sms import SmsGateway
from lk_graphql.settings import Settings
from tests.factories.accounts import LINKS, given_session

URL = "https://lk.example"
COMPANY = Company("Металлэнергофинанс", URL, ZoneInfo("Asia/Novokuznetsk"))


@dataclass
class Clock:
    """The server's clock: real time unless a test sets `now`."""

    now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or datetime.now(UTC)


@dataclass
class ApiClient:
    """Sends operations as a guest, or with the token of `signed_in`."""

    state: AppState
    http: httpx.AsyncClient
    mails: InMemoryMailer
    clock: Clock
    app: Starlette

    async def signed_in(self, viewer: Viewer) -> str:
        """The bearer token of a new session of an existing user."""
        return await given_session(await User.get(id=viewer.id), datetime.now(UTC))

    async def post(self, query: str, token: str = "", /, **variables: Any) -> dict[str, Any]:
        """The JSON response to an HTTP request with `query` and `variables`."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        response = await self.http.post("/graphql", json=body, headers=headers)
        return response.json()

    async def ask(self, query: str, token: str = "", **rest: Any) -> dict[str, Any]:
        """The data of a query; asserts that both executors return the same bytes.

        `name` selects an operation and `now` sets the time; other arguments are variables.
        """
        call = self._call(query, token, **rest)
        planned = await self._execute_plan(call)
        resolved = await self.state.engine.execute_resolvers(call, await self.context(call))
        assert resolved.errors is None, resolved.errors
        assert orjson.dumps(planned) == orjson.dumps(resolved.data)
        return planned

    async def read(self, query: str, token: str = "", **rest: Any) -> dict[str, Any]:
        """Like `ask`, with the planner only, for repeated or very large queries."""
        return await self._execute_plan(self._call(query, token, **rest))

    async def _execute_plan(self, call: Call) -> dict[str, Any]:
        planned = await self.state.engine.execute_plan(call)
        assert planned is not None, "no plan covers it"
        assert planned.split is None, f"no plan covers {planned.split}"
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
        """The context of resolvers for a call."""
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
    cost_limit=1_000_000,  # some tests select the whole schema
    database_connections=4,
    max_tokens=1_000_000,
    log_level="warning",
)


@asynccontextmanager
async def open_engine(dsn: str) -> AsyncGenerator[QueryEngine]:
    """Open an engine without limits of operations; share it, because compiled plans are cached."""
    chosen = SETTINGS.model_copy(update={"database_url": SecretStr(dsn)})
    async with app.open_engine(chosen, LINKS, rules=()) as engine:
        yield engine


@asynccontextmanager
async def open_client(
    engine: QueryEngine,
    acquirer: Acquirer | None = None,
    pdfs: PdfRenderer | None = None,
    files: Files | None = None,
    sms: SmsGateway | None = None,
    **chosen: object,
) -> AsyncGenerator[ApiClient]:
    """Serve the application in this process; the caller closes `pdfs`.

    `chosen` replaces settings.
    """
    mails = InMemoryMailer()
    passwords = Passwords(HashCost(8, 1))
    renderer = pdfs or PdfPool()
    ports = Ports(
        passwords,
        GeneratedCaptchas(),
        mails,
        LINKS,
        files or in_memory(),
        pdfs=renderer,
        sms=sms,
        acquirer=acquirer,
    )
    clock = Clock()
    built = build(engine, ports, clock, **chosen)
    transport = httpx.ASGITransport(built)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        state = app.app_state(SETTINGS, engine, ports, clock)
        yield ApiClient(state, http, mails, clock, built)
    if renderer is not pdfs:
        await renderer.close()
    passwords.close()


def build(engine: QueryEngine, ports: Ports, clock: Clock, **chosen: object) -> Starlette:
    """The application over an open engine; `chosen` replaces settings."""
    if unknown := chosen.keys() - Settings.model_fields.keys():
        raise TypeError(f"No such settings: {unknown}")
    changed = SETTINGS.model_copy(update=chosen)
    registry = CollectorRegistry()
    built = app.create_app(changed, ports=ports, clock=clock, engine=engine, registry=registry)
    built.state.registry = registry
    return built
