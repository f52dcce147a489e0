"""Exact rate limits in PostgreSQL, for use cases that are attacked or cost money.

    await rate_limits.count_attempt(RESET_OF_EMAIL, email, signer=signer, now=now)

An attempt is counted before the work, by one statement that commits at once. So neither a refusal
nor a crash gives it back, and concurrent attempts can't exceed the limit. Refused attempts aren't
counted: repeating them doesn't extend the wait beyond the longest window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

from lk_graphql.database import raw_sql
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.signing import Signer


class RateLimitExceeded(Refusal):
    """A limit is exhausted until `retry_at`; each slice sets a code."""

    ru = "Слишком много попыток. Повторите через {wait}."
    en = "Too many tries. Try again in {wait}."

    def __init__(self, retry_at: datetime, *, now: datetime) -> None:
        self.retry_at = retry_at
        super().__init__(wait=retry_at - now, retry_at=retry_at)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class AttemptWindow:
    """At most `attempts` within any interval of length `span`."""

    attempts: int
    span: timedelta


@dataclass(frozen=True)
class AttemptLimit:
    """A limit by several windows, which all apply.

    Limits with the same `name` share their counters; their `max_attempts` must be equal.
    """

    name: str
    windows: tuple[AttemptWindow, ...]
    refusal: type[RateLimitExceeded]

    @property
    def max_attempts(self) -> int:
        """The number of timestamps to store for a key."""
        return max(window.attempts for window in self.windows)

    @property
    def longest_span(self) -> timedelta:
        return max(window.span for window in self.windows)


_COUNT_ATTEMPT = """
INSERT INTO attempts AS stored (key, moments, forget_at)
VALUES ($1, ARRAY[$2::timestamptz], $2::timestamptz + $6::interval)
ON CONFLICT (key) DO UPDATE SET
    moments = (stored.moments || $2::timestamptz)[
        greatest(1, cardinality(stored.moments) + 2 - $5):],
    forget_at = greatest(stored.forget_at, excluded.forget_at)
WHERE NOT EXISTS (
    SELECT FROM unnest($3::int[], $4::interval[]) AS allowed (attempts, span)
    WHERE stored.moments[cardinality(stored.moments) - attempts + 1] + span > $2::timestamptz
)
RETURNING key
"""


_AVAILABLE_AT = """
SELECT max(moments[cardinality(moments) - allowed.attempts + 1] + span) AS available_at
FROM attempts AS stored, unnest($2::int[], $3::interval[]) AS allowed (attempts, span)
WHERE key = $1
"""


async def count_attempt(
    limit: AttemptLimit, subject: object, *, signer: Signer, now: datetime
) -> None:
    """Count an attempt of `subject`, or raise the limit's refusal."""
    key = _key(limit, subject, signer)
    arguments = [key, now, *_columns(limit), limit.max_attempts, limit.longest_span]
    if not await _rows(_COUNT_ATTEMPT, arguments):
        raise limit.refusal(await available_at(limit, subject, signer=signer, now=now), now=now)


async def available_at(
    limit: AttemptLimit, subject: object, *, signer: Signer, now: datetime
) -> datetime:
    """The time from which the next attempt is allowed, `now` or later."""
    arguments = [_key(limit, subject, signer), *_columns(limit)]
    (row,) = await _rows(_AVAILABLE_AT, arguments)
    return max(now, row["available_at"] or now)


async def reset(limit: AttemptLimit, subject: object, *, signer: Signer) -> None:
    """Delete the attempts of `subject`, after a successful one."""
    await raw_sql.fetch("DELETE FROM attempts WHERE key = $1", _key(limit, subject, signer))


def client_network(address: str) -> str:
    """The network that counts as one client: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(limit: AttemptLimit, subject: object, signer: Signer) -> str:
    return f"{limit.name}:{signer.fingerprint(limit.name, str(subject))}"


def _columns(limit: AttemptLimit) -> tuple[list[int], list[timedelta]]:
    return [window.attempts for window in limit.windows], [window.span for window in limit.windows]


async def _rows(sql: str, arguments: Sequence[object]) -> list[Any]:
    if isinstance(get_connection("default"), TransactionalDBClient):
        raise RuntimeError(  # noqa: TRY004 - the caller is wrong, not a type
            "Count attempts before the transaction: its rollback would undo the count"
        )
    return await raw_sql.fetch(sql, *arguments)
