"""Exact limits on what is attacked or costs money, kept in PostgreSQL.

    await rate_limits.spend(RESET_OF_EMAIL, email, links=links, now=now)

A try is counted before the work, by one statement of its own that is committed at once: neither
a refusal nor a crash gives it back, and however many processes or aliases try at the same moment,
no more pass than may. Refused tries aren't counted: what comes too often waits, and nobody can
hold a limit used up for longer than its longest window by hammering at it.
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
    """A limit is used up until `retry_at`; each slice gives it a code."""

    ru = "Слишком много попыток. Повторите через {wait}."
    en = "Too many tries. Try again in {wait}."

    def __init__(self, retry_at: datetime, *, now: datetime) -> None:
        self.retry_at = retry_at
        super().__init__(wait=retry_at - now, retry_at=retry_at)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class AttemptWindow:
    """At most `tries` within any span of this length."""

    attempts: int
    span: timedelta


@dataclass(frozen=True)
class AttemptLimit:
    """All windows hold at once: a longer one with more tries makes the waits grow.

    Limits of one `name` count together; then their largest `tries` must be the same.
    """

    name: str
    windows: tuple[AttemptWindow, ...]
    refusal: type[RateLimitExceeded]

    @property
    def max_attempts(self) -> int:
        """How many moments of a key have to be remembered."""
        return max(window.attempts for window in self.windows)

    @property
    def longest_span(self) -> timedelta:
        return max(window.span for window in self.windows)


_SPEND = """
INSERT INTO attempts AS known (key, moments, forget_at)
VALUES ($1, ARRAY[$2::timestamptz], $2::timestamptz + $6::interval)
ON CONFLICT (key) DO UPDATE SET
    moments = (known.moments || $2::timestamptz)[greatest(1, cardinality(known.moments) + 2 - $5):],
    forget_at = greatest(known.forget_at, excluded.forget_at)
WHERE NOT EXISTS (
    SELECT FROM unnest($3::int[], $4::interval[]) AS allowed (tries, span)
    WHERE known.moments[cardinality(known.moments) - tries + 1] + span > $2::timestamptz
)
RETURNING key
"""


_FREE_AT = """
SELECT max(moments[cardinality(moments) - tries + 1] + span) AS free_at
FROM attempts, unnest($2::int[], $3::interval[]) AS allowed (tries, span)
WHERE key = $1
"""


async def count_attempt(
    limit: AttemptLimit, subject: object, *, signer: Signer, now: datetime
) -> None:
    """Count a try of `subject`, or raise the limit's refusal, which says when the next may pass."""
    key = _key(limit, subject, signer)
    arguments = [key, now, *_columns(limit), limit.max_attempts, limit.longest_span]
    if not await _rows(_SPEND, arguments):
        raise limit.refusal(await available_at(limit, subject, signer=signer, now=now), now=now)


async def available_at(
    limit: AttemptLimit, subject: object, *, signer: Signer, now: datetime
) -> datetime:
    """When the next try may pass: `now`, or later."""
    arguments = [_key(limit, subject, signer), *_columns(limit)]
    (found,) = await _rows(_FREE_AT, arguments)
    return max(now, found["free_at"] or now)


async def reset(limit: AttemptLimit, subject: object, *, signer: Signer) -> None:
    """Forget the tries of whoever has shown to be the right one."""
    await raw_sql.fetch("DELETE FROM attempts WHERE key = $1", _key(limit, subject, signer))


def client_network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 household owns."""
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
        raise RuntimeError(  # noqa: TRY004 - not a type, a place in the program, is wrong
            "A rollback would give the try back: count it before the transaction"
        )
    return await raw_sql.fetch(sql, *arguments)
