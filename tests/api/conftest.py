"""Fixtures: the endpoint with the schema of notes, on a real database."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest_asyncio
from graphql import NoSchemaIntrospectionCustomRule
from prometheus_client import CollectorRegistry
from starlette.middleware import Middleware
from structlog.testing import capture_logs

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.context import AppState
from lk_graphql.api.endpoint import GraphQLEndpoint, GraphQLMiddleware
from lk_graphql.api.middleware import web_application
from lk_graphql.api.request import SessionCookie
from lk_graphql.database.connections import ReadPool
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.company import Company
from lk_graphql.options import endpoint_options
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.principal import SessionSql
from tests.api.endpoint_client import (
    ONLY_PUBSUB,
    SETTINGS,
    TOKEN,
    ZONE,
    EndpointClient,
    MakeClient,
    RecordingSink,
)
from tests.api.note_schema import graphql_schema, session_sql
from tests.support.fixtures import anna, api

__all__ = ["anna", "api"]


@pytest_asyncio.fixture(scope="session")
async def pool(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[ReadPool]:
    """One pool for all tests, as connecting takes as long as a test."""
    pool = ReadPool(dsn, size=2)
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def viewer(database: str) -> UUID:
    """The id of a customer with a session of `TOKEN`."""
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
async def make_client(pool: ReadPool, viewer: UUID) -> AsyncGenerator[MakeClient]:
    http_clients: list[httpx.AsyncClient] = []

    async def make(*, introspection: bool = True, **changes: Any) -> EndpointClient:
        options = replace(endpoint_options(SETTINGS, SessionCookie()), **changes)
        rules = () if introspection else (NoSchemaIntrospectionCustomRule,)
        tokens = options.limits.tokens
        engine = QueryEngine(
            graphql_schema, pool, SessionSql(session_sql), ZONE, rules=rules, max_tokens=tokens
        )
        company = Company("Энергосбыт", "https://lk.example.ru", ZONE)
        app_state = AppState(engine, company, ONLY_PUBSUB)
        registry = CollectorRegistry()
        endpoint = GraphQLEndpoint(lambda: app_state, options, Metrics(registry))
        app = web_application((), middleware=[Middleware(GraphQLMiddleware, endpoint=endpoint)])
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        http = httpx.AsyncClient(transport=transport, base_url="https://lk.example.ru")
        http_clients.append(http)
        return EndpointClient(app, http, RecordingSink(log_lines), registry, viewer)

    with capture_logs() as log_lines:
        yield make
    for http in http_clients:
        await http.aclose()


@pytest_asyncio.fixture
async def client(make_client: MakeClient) -> EndpointClient:
    return await make_client()
