"""Connections through a real PgBouncer: limits hold, or the start is refused in words."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from lk_graphql import settings
from lk_graphql.cli.database import require_reachable, require_sessions
from lk_graphql.database.connections import READ_SETTINGS, ReadPool, TimeLimits, connect
from lk_graphql.kit.database_url import Pooling
from lk_graphql.kit.errors import CommandError
from tests.support.cli_process import lk, start_lk, wait_for
from tests.support.pgbouncer import KEEPS_STATEMENTS, pgbouncer, version
from tests.support.sandbox_acquirer import free_port

SESSION, TRANSACTION = Pooling.SESSION, Pooling.TRANSACTION
CERTIFICATE = Path(__file__).parents[1] / "ports" / "localhost.pem"
IGNORE = (
    "ignore_startup_parameters = statement_timeout, idle_in_transaction_session_timeout, jit,"
    " default_transaction_read_only, tcp_keepalives_idle, tcp_keepalives_interval,"
    " tcp_keepalives_count, tcp_user_timeout, client_connection_check_interval\n"
)
LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
ROLE = {
    "statement_timeout": "4500",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "1s",
    "jit": "off",
}
"""What a role needs in transaction mode."""
CAPTCHA = "mutation { captchaCreate { captcha { id } } }"


def chosen(url: str, direct: str, pooling: Pooling) -> settings.Settings:
    return settings.read(
        database_url=SecretStr(url),
        direct_database_url=SecretStr(direct),
        database_pooling=pooling,
    )


async def refusal(url: str, direct: str, pooling: Pooling) -> str:
    with pytest.raises(CommandError) as refused:
        await require_sessions(chosen(url, direct, pooling))
    return str(refused.value)


@pytest.fixture
def keeps_statements():
    if version() < KEEPS_STATEMENTS:
        pytest.skip("this PgBouncer forgets prepared statements in transaction mode")


@pytest_asyncio.fixture
async def limited(dsn: str) -> AsyncGenerator[str]:
    """The address of a database whose role has the limits of transaction mode."""
    connection = await asyncpg.connect(dsn)
    name = await connection.fetchval("SELECT current_database()")
    for setting, value in ROLE.items():
        await connection.execute(
            f"ALTER ROLE postgres IN DATABASE {name} SET {setting} = '{value}'"
        )
    yield dsn
    await connection.execute(f"ALTER ROLE postgres IN DATABASE {name} RESET ALL")
    await connection.close()


async def test_session_mode_keeps_every_setting(dsn: str):
    with pgbouncer(dsn, SESSION) as url:
        await require_sessions(chosen(url, dsn, SESSION))
        arguments = TimeLimits.within(10).connect_arguments(**READ_SETTINGS)
        connection = await connect(url, pooling=SESSION, **arguments)
        kept = [await connection.fetchval(f"SHOW {name}") for name in LIMITS]
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await connection.execute("DELETE FROM attempts")
        await connection.close()

    assert kept == ["4500ms", "1min"]


async def test_a_pooler_that_is_not_declared_is_refused(dsn: str):
    with pgbouncer(dsn, SESSION) as url:
        with pytest.raises(CommandError) as refused:
            await require_reachable(url)
        undeclared = await refusal(url, dsn, Pooling.NONE)

    start = "LK_DATABASE_URL leads to PgBouncer, which refuses settings of lk ("
    assert str(refused.value).startswith(start)
    assert undeclared.startswith(start)


async def test_limits_that_a_pooler_drops_silently_are_reported(dsn: str):
    with pgbouncer(dsn, SESSION, more=IGNORE) as url:
        reason = await refusal(url, dsn, Pooling.NONE)

    assert reason.startswith("LK_DATABASE_URL leads to a pooler that drops settings of lk (")
    assert "statement_timeout" in reason


async def test_transaction_mode_is_not_accepted_as_session_mode(dsn: str):
    with pgbouncer(dsn, TRANSACTION) as url:
        reason = await refusal(url, dsn, SESSION)

    assert "transaction mode" in reason or "drops settings" in reason


async def test_a_pooler_without_prepared_statements_is_refused(limited: str):
    """As every version before 1.21 does, and a newer one without max_prepared_statements."""
    forgets = "max_prepared_statements = 0\n" if version() >= KEEPS_STATEMENTS else ""
    with pgbouncer(limited, TRANSACTION, more=forgets) as url:
        reason = await refusal(url, limited, TRANSACTION)

    assert "doesn't keep prepared statements. Version 1.21 or newer keeps them" in reason


async def test_transaction_mode_names_the_limits_that_the_role_lacks(dsn: str):
    with pgbouncer(dsn, TRANSACTION) as url:
        reason = await refusal(url, dsn, TRANSACTION)

    assert "ALTER ROLE \"postgres\" SET statement_timeout = '4500';" in reason


async def test_transaction_mode_keeps_limits_and_reads_only(limited: str, keeps_statements: None):
    with pgbouncer(limited, TRANSACTION) as url:
        await require_sessions(chosen(url, limited, TRANSACTION))
        pool = ReadPool(url, size=4, pooling=TRANSACTION)
        numbers = await asyncio.gather(
            *(pool.fetchrow("SELECT $1::int", number) for number in range(40))
        )
        limits = [await pool.fetchrow(f"SHOW {name}") for name in LIMITS]
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await pool.fetchrow("DELETE FROM attempts RETURNING 1")
        await pool.close()

    assert [row and row[0] for row in numbers] == [*range(40)]
    assert [row and row[0] for row in limits] == ["4500ms", "1min"]


async def test_the_direct_address_must_not_lead_through_a_pooler(
    limited: str, keeps_statements: None
):
    with pgbouncer(limited, TRANSACTION, more=IGNORE) as url:
        reason = await refusal(url, url, TRANSACTION)

    assert reason.startswith("LK_DIRECT_DATABASE_URL doesn't receive notifications")


@pytest.mark.parametrize(
    ("host", "options", "message"),
    [
        ("localhost", "sslmode=verify-full&sslrootcert={file}", ""),
        ("0.0.0.0", "sslmode=verify-full&sslrootcert={file}", "IP address mismatch"),
        ("localhost", "sslmode=disable", "SSL required"),
    ],
)
async def test_tls_to_pgbouncer_is_verified(dsn: str, host: str, options: str, message: str):
    with pgbouncer(dsn, SESSION, certificate=CERTIFICATE) as url:
        address = f"{url.replace('localhost', host)}?{options.format(file=CERTIFICATE)}"
        if message:
            with pytest.raises((OSError, asyncpg.PostgresError), match=message):
                await connect(address, pooling=SESSION)
        else:
            await require_sessions(chosen(address, dsn, SESSION))


@pytest.mark.parametrize("mode", [SESSION, TRANSACTION])
def test_a_server_behind_pgbouncer_answers(
    dsn: str, mode: Pooling, tmp_path: Path, request: pytest.FixtureRequest
):
    if mode is TRANSACTION:
        request.getfixturevalue("keeps_statements")
        request.getfixturevalue("limited")
    with pgbouncer(dsn, mode) as url:
        lk("documents", "publish", "src/lk_graphql/demo/documents", LK_DATABASE_URL=dsn)
        server = start_lk(
            "serve",
            log=tmp_path / "log",
            LK_DATABASE_URL=url,
            LK_DIRECT_DATABASE_URL=dsn,
            LK_DATABASE_POOLING=mode,
            LK_SMTP_URL="smtp://127.0.0.1:1",
            LK_SECRET_KEY="k" * 32,
            LK_PUBLIC_URL="https://lk.example.com",
            LK_PORT=str(port := free_port()),
        )
        try:
            wait_for(f"http://127.0.0.1:{port}", server.is_alive)
        finally:
            server.terminate()
            server.join(30)
