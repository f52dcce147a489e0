"""Admission control: the choice of the requests that an overloaded process refuses.

A process limits the number of operations that run or wait for a database connection. This limits
their waiting time (Little's law). A more important class of requests has a larger share of the
limit (trunk reservation): under growing load, writes are refused first, then large reads, then
small reads. The limit falls while reads are slow, and rises again (AIMD). Sign-ins have a limit of
their own, because they wait for the hashing of passwords and not for the database. Decision 0202
has the alternatives.

`OperationExecutor` checks the limit once it has determined an operation's class.
`AdmissionMiddleware` refuses earlier, at a fraction of the cost of a served request.
`early_responses` refuses before ASGI, at a fraction of the middleware's cost.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter

import structlog
from prometheus_client import Gauge
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_graphql.api import errors
from lk_graphql.api.access_log import Metrics
from lk_graphql.api.middleware import GRAPHQL_HEADERS, Origins
from lk_graphql.api.request import (
    GRAPHQL_PATH,
    HEADER_CACHE_SIZE,
    JSON,
    BodyLimits,
    accepted_types,
    preferred_language,
    read_headers,
)
from lk_graphql.api.request_state import Priority
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.languages import Language
from lk_graphql.planner.documents import Operation

log = structlog.stdlib.get_logger("lk_graphql.api")

SMALL_COST = 100
"""The largest cost of a small read, in points."""
LOG_INTERVAL = 1.0
"""Seconds between log lines about refusals; one line each would cost a third of a refusal."""
SLOW = 1.0
"""Seconds after which a read counts as slow, a sign of overload that lowers the limit."""
BACKOFF = 0.9
LEAST_REQUESTS = 20
"""The lowest value of the limit: this many requests keep all database connections busy."""
_SHARES = {
    Priority.SMALL_READ: 1.0,
    Priority.READ: 0.75,
    Priority.OTHER: 0.5,
    Priority.SIGN_IN: 1.0,
}
_READS = {Priority.SMALL_READ, Priority.READ}


@dataclass(frozen=True)
class AdmissionLimits:
    """Limits per process; `sign_in_mutations` are root fields that hash a password."""

    requests: int
    sign_ins: int
    sign_in_mutations: frozenset[str] = frozenset()

    def priority(self, operation: Operation, cost: int) -> Priority:
        """The class of an operation of this cost."""
        if operation.kind == "query":
            return Priority.SMALL_READ if cost <= SMALL_COST else Priority.READ
        if self.sign_in_mutations.isdisjoint(operation.root_fields):
            return Priority.OTHER
        return Priority.SIGN_IN


class _Lane:
    """The number of running operations that share a limit."""

    def __init__(self, limit: int, gauge: Gauge) -> None:
        self.limit = self._highest = float(limit)
        self._lowest = min(limit, LEAST_REQUESTS)
        self.running = 0
        self.gauge = gauge

    def adapt(self, *, was_slow: bool) -> None:
        """Adapt the limit, as the `AIMDLimit` of Netflix's concurrency-limits does."""
        if was_slow:
            self.limit = max(self._lowest, self.limit * BACKOFF)
        elif self.running * 2 >= self.limit:
            self.limit = min(self._highest, self.limit + 1)


class Execution:
    """Counts an operation while it runs; a read's duration adapts the limit.

    The duration of other operations isn't used, because they may wait for other services.
    """

    def __init__(self, lane: _Lane, clock: Callable[[], float], *, is_read: bool) -> None:
        self._lane = lane
        self._clock = clock
        self._is_read = is_read
        self._started = clock()

    def __enter__(self) -> None:
        self._lane.running += 1
        self._lane.gauge.inc()

    def __exit__(self, *_: object) -> None:
        if self._is_read:
            self._lane.adapt(was_slow=self._clock() - self._started > SLOW)
        self._lane.running -= 1
        self._lane.gauge.dec()


class Admission:
    """Counts the operations in execution; one instance per process."""

    def __init__(
        self, limits: AdmissionLimits, metrics: Metrics, clock: Callable[[], float] = perf_counter
    ) -> None:
        """Start with the full limits; `clock` returns monotonic seconds."""
        self.limits = limits
        self._refused = {
            priority: metrics.refused.labels(reason(priority)) for priority in Priority
        }
        self._clock = clock
        self._requests = _Lane(limits.requests, metrics.in_execution.labels("requests"))
        self._sign_ins = _Lane(limits.sign_ins, metrics.in_execution.labels("sign_ins"))
        self._lanes = dict.fromkeys(Priority, self._requests) | {Priority.SIGN_IN: self._sign_ins}
        self._unlogged: Counter[str] = Counter()

    @property
    def is_saturated(self) -> bool:
        """Whether there is a class without capacity."""
        requests, sign_ins = self._requests, self._sign_ins
        return (
            requests.running >= requests.limit * _SHARES[Priority.OTHER]
            or sign_ins.running >= sign_ins.limit
        )

    def has_capacity(self, priority: Priority) -> bool:
        lane = self._lanes[priority]
        return lane.running < lane.limit * _SHARES[priority]

    def require(self, priority: Priority) -> None:
        """Require capacity for an operation of the class. Raises `Unavailable`."""
        if not self.has_capacity(priority):
            raise Unavailable(reason(priority))

    def execution(self, priority: Priority) -> Execution:
        """The context in which an operation runs and is counted."""
        return Execution(self._lanes[priority], self._clock, is_read=priority in _READS)

    def record_refusal(self, priority: Priority) -> None:
        """Count a request that was refused before the executor; log it within a second."""
        self._refused[priority].inc()
        if not self._unlogged:
            asyncio.get_running_loop().call_later(LOG_INTERVAL, self._log)
        self._unlogged[reason(priority)] += 1

    def _log(self) -> None:
        log.warning("requests refused", outcome="UNAVAILABLE", status=503, **self._unlogged)
        self._unlogged.clear()


def reason(priority: Priority) -> str:
    """The label of the metric, and the name in the access log."""
    return f"capacity_{priority}"


@dataclass(frozen=True)
class AdmissionRules:
    """Decides which requests are refused before the application handles them.

    `classify` returns the class of a GraphQL request by its scope and body. Requests to `exempt`
    paths, such as health checks, are never refused.
    """

    admission: Admission
    classify: Callable[[Scope, bytes], Priority]
    origins: Origins
    exempt: frozenset[str]
    body_limits: BodyLimits

    def is_exempt(self, scope: Scope) -> bool:
        return (
            scope["type"] != "http" or scope["method"] == "OPTIONS" or scope["path"] in self.exempt
        )

    def is_graphql(self, scope: Scope) -> bool:
        return scope["path"] == GRAPHQL_PATH

    def refusal(self, scope: Scope, body: bytes) -> Response | None:
        """The response to a request without capacity, which is recorded; None if it has some."""
        priority = self.classify(scope, body) if self.is_graphql(scope) else Priority.OTHER
        if self.admission.has_capacity(priority):
            return None
        self.admission.record_refusal(priority)
        return self._response(scope)

    def _response(self, scope: Scope) -> Response:
        headers = read_headers(scope)
        language = preferred_language(headers.get("accept-language", ""))
        media_type = "text/plain"
        if self.is_graphql(scope):
            media_type = accepted_types(headers.get("accept", "")).media_type or JSON
        cors_headers = self.origins.headers_by_path(scope)
        return _unavailable(language, media_type, frozenset(cors_headers.items()))


class AdmissionMiddleware:
    """Refuses requests for which there is no capacity, before the application handles them.

    If there is capacity for all classes, requests pass unread. Otherwise the middleware reads the
    body, because the class depends on the document in it.
    """

    def __init__(self, app: ASGIApp, rules: AdmissionRules) -> None:
        self.app = app
        self._rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._rules.admission.is_saturated or self._rules.is_exempt(scope):
            await self.app(scope, receive, send)
            return
        body = b""
        if self._rules.is_graphql(scope) and scope["method"] == "POST":
            body, receive = await self._body(receive)
        response = self._rules.refusal(scope, body)
        await (response or self.app)(scope, receive, send)

    async def _body(self, receive: Receive) -> tuple[bytes, Receive]:
        """The body, empty if it is late, and a `receive` that repeats the messages read so far."""
        messages: list[Message] = []
        try:
            async with asyncio.timeout(self._rules.body_limits.seconds):
                body = await self._read(receive, messages)
        except TimeoutError:
            body = b""
        return body, _replaying(messages, receive)

    async def _read(self, receive: Receive, messages: list[Message]) -> bytes:
        """Read the body and collect its messages; stop when it is larger than the limit."""
        body = b""
        while len(body) <= self._rules.body_limits.most_bytes:
            message = await receive()
            messages.append(message)
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        return body


@lru_cache(HEADER_CACHE_SIZE)
def _unavailable(
    language: Language, media_type: str, cors_headers: frozenset[tuple[str, str]]
) -> Response:
    """The response to a refused request; it depends on these values only."""
    is_text = media_type == "text/plain"
    body = errors.unavailable_text(language) if is_text else errors.unavailable_body(language)
    headers = {
        **dict(cors_headers),
        **GRAPHQL_HEADERS,
        "retry-after": str(Unavailable("").retry_after),
    }
    return Response(body, 503, headers, f"{media_type}; charset=utf-8")


def _replaying(messages: list[Message], receive: Receive) -> Receive:
    """A `receive` that returns these messages first."""
    earlier = iter(messages)

    async def receive_again() -> Message:
        return next(earlier, None) or await receive()

    return receive_again
