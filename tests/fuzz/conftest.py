"""The server under fuzz, with a database of its own: its calls change everything."""

import os
import socket
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest
import pytest_asyncio

from lk_graphql.demo.data.load import load_demo
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.fuzz.target import FuzzTarget
from tests.support.cli_process import start_lk, wait_for


@pytest_asyncio.fixture(scope="session")
async def fuzz_dsn(server: str) -> AsyncGenerator[str]:
    name = f"lk_fuzz_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template_lk")
    dsn = server.replace("/postgres?", f"/{name}?")
    passwords = Passwords(HashCost(8, 1))
    today = datetime.now(UTC).date()
    await load_demo(dsn, today=today, passwords=passwords, accounts=5)
    passwords.close()
    yield dsn
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest_asyncio.fixture(scope="session")
async def target(
    fuzz_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[FuzzTarget]:
    folder: Path = tmp_path_factory.mktemp("fuzz")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "log"
    process = start_lk(
        "serve",
        log=log,
        LK_DATABASE_URL=fuzz_dsn,
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="https://lk.example",
        LK_PORT=str(port),
        LK_FILES_URL=f"file://{folder}/files",
        LK_ACQUIRER_SHOP="shop",
        LK_ACQUIRER_SECRET="secret",
        LK_ACQUIRER_URL="http://127.0.0.1:1",
        LK_COST_LIMIT="1000000000",
        LK_COST_REFILL_PER_SECOND="1000000",
        LK_INTROSPECTION="true",
    )
    wait_for(url, process.is_alive)
    database = await asyncpg.connect(fuzz_dsn)
    async with httpx.AsyncClient(base_url=url, timeout=60, verify=False) as http:
        target = FuzzTarget(url, log, database, http)
        await target.prepare()
        yield target
    await database.close()
    process.terminate()
    process.join(30)
