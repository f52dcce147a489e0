"""Exact rate limits in PostgreSQL, for use cases that are attacked or cost money.

    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(RESET_OF_EMAIL, email)
        ...                                             # the work

An attempt is counted before the work, by one statement that commits at once. So concurrent attempts
can't exceed the limit, and neither a refusal nor a crash gives an attempt back. Only an outage
(`Unavailable`) does, because the customer has to try again. Attempts over the limit aren't counted,
so they don't extend the wait beyond the longest window.

A mutation with an idempotency key passes its limit to `idempotency.run_once` as an `Attempt`.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection

from lk_graphql.database import raw_sql
from lk_graphql.guards.security_events import limit_exhausted
from lk_graphql.kit.errors import Refusal, Unavailable
from lk_graphql.kit.signing import Signer


class RateLimitExceeded(Refusal):
    """A limit is exhausted until `retry_at`."""

    code = "TOO_MANY_TRIES"
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
    refusal: type[RateLimitExceeded] = RateLimitExceeded

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


_GIVE_BACK = """
UPDATE attempts SET moments =
    moments[:array_position(moments, $2) - 1] || moments[array_position(moments, $2) + 1:]
WHERE key = $1 AND $2 = ANY (moments)
"""


@dataclass(frozen=True)
class Attempt:
    """An attempt of `subject` at `now`, to be counted."""

    limit: AttemptLimit
    subject: object
    signer: Signer
    now: datetime

    async def count(self) -> None:
        """Count it, in the current transaction if there is one, or raise the limit's refusal."""
        limit, now = self.limit, self.now
        arguments = [now, *_columns(limit), limit.max_attempts, limit.longest_span]
        if not await raw_sql.fetch(_COUNT_ATTEMPT, self._key, *arguments):
            limit_exhausted(limit.name, self._key)
            retry_at = await available_at(limit, self.subject, signer=self.signer, now=now)
            raise limit.refusal(retry_at, now=now)

    async def give_back(self) -> None:
        await raw_sql.fetch(_GIVE_BACK, self._key, self.now)

    @property
    def _key(self) -> str:
        return _key(self.limit, self.subject, self.signer)


class AttemptCounter:
    """Counts the attempts of one request, and uncounts them if an outage ends its block.

    After other exceptions, attempts stay counted: otherwise a bug that turns wrong guesses into
    exceptions would permit any number of guesses.
    """

    def __init__(self, signer: Signer, now: datetime) -> None:
        self._signer = signer
        self._now = now
        self._counted: list[Attempt] = []

    async def count(self, limit: AttemptLimit, subject: object) -> None:
        """Count an attempt of `subject`, or raise the limit's refusal."""
        if isinstance(get_connection("default"), TransactionalDBClient):
            raise RuntimeError(  # noqa: TRY004 - the caller is wrong, not a type
                "Count attempts before the transaction: its rollback would undo the count"
            )
        attempt = Attempt(limit, subject, self._signer, self._now)
        await attempt.count()
        self._counted.append(attempt)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        reason: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(reason, Unavailable):
            with suppress(Unavailable):  # without the database they stay counted
                for attempt in self._counted:
                    await attempt.give_back()


async def available_at(
    limit: AttemptLimit, subject: object, *, signer: Signer, now: datetime
) -> datetime:
    """The time from which the next attempt is allowed, `now` or later."""
    arguments = [_key(limit, subject, signer), *_columns(limit)]
    (row,) = await raw_sql.fetch(_AVAILABLE_AT, *arguments)
    return max(now, row["available_at"] or now)


async def reset(limit: AttemptLimit, subject: object, *, signer: Signer) -> None:
    """Delete the attempts of `subject`, after a successful one."""
    await raw_sql.fetch("DELETE FROM attempts WHERE key = $1", _key(limit, subject, signer))


def _key(limit: AttemptLimit, subject: object, signer: Signer) -> str:
    return f"{limit.name}:{signer.fingerprint(limit.name, str(subject))}"


def _columns(limit: AttemptLimit) -> tuple[list[int], list[timedelta]]:
    return [window.attempts for window in limit.windows], [window.span for window in limit.windows]
