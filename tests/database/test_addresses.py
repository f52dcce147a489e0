"""Addresses of databases as they are: several servers, TLS, odd passwords, unfit databases."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import asyncpg
import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.cli.database import require_reachable
from lk_graphql.database.connections import connect
from lk_graphql.demo.postgres.restartable import (
    FAST,
    RestartablePostgres,
    standby_of,
    temporary_postgres,
)
from lk_graphql.kit.errors import CommandError
from tests.database.servers import behind_tls, require_password, socket_of
from tests.support.cli_process import TIMEOUT, lk, start_lk, wait_for
from tests.support.sandbox_acquirer import free_port

CERTIFICATE = Path(__file__).parents[1] / "ports" / "localhost.pem"
DOCUMENTS = "src/lk_graphql/demo/documents"
NEW_AUTHORITY = (
    "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=other -keyout key.pem -out other.pem"
)
CONNECTIONS = "SELECT application_name AS name FROM pg_stat_activity"
NAMES = {"lk reads", "lk signals", "lk jobs"}
"""The connections of `lk serve` for plans and for LISTEN, and that of `lk worker`."""


@pytest.fixture(scope="module")
def primary() -> Generator[RestartablePostgres]:
    with temporary_postgres() as postgres:
        yield postgres


@pytest_asyncio.fixture
async def postgres(primary: RestartablePostgres) -> AsyncGenerator[asyncpg.Connection]:
    connection = await asyncpg.connect(primary.dsn())
    yield connection
    await connection.close()


def several(*folders: str, options: str = "") -> str:
    return f"postgresql://postgres@/postgres?host={','.join(folders)}{options}"


@contextmanager
def running(command: str, log: Path, dsn: str, port: int) -> Generator[None]:
    process = start_lk(
        command,
        log=log,
        LK_DATABASE_URL=dsn,
        LK_DATABASE_TIMEOUT="4",
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="https://lk.example.com",
        LK_PORT=str(port),
    )
    try:
        yield
    finally:
        process.terminate()
        process.join(30)


async def names_of_connections(postgres: RestartablePostgres) -> set[str]:
    connection = await asyncpg.connect(postgres.dsn())
    rows = await connection.fetch(CONNECTIONS)
    await connection.close()
    return {row["name"] for row in rows}


async def until_connected(postgres: RestartablePostgres, url: str) -> None:
    """Until `lk serve` reads and listens there, and `lk worker` takes jobs there."""
    deadline = monotonic() + TIMEOUT
    async with httpx.AsyncClient() as client:
        while not (names := await names_of_connections(postgres)) >= NAMES:
            assert monotonic() < deadline, names
            await client.post(f"{url}/graphql", json={"query": "{ viewer { id } }"})
            await asyncio.sleep(0.2)
        assert (await client.get(f"{url}/readyz")).status_code == 200


async def test_all_processes_use_the_primary_of_several_servers_and_follow_it(tmp_path: Path):
    """The first host doesn't exist, the second is the standby, which then becomes the primary."""
    with temporary_postgres() as first, standby_of(first.dsn()) as second:
        hosts = ("/nowhere", socket_of(second.dsn()), socket_of(first.dsn()))
        dsn = several(*hosts, options="&target_session_attrs=read-write")
        for words in (("migrate", "up"), ("documents", "publish", DOCUMENTS)):
            done = lk(*words, LK_DATABASE_URL=dsn)
            assert done.returncode == 0, done.stderr
        url = f"http://127.0.0.1:{(port := free_port())}"
        with (
            running("serve", tmp_path / "serve", dsn, port),
            running("worker", tmp_path / "worker", dsn, port),
        ):
            wait_for(url, lambda: True)
            await until_connected(first, url)
            assert not await names_of_connections(second) & NAMES

            first.stop(FAST)
            connection = await asyncpg.connect(second.dsn())
            assert await connection.fetchval("SELECT pg_promote()")
            await connection.close()
            await until_connected(second, url)


async def test_a_lost_first_server_leaves_time_for_the_second(primary: RestartablePostgres):
    """Asyncpg's own time limit is one for all servers."""
    with temporary_postgres() as lost, lost.frozen():
        dsn = several(socket_of(lost.dsn()), socket_of(primary.dsn()))
        connection = await connect(dsn, timeout=4)
    assert await connection.fetchval("SELECT 1") == 1
    await connection.close()


async def test_a_wrong_password_is_tried_at_one_server_only(
    primary: RestartablePostgres, postgres: asyncpg.Connection
):
    folder = socket_of(primary.dsn())
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(f"postgresql://postgres@/none?host={folder},/nowhere")


async def test_a_standby_alone_is_refused_in_a_sentence(tmp_path: Path):
    with temporary_postgres() as first, standby_of(first.dsn()) as second:
        done = lk("migrate", "up", LK_DATABASE_URL=second.dsn())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.split("\n")[0].startswith(
        "LK_DATABASE_URL leads to no primary, only to a standby, which is read-only."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("sslmode=verify-full&sslrootcert={file}", ""),
        ("sslmode=verify-ca&sslrootcert={file}", ""),
        ("sslmode=require&sslrootcert={file}", ""),
        ("sslmode=verify-full&sslrootcert={other}", "certificate verify failed"),
        ("sslmode=require&sslrootcert={other}", "certificate verify failed"),
        ("sslmode=disable", ""),
    ],
)
async def test_tls_options_hold_for_every_connection(
    primary: RestartablePostgres, tmp_path: Path, options: str, message: str
):
    other = tmp_path / "other.pem"
    subprocess.run(NEW_AUTHORITY.split(), check=True, cwd=tmp_path, capture_output=True)  # noqa: ASYNC221
    options = options.format(file=quote(str(CERTIFICATE)), other=quote(str(other)))
    async with behind_tls(socket_of(primary.dsn()), CERTIFICATE) as port:
        dsn = f"postgresql://postgres@localhost:{port}/postgres?{options}"
        done = await asyncio.to_thread(lk, "migrate", "up", LK_DATABASE_URL=dsn)
    assert done.returncode == (1 if message else 0), done.stderr
    assert message in done.stderr


async def test_a_server_without_tls_is_refused_where_tls_is_required(primary: RestartablePostgres):
    async with behind_tls(socket_of(primary.dsn()), None) as port:
        with pytest.raises(CommandError, match="rejected SSL upgrade"):
            await require_reachable(
                f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=require"
            )


@pytest.mark.parametrize(
    ("host", "options", "certificate", "message"),
    [
        ("127.0.0.1", "", None, ""),
        ("0.0.0.0", "", CERTIFICATE, ""),
        ("0.0.0.0", "", None, "rejected SSL upgrade. In a network of your own, add sslmode=dis"),
        ("0.0.0.0", "?sslmode=disable", None, ""),
        ("0.0.0.0", "?sslmode=prefer", CERTIFICATE, "and sslmode=prefer may send data in clear"),
    ],
)
async def test_another_machine_is_reached_by_tls_unless_it_is_declared_off(
    primary: RestartablePostgres, host: str, options: str, certificate: Path | None, message: str
):
    """0.0.0.0 leads to this machine, too, which isn't looked up."""
    async with behind_tls(socket_of(primary.dsn()), certificate) as port:
        dsn = f"postgresql://postgres@{host}:{port}/postgres{options}"
        done = await asyncio.to_thread(lk, "migrate", "up", LK_DATABASE_URL=dsn)
    assert done.returncode == (1 if message else 0), done.stderr
    assert message in done.stderr.replace("\n", " ")


ODD = st.text(
    st.one_of(
        st.sampled_from(list("@/?#[]:%&=+ ,;'\"\\$")), st.characters(codec="utf-8", min_codepoint=1)
    ),
    min_size=1,
    max_size=16,
).map("hunter2".__add__)


async def test_passwords_of_any_characters_open_the_database_and_stand_in_no_message(
    primary: RestartablePostgres, postgres: asyncpg.Connection
):
    await postgres.execute("CREATE ROLE odd LOGIN")
    await require_password(postgres, "odd")
    folder, loop = socket_of(primary.dsn()), asyncio.get_running_loop()
    count = 0

    async def check(password: str) -> None:
        nonlocal count
        count += 1
        literal = await postgres.fetchval("SELECT quote_literal($1::text)", password)
        await postgres.execute(f"ALTER ROLE odd PASSWORD {literal}")
        spelled = quote(password, safe="")
        for right in (
            f"postgresql://odd:{spelled}@/postgres?host={folder}",
            f"postgresql://odd@/postgres?host={folder}&password={spelled}",
        ):
            await (await connect(right)).close()
        for wrong in (
            right + "x",
            right.replace("/postgres?", f"/{spelled}?"),
            f"{right}&x={spelled}",
        ):
            with pytest.raises(CommandError) as refused:
                await require_reachable(wrong)
            assert "hunter2" not in str(refused.value)

    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(password=ODD.filter(lambda text: "\N{REPLACEMENT CHARACTER}" not in text))
    def holds(password: str) -> None:
        asyncio.run_coroutine_threadsafe(check(password), loop).result()

    await asyncio.to_thread(holds)
    assert count >= 30


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("ENCODING 'SQL_ASCII' LOCALE 'C'", "The database has the encoding SQL_ASCII. Create"),
        ("ENCODING 'LATIN1' LOCALE 'C'", "The database has the encoding LATIN1. Create another"),
        (
            "ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER libc",
            "The database's locale (C/C) doesn't support Russian letters: lower('Ё') isn't 'ё'",
        ),
    ],
)
async def test_an_unfit_database_is_refused_before_its_first_migration(
    primary: RestartablePostgres, postgres: asyncpg.Connection, options: str, message: str
):
    await postgres.execute("DROP DATABASE IF EXISTS unfit")
    await postgres.execute(f"CREATE DATABASE unfit TEMPLATE template0 {options}")
    done = lk("migrate", "up", LK_DATABASE_URL=primary.dsn("unfit"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").startswith(message)
    connection = await asyncpg.connect(primary.dsn("unfit"))
    assert await connection.fetchval("SELECT count(*) FROM pg_class WHERE relnamespace = 2200") == 0
    await connection.close()


async def test_a_role_without_the_right_to_create_gets_a_message(
    primary: RestartablePostgres, postgres: asyncpg.Connection
):
    await postgres.execute("CREATE ROLE guest LOGIN")
    await postgres.execute("CREATE DATABASE lk")
    dsn = primary.dsn("lk").replace("postgres@", "guest@")
    refused = lk("migrate", "up", LK_DATABASE_URL=dsn)
    await postgres.execute('ALTER DATABASE "lk" OWNER TO "guest"')
    done = lk("migrate", "up", LK_DATABASE_URL=dsn)

    assert refused.stderr.replace("\n", " ").strip() == (
        "The role guest may create no tables or extensions here. Run lk migrate up as the"
        ' database\'s owner: ALTER DATABASE "lk" OWNER TO "guest"'
    )
    assert done.returncode == 0, done.stderr


async def test_a_message_names_the_owner_of_the_database(
    primary: RestartablePostgres, postgres: asyncpg.Connection
):
    """The role of the processes must not become the owner, because it may not change the ledger."""
    await postgres.execute("CREATE ROLE owner LOGIN")
    await postgres.execute("CREATE ROLE processes LOGIN")
    await postgres.execute("CREATE DATABASE owned OWNER owner")
    owner = primary.dsn("owned").replace("postgres@", "owner@")
    processes = primary.dsn("owned").replace("postgres@", "processes@")
    refused = lk("migrate", "up", LK_DATABASE_URL=owner, LK_DIRECT_DATABASE_URL=processes)

    assert refused.stderr.replace("\n", " ").strip() == (
        "The role processes may create no tables or extensions here. Run lk migrate up as owner,"
        " who owns the database: put this role into LK_DATABASE_URL, and into"
        " LK_DIRECT_DATABASE_URL if it is set"
    )
    assert refused.returncode == 1


def test_a_service_file_and_a_password_file_are_read(primary: RestartablePostgres, tmp_path: Path):
    services = tmp_path / "services"
    services.write_text(f"[lk]\nhost={socket_of(primary.dsn())}\ndbname=postgres\nuser=postgres\n")
    environment = {"PGSERVICEFILE": str(services)}
    done = lk("migrate", "up", LK_DATABASE_URL="postgresql://?service=lk", **environment)
    assert done.stderr == (
        "LK_DATABASE_URL: has a service, so it also needs an sslmode, such as"
        " sslmode=verify-full.\n"
    )
    url = "postgresql://?service=lk&sslmode=disable"
    done = lk("migrate", "up", LK_DATABASE_URL=url, **environment)
    assert done.returncode == 0, done.stderr

    services.write_text("[lk]\npassword=hunter2%x\n")
    done = lk("migrate", "up", LK_DATABASE_URL=url, **environment)
    assert done.returncode == 1
    assert done.stderr.startswith("The service file of LK_DATABASE_URL can't be read: it must have")
    assert "hunter2" not in done.stderr
