"""A real PostgreSQL for the run; each worker has a database of its own, cloned from a template."""

import asyncio
import gc
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
from tests.support.database_reset import clear_tables, install_empty_function

if TYPE_CHECKING:
    from lk_graphql.planner.engine import QueryEngine
    from lk_graphql.ports.pdf import PdfPool

SERVER = pytest.StashKey[str]()

# What is imported and collected stays: to look through it for garbage, again and again, takes a
# tenth of the suite's time. To look after every 700 new objects takes as long.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    gc.enable()


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts the server; pytest-xdist's workers get its address."""
    if hasattr(config, "workerinput"):
        return
    running = ExitStack()
    config.add_cleanup(running.close)
    config.stash[SERVER] = running.enter_context(temporary())
    asyncio.run(_make_template(config.stash[SERVER]))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: now and then a worker waits for other processes."""
    return (os.cpu_count() or 1) + 1


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


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a PostgreSQL under root, which runs as somebody else.

    `tmp_path` lies in one that pytest closes to others whenever a run begins.
    """
    with TemporaryDirectory(prefix="lk-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The address of the run's PostgreSQL, with the database `postgres`."""
    worker: dict[str, str] = getattr(request.config, "workerinput", {})
    return worker.get("server") or request.config.stash[SERVER]


@pytest_asyncio.fixture(scope="session")
async def dsn(server: str) -> str:
    """The address of this worker's database, which goes with the server."""
    name = "lk_" + os.environ.get("PYTEST_XDIST_WORKER", "main")
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template_lk")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


@pytest_asyncio.fixture
async def unmigrated_database(server: str) -> str:
    """The address of a database without tables."""
    name = f"lk_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_empty"
    connection = await asyncpg.connect(server)
    await connection.execute(f"DROP DATABASE IF EXISTS {name}")
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server.replace("/postgres?", f"/{name}?")


@pytest_asyncio.fixture(scope="session")
async def opened(dsn: str) -> AsyncGenerator[asyncpg.Connection]:
    """Tortoise over the worker's database, and a plain connection beside it."""
    from lk_graphql.hooks import load_hooks  # noqa: PLC0415

    load_hooks()
    await models.open_models(dsn)
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()
    await models.close_models()


@pytest_asyncio.fixture
async def database(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[str]:
    """The address of the worker's database, all tables empty."""
    await clear_tables(opened)
    yield dsn


# The first process of a run in parallel reads this file, too, and the others wait for it: it
# needn't import the application.


@pytest_asyncio.fixture(scope="session")
async def reader(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator["QueryEngine"]:
    """After the models have been opened: it checks what is declared over them."""
    from tests.support.client import open_engine  # noqa: PLC0415

    async with open_engine(dsn) as reading:
        yield reading


@pytest_asyncio.fixture(scope="session")
async def pdfs() -> AsyncGenerator["PdfPool"]:
    """One process for all tests that print: it takes two seconds to start."""
    from lk_graphql.ports.pdf import PdfPool  # noqa: PLC0415

    pool = PdfPool()
    yield pool
    await pool.close()
