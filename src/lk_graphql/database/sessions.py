"""Checks at the start that connections have the features that `lk` needs, also through PgBouncer.

Without the checks, a missing feature would be noticed much later: a time limit when PostgreSQL
hangs, a notification when a client waits for it. So each kind of connection is tested once
(decision 0273).
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import asyncpg

from lk_graphql.database.connections import TimeLimits, connect
from lk_graphql.kit.database_url import Pooling
from lk_graphql.kit.errors import CommandError

_TRIES = 5
_SECONDS = 5.0
_BETWEEN = ("tcp_",)
"""Settings of a TCP connection; a pooler has its own settings for its connection to PostgreSQL."""
_OF_TRANSACTIONS = ("default_transaction_read_only",)
"""Settings that plans set in each transaction if they can't set them for a session."""
_OWN = ("application_name", "timezone")
_VALUES = "SELECT name, setting FROM pg_settings WHERE name = ANY($1)"
_SET = "SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS x (name, value)"
_ADDRESS = "LK_DATABASE_URL leads to"
_GUIDE = "docs/scale-out.md has the settings of both"


async def require_settings(dsn: str, pooling: Pooling, settings: Mapping[str, str]) -> None:
    """Require that a connection has these settings. Raises `CommandError` with the remedy."""
    arguments = TimeLimits(connection=_SECONDS).connect_arguments()
    connection = await connect(
        dsn, pooling=pooling, **arguments | {"server_settings": dict(settings)}, **_UNNAMED
    )
    try:
        lacking = await _lacking(connection, settings)
        role = await _fetchval(connection, "SELECT current_user")
    finally:
        await connection.close()
    if pooling is Pooling.TRANSACTION:
        lacking = {
            name: value
            for name, value in lacking.items()
            if not name.startswith(_BETWEEN) and name not in (*_OF_TRANSACTIONS, *_OWN)
        }
        if lacking:
            commands = "\n".join(
                f"ALTER ROLE \"{role}\" SET {name} = '{value}';" for name, value in lacking.items()
            )
            raise CommandError(
                "Behind PgBouncer in transaction mode, the role must have the limits of lk. Run"
                f" these commands, then RECONNECT in PgBouncer's console:\n{commands}"
            )
    elif lacking:
        raise CommandError(
            f"{_ADDRESS} a pooler that drops settings of lk ({', '.join(sorted(lacking))}). Set"
            f" LK_DATABASE_POOLING to its pool_mode; {_GUIDE}."
        )


async def require_mode(dsn: str, pooling: Pooling) -> None:
    """Require the configured pooler mode, and the features that lk needs. Raises `CommandError`."""
    one, two = [await connect(dsn, pooling=pooling, timeout=_SECONDS, **_UNNAMED) for _ in range(2)]
    try:
        is_shared = await _share_servers(one, two)
        if is_shared and pooling is not Pooling.TRANSACTION:
            raise CommandError(
                f"{_ADDRESS} PgBouncer in transaction mode, not in session mode: set"
                f" LK_DATABASE_POOLING=transaction; {_GUIDE}."
            )
        if pooling is Pooling.TRANSACTION and not await _keeps_statements(one, two):
            raise CommandError(
                f"{_ADDRESS} PgBouncer in transaction mode, which doesn't keep prepared statements."
                " Version 1.21 or newer keeps them with max_prepared_statements = 200. With an"
                " older version, set pool_mode = session and LK_DATABASE_POOLING=session."
            )
    finally:
        for connection in (one, two):
            connection.terminate()


async def require_notifications(dsn: str, direct: str, pooling: Pooling) -> None:
    """Require that notifications from one address reach the other. Raises `CommandError`."""
    channel, received = f"lk_check_{uuid4().hex[:12]}", asyncio.Event()

    def receive(*_: object) -> None:
        received.set()

    listener = await connect(direct, timeout=_SECONDS)
    try:
        await listener.add_listener(channel, receive)
        notifier = await connect(dsn, pooling=pooling, timeout=_SECONDS, **_UNNAMED)
        try:
            await _fetchval(notifier, f"SELECT pg_notify('{channel}', '')")
        finally:
            await notifier.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(received.wait(), _SECONDS)
    finally:
        listener.terminate()
    if not received.is_set():
        raise CommandError(
            "LK_DIRECT_DATABASE_URL doesn't receive notifications sent through LK_DATABASE_URL: it"
            f" must lead to the same database without PgBouncer; {_GUIDE}."
        )


_UNNAMED: Mapping[str, Any] = {"statement_cache_size": 0}
"""Unnamed statements of one transaction pass through any pooler."""


async def _lacking(connection: Any, settings: Mapping[str, str]) -> dict[str, str]:
    """The settings whose value differs from the required one, as PostgreSQL compares them."""
    names, values = [*settings], [*settings.values()]
    transaction = connection.transaction()
    await transaction.start()
    try:
        before = dict(await connection.fetch(_VALUES, names))
        await connection.fetch(_SET, names, values)
        after = dict(await connection.fetch(_VALUES, names))
    finally:
        await transaction.rollback()
    return {name: settings[name] for name in after if after[name] != before[name]}


async def _share_servers(one: Any, two: Any) -> bool:
    """Whether two open connections share a server process, or one of them changes its process."""
    seen: list[set[int]] = [set(), set()]
    for _ in range(_TRIES):
        for connection, pids in zip((one, two), seen, strict=True):
            pids.add(await _fetchval(connection, "SELECT pg_backend_pid()"))
    return bool(seen[0] & seen[1]) or any(len(pids) > 1 for pids in seen)


async def _keeps_statements(one: Any, two: Any) -> bool:
    """Whether a prepared statement is usable after its transaction, on another server process."""
    try:
        statement = await one.prepare("SELECT 1", name=f"lk_check_{uuid4().hex[:12]}")
        await one.execute("SELECT 1")  # returns the preparing process to the pooler
        async with two.transaction():  # the other connection now has that process
            return await statement.fetchval(timeout=_SECONDS) == 1
    except (asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return False


async def _fetchval(connection: Any, statement: str) -> Any:
    async with connection.transaction():
        return await connection.fetchval(statement)
