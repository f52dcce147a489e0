"""Change notifications over PostgreSQL's NOTIFY, published in transactions.

    async with in_transaction():
        ...
        await publish("account", account_id)            # in a service

    async for _ in ctx.ports.pubsub.changes("account", account_id):
        yield ctx.rows.by_key(Account, account_id)      # in a subscription

A message is a topic and a key: a receiver reads the rows again, with its own permissions, so
duplicated or merged messages do no harm. One connection serves all subscriptions of a process;
after a lost connection every subscription is woken, because messages may have been missed.
"""

import asyncio
import random
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from uuid import UUID
from weakref import WeakSet, finalize

import asyncpg
import structlog

from lk_graphql.database import raw_sql

CHANNEL = "lk_signal"
ALL = "*"
_TOPIC = re.compile(r"[a-z][a-z_.]{0,59}")


async def publish(topic: str, /, *keys: UUID) -> None:
    """Tell that what `topic` calls these keys has changed: no commit, no signal.

    PostgreSQL hands out one signal of those that a transaction repeats. A set of more than some
    hundreds is better told by `publish_all`.
    """
    if keys:
        payloads = [f"{validated_topic(topic)} {key.hex}" for key in keys]
        await _notify("SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload", payloads)


async def publish_all(topic: str, /) -> None:
    """Tell that anything of a topic may have changed: for imports, which change most of it.

    Listeners read again within seconds, not all at the same moment.
    """
    await _notify("SELECT pg_notify($1, $2)", f"{validated_topic(topic)} {ALL}")


def validated_topic(topic: str) -> str:
    """Raises ValueError for what couldn't be told apart from a key."""
    if not _TOPIC.fullmatch(topic):
        raise ValueError(f"{topic!r} is no topic: small letters, _ and dots")
    return topic


async def _notify(sql: str, told: object) -> None:
    await raw_sql.fetch(sql, CHANNEL, told)


_log = structlog.get_logger(__name__)

COALESCE_SECONDS = 0.05
"""Seconds in which a burst of signals becomes one change."""
JITTER_SECONDS = 2.0
"""Seconds over which listeners read again when all of them have to."""
_RETRY = 1.0
_CHECK = 15.0
"""Seconds between questions whether the connection lives: a lost peer says nothing."""
_OUTAGES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)

TopicKey = tuple[str, str]
"""A topic, and a key's 32 digits."""


class TopicSubscription:
    """Yields once at once, then after each change; it stops listening when nobody holds it.

    It listens before it first yields, so nothing is lost between the present state and the first
    change.
    """

    def __init__(self) -> None:
        self._heard = asyncio.Event()
        self._heard.set()
        self._wait = 0.0

    def wake(self, wait: float) -> None:
        """Wake up, and yield `wait` seconds later: what comes until then is the same change."""
        if not self._heard.is_set():
            self._wait = wait
            self._heard.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> None:
        await self._heard.wait()
        await asyncio.sleep(self._wait)
        self._heard.clear()


class PubSub:
    """Everybody's ears. Without a connection there are no changes, only the present state."""

    def __init__(self) -> None:
        self._places: dict[TopicKey, WeakSet[TopicSubscription]] = {}

    def changes(self, topic: str, *keys: UUID) -> TopicSubscription:
        """The changes of what `topic` calls these keys."""
        changes = TopicSubscription()
        places = [(validated_topic(topic), key.hex) for key in keys]
        finalize(
            changes, self._remove_idle, places
        ).atexit = False  # is called when its place is free
        for place in places:
            self._places.setdefault(place, WeakSet()).add(changes)
        return changes

    @asynccontextmanager
    async def connected(self, dsn: str) -> AsyncGenerator[None]:
        """Listen in the background.

        Raises what connecting raises, but only now: from then on a broken connection is replaced.
        """
        connection = await self._connect(dsn)
        listening = asyncio.create_task(self._listen(dsn, connection))
        try:
            yield
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _listen(self, dsn: str, connection: Any) -> None:
        while True:
            try:
                connection = connection or await self._connect(dsn)
                self._wake(self._places, JITTER_SECONDS)
                await _until_it_breaks(connection)
            except _OUTAGES as outage:
                _log.warning("pubsub.database_unavailable", error=type(outage).__name__)
            finally:
                if connection is not None:
                    connection.terminate()
            connection = None
            await asyncio.sleep(_RETRY)

    async def _connect(self, dsn: str) -> Any:
        connection: Any = await asyncpg.connect(
            dsn, timeout=10, server_settings={"application_name": "lk signals"}
        )
        await connection.add_listener(CHANNEL, self._on_notify)
        return connection

    def _on_notify(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        topic, _, key = payload.partition(" ")
        if key == ALL:
            self._wake([place for place in self._places if place[0] == topic], JITTER_SECONDS)
        elif (topic, key) in self._places:
            self._wake([(topic, key)], 0)

    def _wake(self, places: "list[TopicKey] | dict[TopicKey, Any]", spread: float) -> None:
        for place in list(places):
            for changes in self._places.get(place, ()):
                changes.wake(COALESCE_SECONDS + random.random() * spread)  # noqa: S311 - no secret

    def _remove_idle(self, places: list[TopicKey]) -> None:
        """Forget the places where nobody listens any more."""
        for place in places:
            if not self._places.get(place):
                self._places.pop(place, None)


async def _until_it_breaks(connection: Any) -> None:
    """Raises what broke it, or returns when it says by itself that it is closed."""
    closed = asyncio.Event()

    def set_closed(_: object) -> None:
        closed.set()

    connection.add_termination_listener(set_closed)
    while not connection.is_closed():
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), _CHECK)
            return
        await connection.execute("SELECT 1", timeout=_CHECK)
