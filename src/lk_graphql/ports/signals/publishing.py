"""Telling that something has changed, as part of the transaction that changes it."""

import re
from uuid import UUID

from lk_graphql import engine

CHANNEL = "lk_signal"
ALL = "*"
_TOPIC = re.compile(r"[a-z][a-z_.]{0,59}")


async def publish(topic: str, /, *keys: UUID) -> None:
    """Tell that what `topic` calls these keys has changed: no commit, no signal.

    PostgreSQL hands out one signal of those that a transaction repeats. A set of more than some
    hundreds is better told by `publish_all`.
    """
    if keys:
        payloads = [f"{checked(topic)} {key.hex}" for key in keys]
        await _notify("SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload", payloads)


async def publish_all(topic: str, /) -> None:
    """Tell that anything of a topic may have changed: for imports, which change most of it.

    Listeners read again within seconds, not all at the same moment.
    """
    await _notify("SELECT pg_notify($1, $2)", f"{checked(topic)} {ALL}")


def checked(topic: str) -> str:
    """Raises ValueError for what couldn't be told apart from a key."""
    if not _TOPIC.fullmatch(topic):
        raise ValueError(f"{topic!r} is no topic: small letters, _ and dots")
    return topic


async def _notify(sql: str, told: object) -> None:
    await engine.fetch(sql, CHANNEL, told)
