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
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Self
from uuid import UUID
from weakref import WeakSet, finalize

import asyncpg
import structlog

from lk_graphql.database import raw_sql
from lk_graphql.database.connections import TimeLimits, connect
from lk_graphql.kit.errors import Unavailable

CHANNEL = "lk_signal"
ALL = "*"
_TOPIC = re.compile(r"[a-z][a-z_.]{0,59}")


async def publish(topic: str, /, *keys: UUID) -> None:
    """Publish a change of these keys of a topic, at the commit of the current transaction.

    PostgreSQL merges repeated messages of a transaction. For more than some hundreds of keys use
    `publish_all`.
    """
    if keys:
        payloads = [f"{validated_topic(topic)} {key.hex}" for key in keys]
        await _notify("SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload", payloads)


async def publish_all(topic: str, /) -> None:
    """Publish a change of all keys of a topic, for imports.

    Subscribers read again within `JITTER_SECONDS`, not all at the same time.
    """
    await _notify("SELECT pg_notify($1, $2)", f"{validated_topic(topic)} {ALL}")


def validated_topic(topic: str) -> str:
    """The topic. Raises ValueError for one with other characters than letters, _ and dots."""
    if not _TOPIC.fullmatch(topic):
        raise ValueError(f"{topic!r} is no topic: use lower-case letters, _ and dots")
    return topic


async def _notify(sql: str, payload: object) -> None:
    await raw_sql.fetch(sql, CHANNEL, payload)


_log = structlog.get_logger(__name__)

COALESCE_SECONDS = 0.05
"""Seconds within which messages are merged into one change."""
JITTER_SECONDS = 2.0
"""Seconds over which all subscribers read again, after `publish_all` or a lost connection."""
_RETRY = 1.0
_CHECK = 15.0
"""Seconds between checks of the connection, because a lost peer sends no error."""
_LIMITS = TimeLimits(connection=10, answer=10)
_OUTAGES = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # also of a server that isn't the primary
    Unavailable,
)

TopicKey = tuple[str, str]
"""A topic, and a key's 32 hexadecimal digits."""


def topic_key(topic: str, key: UUID) -> TopicKey:
    """Name a key of a topic as messages do. Raises ValueError as `validated_topic`."""
    return validated_topic(topic), key.hex


class TopicSubscription:
    """Yields immediately, then after each change, until the object is garbage-collected.

    It yields the keys that have changed, at first all keys. It is registered before it first
    yields, so that no change after the first read is lost.
    """

    def __init__(self, topic_keys: Iterable[TopicKey]) -> None:
        self._changed = asyncio.Event()
        self._changed.set()
        self._keys = set(topic_keys)
        self._delay = 0.0

    def wake(self, topic_key: TopicKey, delay: float) -> None:
        """Yield in `delay` seconds; changes until then are merged."""
        self._keys.add(topic_key)
        if not self._changed.is_set():
            self._delay = delay
            self._changed.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> set[TopicKey]:
        await self._changed.wait()
        await asyncio.sleep(self._delay)
        self._changed.clear()
        keys, self._keys = self._keys, set[TopicKey]()
        return keys


class PubSub:
    """The subscriptions of a process. Without a connection they yield only once."""

    def __init__(self) -> None:
        self._subscriptions: dict[TopicKey, WeakSet[TopicSubscription]] = {}

    def changes(self, topic: str, *keys: UUID) -> TopicSubscription:
        """Subscribe to changes of these keys of a topic."""
        return self.changes_of([topic_key(topic, key) for key in keys])

    def changes_of(self, topic_keys: Sequence[TopicKey]) -> TopicSubscription:
        """Subscribe to changes of keys of several topics."""
        subscription = TopicSubscription(topic_keys)
        cleanup = finalize(subscription, self._remove_idle, topic_keys)
        cleanup.atexit = False  # at exit there is nothing to remove
        for key in topic_keys:
            self._subscriptions.setdefault(key, WeakSet()).add(subscription)
        return subscription

    @asynccontextmanager
    async def connected(self, dsn: str) -> AsyncGenerator[None]:
        """Listen in a background task for the length of the block.

        Raises asyncpg's errors for the first connection; a broken one is replaced.
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
                self._wake(self._subscriptions, JITTER_SECONDS)
                await _wait_until_closed(connection)
            except _OUTAGES as outage:
                _log.warning("pubsub.database_unavailable", error=type(outage).__name__)
            finally:
                if connection is not None:
                    connection.terminate()
            connection = None
            await asyncio.sleep(_RETRY)

    async def _connect(self, dsn: str) -> Any:
        connection: Any = await connect(
            dsn, **_LIMITS.connect_arguments(application_name="lk signals")
        )
        await connection.add_listener(CHANNEL, self._on_notify)
        return connection

    def _on_notify(self, _connection: object, _pid: int, _channel: str, payload: str) -> None:
        topic, _, key = payload.partition(" ")
        if key == ALL:
            self._wake([key for key in self._subscriptions if key[0] == topic], JITTER_SECONDS)
        elif (topic, key) in self._subscriptions:
            self._wake([(topic, key)], 0)

    def _wake(self, topic_keys: Iterable[TopicKey], jitter: float) -> None:
        for topic_key in list(topic_keys):
            for subscription in self._subscriptions.get(topic_key, ()):
                delay = COALESCE_SECONDS + random.random() * jitter  # noqa: S311 - no secret
                subscription.wake(topic_key, delay)

    def _remove_idle(self, topic_keys: Sequence[TopicKey]) -> None:
        """Remove keys without subscriptions."""
        for topic_key in topic_keys:
            if not self._subscriptions.get(topic_key):
                self._subscriptions.pop(topic_key, None)


async def _wait_until_closed(connection: Any) -> None:
    """Return when the connection is closed. Raises one of `_OUTAGES` when a check fails."""
    closed = asyncio.Event()

    def set_closed(_: object) -> None:
        closed.set()

    connection.add_termination_listener(set_closed)
    while not connection.is_closed():
        with suppress(TimeoutError):
            await asyncio.wait_for(closed.wait(), _CHECK)
            return
        await connection.execute("SELECT 1", timeout=_CHECK)
