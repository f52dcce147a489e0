"""Rate limit of query cost: an approximate token bucket per client and process.

An exact counter would turn every read into a write. Use cases that are attacked or cost money
(sign-in, captcha, mail) count exactly, in PostgreSQL (`guards.rate_limits`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from time import perf_counter, time

import orjson
from cachetools import LRUCache

from lk_graphql.api.request_errors import RateLimited
from lk_graphql.kit.addresses import client_network

REFUSED_REQUEST_COST = 40
POINTS_PER_KIB = 10
VALUES_PER_POINT = 5
NO_OTHERS: Mapping[str, object] = {}


@dataclass(slots=True)
class TokenBucket:
    """A client's remaining points as of `at`, in seconds of the monotonic clock."""

    left: float
    at: float
    limit: int
    per_second: float


@dataclass(frozen=True)
class RateLimit:
    """A bucket's size in points, and its refill rate; a session has `session_factor` times both.

    `document_limit` is the largest cost of one operation, for the cost extension.
    """

    limit: int = 10_000
    per_second: float = 100.0
    max_buckets: int = 50_000
    session_factor: int = 1
    document_limit: int = 5000


class RateLimiter:
    """One bucket per session token, and one per client's network for all other requests.

    A token counts for its address until it has proved to be a session's, as clients can invent
    tokens. The least recently used bucket is evicted, which refills it; with the default size that
    takes 50,000 other clients. Buckets don't expire by time: an idle session would fall back to
    the bucket of its address, which other clients share.
    """

    def __init__(self, rate_limit: RateLimit, clock: Callable[[], float] = perf_counter) -> None:
        """`clock` returns monotonic seconds."""
        self._clock = clock
        self._rate_limit = rate_limit
        self._buckets = LRUCache[bytes | str, TokenBucket](rate_limit.max_buckets)

    def bucket(self, token_hash: bytes, address: str) -> TokenBucket:
        """The bucket of a request, refilled up to now."""
        now = self._clock()
        key = token_hash if token_hash in self._buckets else client_network(address)
        bucket = self._buckets.get(key)
        if bucket is None:
            return self._open(key, now)
        bucket.left += (now - bucket.at) * bucket.per_second
        bucket.left = min(bucket.left, bucket.limit)
        bucket.at = now
        return bucket

    def promote(self, token_hash: bytes) -> None:
        """Give a session's token a bucket of its own."""
        if token_hash not in self._buckets:
            self._open(token_hash, self._clock())

    def charge(self, bucket: TokenBucket, cost: int) -> None:
        """Take `cost` points. Raises `RateLimited` when fewer are left."""
        if cost > bucket.left:
            raise RateLimited(max(1, ceil((cost - bucket.left) / bucket.per_second)))
        bucket.left -= cost

    def charge_compile(self, bucket: TokenBucket, points: int) -> int:
        """Take points for the work before an execution, and return them. Raises `RateLimited`.

        A full bucket is enough for anything, as these points don't depend on the client alone.
        """
        points = min(points, bucket.limit)
        self.charge(bucket, points)
        return points

    def debit(self, bucket: TokenBucket, points: int) -> int:
        """Take points for work that is done, and return them; the bucket may be overdrawn."""
        bucket.left -= points
        return points

    def cost_extension(
        self,
        bucket: TokenBucket,
        requested: int,
        compile_points: int,
        retry_after: int | None = None,
        others: Mapping[str, object] = NO_OTHERS,
    ) -> bytes:
        """`extensions`, with the cost and `others`, and the closing brace of a result.

        `resetAt` is the time at which the bucket is full. For a refused request it is the end of
        `retry_after` seconds, when the bucket holds what was missing.
        """
        seconds = (bucket.limit - bucket.left) / bucket.per_second
        reset_at = time() + (seconds if retry_after is None else retry_after)
        cost = {
            "requested": requested,
            "compile": compile_points,
            "limit": bucket.limit,
            "remaining": int(max(0, bucket.left)),
            "perSecond": bucket.per_second,
            "documentLimit": self._rate_limit.document_limit,
            "resetAt": datetime.fromtimestamp(ceil(reset_at), UTC),
        }
        return b',"extensions":%b}' % orjson.dumps(
            {"cost": cost, **others}, option=orjson.OPT_UTC_Z
        )

    @staticmethod
    def body_points(size: int) -> int:
        """The charge for decoding a body of `size` bytes, by whole KiB."""
        return size // 1024 * POINTS_PER_KIB

    def _open(self, key: bytes | str, now: float) -> TokenBucket:
        factor = self._rate_limit.session_factor if isinstance(key, bytes) else 1
        limit, per_second = self._rate_limit.limit * factor, self._rate_limit.per_second * factor
        bucket = self._buckets[key] = TokenBucket(limit, now, limit, per_second)
        return bucket
