"""Fixtures of the whole suite: a PostgreSQL per run, a database per pytest-xdist worker."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql import database as models
from lk_graphql.database import migrations
from lk_graphql.demo.postgres import temporary
from tests.support.database_reset import CLEANER, clear_tables, install_empty_function

if TYPE_CHECKING:
    from lk_graphql.planner.engine import QueryEngine
    from lk_graphql.ports.pdf import PdfPool

pytest_plugins = ["tests.support.speed"]

SERVER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The DSN of the run's PostgreSQL, with the database `postgres`."""
    worker: dict[str, str] = getattr(request.config, "workerinput", {})
    return worker.get("server") or request.config.stash[SERVER]


@pytest_asyncio.fixture(scope="session")
async def dsn(server: str) -> str:
    """The DSN of this worker's database, cloned from the migrated template."""
    name = "lk_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template_lk")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


@pytest_asyncio.fixture
async def unmigrated_database(server: str) -> str:
    """The DSN of a database without tables."""
    return await _created(server, "empty")


@pytest_asyncio.fixture
async def migrated_database(server: str) -> str:
    """The DSN of a database that `lk migrate up` has just filled: a clone of such a one."""
    return await _created(server, "migrated", "TEMPLATE template_lk")


@pytest_asyncio.fixture(scope="session")
async def opened(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """A plain connection to the worker's database, with Tortoise open on the same database."""
    from lk_graphql.hooks import load_hooks  # noqa: PLC0415

    load_hooks()
    await models.open_models(dsn)
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()
    await models.close_models()


@pytest_asyncio.fixture(scope="session")
async def cleaner(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """A connection without triggers, which caches the plans of the function that empties tables."""
    settings = {"session_replication_role": "replica", "application_name": CLEANER}
    connection = await asyncpg.connect(dsn, server_settings=settings)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def database(
    opened: asyncpg.Connection,
    cleaner: asyncpg.Connection,
    dsn: str,
) -> AsyncGenerator[str]:
    """The DSN of the worker's database, with all tables empty."""
    await clear_tables(cleaner)
    yield dsn


# Fixtures import the application inside their functions, because pytest-xdist's controller reads
# this file while the workers wait, and doesn't need the application.


@pytest_asyncio.fixture(scope="session")
async def engine(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator["QueryEngine"]:
    """The query engine; it depends on `opened` because it checks declarations against models."""
    from tests.support.client import open_engine  # noqa: PLC0415

    async with open_engine(dsn) as engine:
        yield engine


@pytest_asyncio.fixture(scope="session")
async def pdfs() -> AsyncGenerator["PdfPool"]:
    """A shared pool with one rendering process, because a process takes two seconds to start."""
    from lk_graphql.ports.pdf import PdfPool  # noqa: PLC0415

    pool = PdfPool()
    yield pool
    await pool.close()


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for the data of a PostgreSQL.

    Under root, PostgreSQL runs as another user, and pytest denies other users access to the parent
    of `tmp_path`.
    """
    with TemporaryDirectory(prefix="lk-") as folder:
        yield Path(folder)


async def _created(server: str, purpose: str, options: str = "") -> str:
    name = f"lk_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{purpose}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.execute(f"CREATE DATABASE {name} {options}")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the controlling process; pytest-xdist's workers get its DSN."""
    if hasattr(config, "workerinput"):
        return
    resources = ExitStack()
    config.add_cleanup(resources.close)
    config.stash[SERVER] = resources.enter_context(temporary())
    asyncio.run(_make_template(config.stash[SERVER]))


def pytest_configure_node(node: Any) -> None:
    node.workerinput["server"] = node.config.stash[SERVER]


async def _make_template(server: str) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute("CREATE DATABASE template_lk")
    await connection.close()
    template = server.replace("/postgres?", "/template_lk?")
    await migrations.migrate(template)
    connection = await asyncpg.connect(template)
    await install_empty_function(connection)
    await connection.close()
