"""How much a client may still ask: an approximate token bucket per process.

Exact counters would turn every read into a write; what is attacked or costs money (sign-in,
captcha, mail) is counted exactly in PostgreSQL by the use cases themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from time import perf_counter

from cachetools import LRUCache

from lk_graphql.api.request_errors import RateLimited

INVALID_DOCUMENT_COST = 20


@dataclass(slots=True)
class TokenBucket:
    """What is left of a client's points, as of `at` (seconds of the monotonic clock)."""

    left: float
    at: float


@dataclass(frozen=True)
class RateLimit:
    """A bucket's size in points, and how fast it fills again."""

    limit: int = 10_000
    per_second: float = 100.0
    max_buckets: int = 50_000


class RateLimiter:
    """One bucket per token that proved to be a session's, and one per address for all the rest.

    A stranger can invent a new token for each request, so an unknown one counts for its address.
    The least recently used bucket is dropped, which fills it again; with the default size that
    takes 50,000 other clients. Buckets don't expire by time: a session that was idle for an hour
    would count for its address again, which strangers behind the same one may have emptied.
    """

    def __init__(self, allowance: RateLimit, clock: Callable[[], float] = perf_counter) -> None:
        """`clock` tells seconds from any start."""
        self._clock = clock
        self.limit = allowance.limit
        self._per_second = allowance.per_second
        self._buckets = LRUCache[bytes | str, TokenBucket](allowance.max_buckets)

    def bucket(self, token_hash: bytes, address: str) -> TokenBucket:
        """The bucket that a request is charged to, filled up to now."""
        now = self._clock()
        key = token_hash if token_hash in self._buckets else address
        bucket = self._buckets.get(key)
        if bucket is None:
            return self._open(key, now)
        bucket.left += (now - bucket.at) * self._per_second
        bucket.left = min(bucket.left, self.limit)
        bucket.at = now
        return bucket

    def promote(self, token_hash: bytes) -> None:
        """The token turned out to be a session's: from now on it has a bucket of its own."""
        if token_hash not in self._buckets:
            self._open(token_hash, self._clock())

    def require(self, bucket: TokenBucket) -> None:
        """Raises `RateLimited` when there is nothing left: not even a document is parsed then."""
        if bucket.left < 1:
            self.charge(bucket, 1)

    def penalize(self, bucket: TokenBucket) -> None:
        """Take what a document costs that is parsed and validated for nothing."""
        bucket.left = max(0, bucket.left - INVALID_DOCUMENT_COST)

    def charge(self, bucket: TokenBucket, cost: int) -> None:
        """Take `cost` points. Raises `RateLimited` when there are fewer."""
        if cost > bucket.left:
            raise RateLimited(max(1, ceil((cost - bucket.left) / self._per_second)))
        bucket.left -= cost

    def seconds_until_full(self, bucket: TokenBucket) -> float:
        return (self.limit - bucket.left) / self._per_second

    def _open(self, key: bytes | str, now: float) -> TokenBucket:
        bucket = self._buckets[key] = TokenBucket(self.limit, now)
        return bucket
