"""`lk check` at the addresses of replicas and of Valkey."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest
from pydantic import SecretStr

from lk_graphql import settings
from lk_graphql.cli.servers import ServerState, server_states
from lk_graphql.demo.postgres.restartable import (
    IMMEDIATE,
    RestartablePostgres,
    standby_of,
    temporary_postgres,
)
from tests.support.cli_process import lk
from tests.support.valkey_server import valkey_server

NOBODY = "postgresql://lk@127.0.0.1:1/lk"


@pytest.fixture(scope="module")
def standby(server: str, dsn: str) -> Iterator[RestartablePostgres]:
    with standby_of(server) as postgres:
        yield postgres
        postgres.stop(IMMEDIATE)


async def found(dsn: str, *replicas: str, lag: float = 5, valkey: str = "") -> list[ServerState]:
    chosen = settings.read(
        database_url=SecretStr(dsn),
        replica_urls=tuple(map(SecretStr, replicas)),
        replica_lag=lag,
        valkey_url=SecretStr(valkey),
    )
    return [state async for state in server_states(chosen)]


async def fault(dsn: str, replica: str, *, lag: float = 5) -> str:
    (state,) = await found(dsn, replica, lag=lag)
    assert not state.is_ready
    return state.text


async def test_a_standby_that_follows_is_ready(standby: RestartablePostgres, dsn: str):
    (state,) = await found(dsn, standby.dsn(urlsplit(dsn).path[1:]))

    assert state.is_ready
    assert state.text.startswith("It follows the primary within ")


async def test_a_standby_that_falls_behind_is_a_fault_with_its_cause(
    standby: RestartablePostgres, dsn: str, opened: asyncpg.Connection
):
    replica = standby.dsn(urlsplit(dsn).path[1:])
    connection = await asyncpg.connect(replica)
    await connection.execute("SELECT pg_wal_replay_pause()")
    await opened.execute("SET synchronous_commit = on")
    await opened.execute("SELECT pg_logical_emit_message(true, 'test', repeat('.', 8192))")

    text = await fault(dsn, replica, lag=0.1)

    await connection.execute("SELECT pg_wal_replay_resume()")
    await connection.close()
    assert text.startswith("It is ")
    assert text.endswith(
        " and more than 0.1 s behind: its replay is paused (SELECT pg_wal_replay_resume())."
    )


async def test_a_server_that_is_no_standby_of_the_primary_is_a_fault(
    standby: RestartablePostgres, dsn: str
):
    name = urlsplit(dsn).path[1:]
    with temporary_postgres() as other:
        of_another = await fault(other.dsn(), standby.dsn())

    assert of_another == "It is not a standby of the primary at LK_DATABASE_URL."
    assert await fault(dsn, standby.dsn("postgres")) == (
        f"It leads to the database postgres, LK_DATABASE_URL to {name}."
    )
    assert (await fault(dsn, dsn)).startswith("LK_REPLICA_URLS leads to no standby, but to a prim")
    assert (await fault(dsn, NOBODY)).startswith("PostgreSQL doesn't answer at LK_REPLICA_URLS: ")


async def test_replicas_and_valkey_are_named_by_their_addresses_without_passwords(dsn: str):
    states = await found(
        dsn,
        NOBODY.replace("@", ":secret@"),
        "postgresql://lk@127.0.0.1:1,127.0.0.1:2/lk",
        valkey="valkey://:secret@127.0.0.1:1/0",
    )

    assert [state.name for state in states] == [
        "replica 127.0.0.1:1",
        "replica 127.0.0.1:1,127.0.0.1:2",
        "Valkey",
    ]
    assert "secret" not in repr(states)
    assert states[2].text.startswith("It can't be used: Error 111 connecting to 127.0.0.1:1.")


async def test_valkey_is_ready_if_it_permits_the_commands_of_budgets(dsn: str):
    with valkey_server() as valkey:
        (ready,) = await found(dsn, valkey=valkey.url)
        valkey.client.execute_command("ACL", "SETUSER", "default", "-eval", "-evalsha")
        (refused,) = await found(dsn, valkey=valkey.url)

    assert ready == ServerState("Valkey", "It answers.", is_ready=True)
    assert not refused.is_ready
    assert "no permissions" in refused.text


def test_check_fails_for_an_unavailable_server(dsn: str):
    done = lk("check", LK_DATABASE_URL=dsn, LK_VALKEY_URL="valkey://127.0.0.1:1")

    assert done.returncode == 1
    assert "Valkey  It can't be used: Error 111 connecting to 127.0.0.1:1." in done.stdout


def test_an_address_of_valkey_that_can_t_be_divided_is_refused_without_its_password(dsn: str):
    done = lk("settings", LK_VALKEY_URL="valkey://:pa/ss@cache.example.com:6379")

    assert done.returncode == 1
    assert "LK_VALKEY_URL" in done.stderr
    assert "pa" not in done.stderr.split("LK_VALKEY_URL")[1].split("parts:")[0]
