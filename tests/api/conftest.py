"""The endpoint over a real database, with the notebook's schema."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, Protocol, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import orjson
import pytest_asyncio
from notebook import SESSION, graphql_schema
from prometheus_client import CollectorRegistry

from lk_graphql.api.context import World
from lk_graphql.api.endpoint import GraphQLEndpoint, Policy
from lk_graphql.api.journal import Journal
from lk_graphql.api.limits import validation_rules
from lk_graphql.api.metrics import Metrics
from lk_graphql.api.origins import Origins
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.company import Company
from lk_graphql.ports import Ports
from lk_graphql.ports.signals import Signals
from lk_graphql.reads.pool import Pool
from lk_graphql.reads.run import Reader

TOKEN = "c0ffee-Secret-Session-Token-0123456789"
ZONE = ZoneInfo("Asia/Novokuznetsk")
SIGNALS = Signals()
ONLY_SIGNALS = cast("Ports", SimpleNamespace(signals=SIGNALS))
"""The notebook reaches nothing else outside."""


@dataclass
class Lines:
    """A sink that keeps what was written."""

    written: list[bytes] = field(default_factory=list[bytes])

    def msg(self, message: bytes) -> None:
        self.written.append(message)

    @property
    def last(self) -> dict[str, Any]:
        return orjson.loads(self.written[-1])


@dataclass
class Site:
    """The endpoint and the ways to talk to it."""

    app: GraphQLEndpoint
    http: httpx.AsyncClient
    lines: Lines
    registry: CollectorRegistry
    viewer: UUID

    async def post(self, query: str, *, token: str = "", **rest: Any) -> httpx.Response:
        """POST as a client of today; `variables` and `headers` as for httpx."""
        headers = {"accept": "application/graphql-response+json", **rest.pop("headers", {})}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.post("/graphql", json={"query": query, **rest}, headers=headers)

    async def ask(self, query: str, *, token: str = "", **rest: Any) -> dict[str, Any]:
        return (await self.post(query, token=token, **rest)).json()


class MakeSite(Protocol):
    """Builds the endpoint under another policy than the usual one."""

    async def __call__(self, *, introspection: bool = True, **policy: Any) -> Site: ...


@pytest_asyncio.fixture
async def viewer(database: str) -> UUID:
    """A customer, signed in with TOKEN."""
    now = datetime.now(UTC)
    user = await User.create(
        email="dozor@example.com",
        email_key="dozor@example.com",
        phone="+79131234567",
        last_name="Дозоров",
        first_name="Пётр",
        has_no_patronymic=True,
        password_hash="$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
        created_at=now,
        activated_at=now,
        password_changed_at=now,
    )
    await Session.create(
        user=user,
        token_hash=sha256(TOKEN.encode()).digest(),
        client_address="127.0.0.1",
        user_agent="test",
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    return user.id


@pytest_asyncio.fixture
async def make_site(database: str, viewer: UUID) -> AsyncGenerator[MakeSite]:
    pool = await Pool.open(database, size=2)
    clients: list[httpx.AsyncClient] = []

    async def make(*, introspection: bool = True, **policy: Any) -> Site:
        settled = replace(Policy(Origins("https://lk.example.ru")), **policy)
        rules = validation_rules(settled.limits, introspection=introspection)
        tokens = settled.limits.tokens
        reader = Reader(graphql_schema, pool, SESSION, ZONE, rules=rules, most_tokens=tokens)
        company = Company("Энергосбыт", "https://lk.example.ru", ZONE)
        world = World(reader, company, ONLY_SIGNALS)
        lines, registry = Lines(), CollectorRegistry()
        app = GraphQLEndpoint(lambda: world, settled, Journal(lines), Metrics(registry))
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        http = httpx.AsyncClient(transport=transport, base_url="https://lk.example.ru")
        clients.append(http)
        return Site(app, http, lines, registry, viewer)

    yield make
    for client in clients:
        await client.aclose()
    await pool.close()


@pytest_asyncio.fixture
async def site(make_site: MakeSite) -> Site:
    return await make_site()
