"""Change notifications over a real PostgreSQL."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from tortoise.transactions import in_transaction

from lk_graphql.kit.ids import new_key
from lk_graphql.ports.pubsub import PubSub, TopicSubscription, publish, publish_all


@pytest_asyncio.fixture
async def signals(database: str) -> AsyncGenerator[PubSub]:
    signals = PubSub()
    async with signals.connected(database):
        yield signals


async def is_notified(changes: TopicSubscription, seconds: float = 3.0) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await anext(changes)
    except TimeoutError:
        return False
    return True


async def test_the_present_comes_first_and_then_each_change(signals: PubSub):
    key = new_key()
    changes = signals.changes("note", key)
    assert await is_notified(changes)
    assert not await is_notified(changes, 0.2)
    await publish("note", key)
    assert await is_notified(changes)
    assert not await is_notified(changes, 0.2)


async def test_a_change_before_the_first_read_is_notified_once(signals: PubSub):
    key = new_key()
    changes = signals.changes("note", key)
    await publish("note", key)
    assert await is_notified(changes)
    await publish("note", key)
    assert await is_notified(changes)


async def test_other_keys_and_topics_are_not_notified(signals: PubSub):
    key = new_key()
    changes = signals.changes("note", key)
    await anext(changes)
    await publish("note", new_key(), new_key())
    await publish("notebook", key)
    await publish_all("notebook")
    assert not await is_notified(changes, 0.3)


async def test_a_transaction_notifies_at_its_commit_only(signals: PubSub):
    key = new_key()
    changes = signals.changes("note", key)
    await anext(changes)
    async with in_transaction():
        await publish("note", key)
        assert not await is_notified(changes, 0.2)
    assert await is_notified(changes)
    with pytest.raises(ZeroDivisionError):
        await _fail_after_publishing(key)
    assert not await is_notified(changes, 0.2)


async def _fail_after_publishing(key: UUID) -> None:
    async with in_transaction():
        await publish("note", key)
        raise ZeroDivisionError


async def test_a_subscription_may_have_several_keys(signals: PubSub):
    first, second = new_key(), new_key()
    changes = signals.changes("note", first, second)
    await anext(changes)
    for key in (first, second):
        await publish("note", key)
        assert await is_notified(changes)


async def test_an_import_notifies_all_subscriptions_of_its_topic(signals: PubSub):
    subscriptions = [signals.changes("note", new_key()) for _ in range(20)]
    for changes in subscriptions:
        await anext(changes)
    await publish_all("note")
    assert all(await asyncio.gather(*map(is_notified, subscriptions)))


async def test_a_lost_connection_notifies_all_subscriptions(
    signals: PubSub, opened: asyncpg.Connection
):
    key = new_key()
    changes = signals.changes("note", key)
    await anext(changes)
    killed = await opened.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE application_name = 'lk signals' AND datname = current_database()"
    )
    assert killed == 1
    await publish("note", key)  # is lost
    assert await is_notified(changes, 6)
    await publish("note", key)
    assert await is_notified(changes)


async def test_an_unreferenced_subscription_is_removed(signals: PubSub):
    changes = signals.changes("note", new_key())
    subscriptions = getattr(signals, "_subscriptions")  # noqa: B009 - there is no public view
    assert len(subscriptions) == 1
    del changes
    gc.collect()
    assert subscriptions == {}


@pytest.mark.parametrize("topic", ["", "Note", "a note", "note *", "n" * 61])
async def test_an_invalid_topic_is_refused(signals: PubSub, topic: str):
    with pytest.raises(ValueError, match="is no topic"):
        signals.changes(topic, new_key())
    with pytest.raises(ValueError, match="is no topic"):
        await publish(topic, new_key())
    with pytest.raises(ValueError, match="is no topic"):
        await publish_all(topic)


async def test_publishing_no_key_executes_no_statement():
    await publish("note")
