"""Rate limit of query cost: an approximate token bucket per client.

An exact counter would turn every read into a write. Use cases that are attacked or cost money
(sign-in, captcha, mail) have exact counters in PostgreSQL (`guards.rate_limits`).

Each of `RateLimit.processes` has an equal part of a client's bucket. If `api.shared_budgets`
connects the processes, each has a copy of the whole bucket instead. It charges its copy at once,
and receives the charges of the other processes some milliseconds later.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from time import perf_counter, time

import orjson
from cachetools import LRUCache

from lk_graphql.api.request_errors import RateLimited, RequestError
from lk_graphql.kit.addresses import client_network
from lk_graphql.planner.documents import InvalidDocument

REFUSED_REQUEST_COST = 40
POINTS_PER_KIB = 10
VALUES_PER_POINT = 5

BucketOwner = bytes | str
"""The hash of a session's token, or the network of guests."""


@dataclass(slots=True, eq=False)
class TokenBucket:
    """A client's remaining points as of `at`, in seconds of the monotonic clock."""

    owner: BucketOwner
    left: float
    at: float
    limit: int
    per_second: float
    parts: int
    """The number of processes among which the client's points are divided."""
    unsettled: float = 0.0
    """Points charged to this bucket, and not yet to the shared budget."""
    shared_key: str = ""
    """The name of the shared budget; empty until it is first used."""


@dataclass(frozen=True)
class RateLimit:
    """A bucket's size in points, and its refill rate; a session has `session_factor` times both.

    `document_limit` is the largest cost of one operation, for the cost extension. All `processes`
    together give a client these numbers.
    """

    limit: int
    per_second: float
    session_factor: int
    document_limit: int
    processes: int
    max_buckets: int = 50_000

    def part(self, owner: BucketOwner, parts: int) -> tuple[int, float]:
        """The size and the refill rate of a client's bucket divided into `parts`."""
        factor = self.session_factor if isinstance(owner, bytes) else 1
        return max(1, self.limit * factor // parts), self.per_second * factor / parts


class RateLimiter:
    """One bucket per session token, and one per client's network for all other requests.

    A token uses the bucket of its address until it is found to belong to a session, because clients
    can invent tokens. The least recently used bucket is evicted, which in effect refills it; with
    the default size, this takes 50,000 other clients. Buckets don't expire by time: an idle session
    would fall back to the bucket of its address, which other clients share.
    """

    def __init__(self, rate_limit: RateLimit, clock: Callable[[], float] = perf_counter) -> None:
        """Start without buckets; `clock` returns monotonic seconds."""
        self._clock = clock
        self.rate_limit = rate_limit
        self._buckets = LRUCache[BucketOwner, TokenBucket](rate_limit.max_buckets)
        self._is_shared = False
        self._parts = rate_limit.processes
        self._used = set[TokenBucket]()
        self.has_used = asyncio.Event()
        """Set by requests while the budgets are shared."""

    def bucket(self, token_hash: bytes, address: str) -> TokenBucket:
        """The bucket of a request, refilled up to now."""
        owner = token_hash if token_hash in self._buckets else client_network(address)
        bucket = self._buckets.get(owner)
        if bucket is None:
            bucket = self._open(owner)
        else:
            self._refill(bucket)
        if self._is_shared:
            self._mark_used(bucket)
        return bucket

    def promote(self, token_hash: bytes) -> None:
        """Give a session's token a bucket of its own."""
        if token_hash not in self._buckets:
            self._open(token_hash)

    def charge(self, bucket: TokenBucket, cost: int, compile_points: int = 0) -> None:
        """Take `cost` points. Raises `RateLimited` when fewer are left.

        If the bucket was full before the request took `compile_points`, it suffices for any cost
        and may be overdrawn. Without this rule, a process's part of a bucket could be too small for
        a permitted operation.
        """
        missing = min(cost, bucket.limit - compile_points) - bucket.left
        if missing > 0:
            raise RateLimited(max(1, ceil(missing / bucket.per_second)))
        self.debit(bucket, cost)

    def debit(self, bucket: TokenBucket, points: int) -> None:
        """Take points for work that is done; the bucket may be overdrawn."""
        bucket.left -= points
        if self._is_shared:
            bucket.unsettled += points
            self._mark_used(bucket)

    def share(self, *, is_shared: bool) -> None:
        """Start or stop sharing budgets. Unsettled charges are dropped."""
        self._is_shared = is_shared
        self._parts = 1 if is_shared else self.rate_limit.processes
        for bucket in self._used:
            bucket.unsettled = 0.0
        self._used.clear()
        self.has_used.clear()

    def take_used(self, most: int) -> list[TokenBucket]:
        """Up to `most` buckets that requests have used since the last call that returned them."""
        buckets = [self._used.pop() for _ in range(min(most, len(self._used)))]
        if not self._used:
            self.has_used.clear()
        return buckets

    def take_unsettled(self, bucket: TokenBucket) -> int:
        """Whole milliseconds in which the unsettled points refill; the rest stays unsettled."""
        _, per_second = self.rate_limit.part(bucket.owner, parts=1)
        milliseconds = int(bucket.unsettled / per_second * 1000)
        bucket.unsettled -= milliseconds / 1000 * per_second
        return milliseconds

    def settle(self, bucket: TokenBucket, milliseconds: int) -> None:
        """Correct a bucket by the charges of all processes: it is full in `milliseconds`."""
        self._refill(bucket)
        bucket.left = bucket.limit - milliseconds / 1000 * bucket.per_second - bucket.unsettled

    def _open(self, owner: BucketOwner) -> TokenBucket:
        limit, per_second = self.rate_limit.part(owner, self._parts)
        bucket = TokenBucket(owner, limit, self._clock(), limit, per_second, self._parts)
        self._buckets[owner] = bucket
        return bucket

    def _refill(self, bucket: TokenBucket) -> None:
        """Refill a bucket up to now; scale it if the number of parts has changed."""
        now = self._clock()
        bucket.left += (now - bucket.at) * bucket.per_second
        if bucket.parts != self._parts:
            bucket.left *= bucket.parts / self._parts
            bucket.parts = self._parts
            bucket.limit, bucket.per_second = self.rate_limit.part(bucket.owner, bucket.parts)
        bucket.left = min(bucket.left, bucket.limit)
        bucket.at = now

    def _mark_used(self, bucket: TokenBucket) -> None:
        self._used.add(bucket)
        self.has_used.set()


@dataclass(slots=True, eq=False)
class RequestCharge:
    """The points of one request; work is charged before it is done, if it is known by then."""

    limiter: RateLimiter
    bucket: TokenBucket
    cost: int = 0
    """The points for the execution."""
    compile: int = 0
    """The points charged for everything before the execution."""
    compile_due: int = 0
    """The points for compiling a cached document again."""
    is_located: bool = True
    """Whether the AST with locations, which graphql-core and errors need, is cached."""
    retry_after: int | None = None
    """Seconds until the bucket holds enough points for a rate-limited request."""

    def add_body(self, size: int) -> None:
        """Charge a body or a message of `size` bytes, by whole KiB. Raises `RateLimited`."""
        self.add_compile(size // 1024 * POINTS_PER_KIB)

    def add_values(self, count: int) -> None:
        """Charge the values in the variables. Raises `RateLimited`."""
        self.add_compile(count // VALUES_PER_POINT)

    def add_compile(self, points: int) -> None:
        """Charge work before the execution. Raises `RateLimited`.

        A full bucket suffices for any number, because these points don't depend on the client
        alone.
        """
        if points:
            points = min(points, self.bucket.limit)
            self.limiter.charge(self.bucket, points, self.compile)
            self.compile += points

    def add_compile_due(self) -> None:
        """Charge a cached document that is compiled again, once. Raises `RateLimited`."""
        points, self.compile_due = self.compile_due, 0
        self.add_compile(points)

    def add_location(self) -> None:
        """Charge a cached document that had to be parsed again to locate its errors."""
        if not self.is_located:
            self._add_done(self.compile_due)
            self.compile_due = 0

    def add_execution(self) -> None:
        """Charge `cost`. Raises `RateLimited`."""
        self.limiter.charge(self.bucket, self.cost, self.compile)

    def add_result(self, token_hash: bytes, address: str) -> None:
        """Charge a further result of a subscription, to the client's present bucket.

        Raises `RateLimited`.
        """
        self.bucket = self.limiter.bucket(token_hash, address)
        self.limiter.charge(self.bucket, self.cost)

    def add_refusal(self, cause: Exception) -> None:
        """Charge a refused request at least `REFUSED_REQUEST_COST`, unless it was `RateLimited`."""
        if isinstance(cause, RateLimited):
            self.retry_after = cause.retry_after
            return
        if isinstance(cause, InvalidDocument):
            self.add_location()
        if isinstance(cause, InvalidDocument | RequestError):
            self._add_done(max(0, REFUSED_REQUEST_COST - self.compile - self.cost))

    def extension(self, others: Mapping[str, object]) -> bytes:
        """`extensions`, with the cost and `others`, and the closing brace of a result.

        `resetAt` is the time at which the bucket is full; for a refused request, it is the time at
        which the bucket holds enough points (`retry_after`).
        """
        bucket = self.bucket
        seconds = (bucket.limit - bucket.left) / bucket.per_second
        reset_at = time() + (seconds if self.retry_after is None else self.retry_after)
        cost = {
            "requested": self.cost,
            "compile": self.compile,
            "limit": bucket.limit,
            "remaining": int(max(0, bucket.left)),
            "perSecond": bucket.per_second,
            "documentLimit": self.limiter.rate_limit.document_limit,
            "resetAt": datetime.fromtimestamp(ceil(reset_at), UTC),
        }
        return b',"extensions":%b}' % orjson.dumps(
            {"cost": cost, **others}, option=orjson.OPT_UTC_Z
        )

    def _add_done(self, points: int) -> None:
        """Charge work that is already done."""
        self.limiter.debit(self.bucket, points)
        self.compile += points
