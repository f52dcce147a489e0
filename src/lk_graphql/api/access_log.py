"""The access log's line and the metrics of each request."""

import re
import secrets
import traceback
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from time import perf_counter

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from lk_graphql.api.request import texts_in
from lk_graphql.api.request_state import RequestState
from lk_graphql.guards.security_events import network
from lk_graphql.kit.scrub import scrub
from lk_graphql.kit.tracing import TraceSpan

log = structlog.stdlib.get_logger("lk_graphql.api")

_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_PROCESS = secrets.token_hex(5)
_COUNTER = count(1)


def request_id(proposed: str | None) -> str:
    """The client's `X-Request-Id` if it is well-formed, or a new id."""
    if proposed is not None and _REQUEST_ID.fullmatch(proposed):
        return proposed
    return f"{_PROCESS}{next(_COUNTER):08x}"


def log_request(state: RequestState, seconds: float) -> None:
    """Write the access log's line of a request; `seconds` is its duration."""
    log.info(
        "request",
        request_id=state.request_id,
        kind=state.kind,
        operation=state.operation_name,
        outcome=state.outcome,
        status=state.status,
        path=state.path,
        cost=state.charge.cost,
        unavailable=state.unavailable and state.unavailable.service,
        reason=state.unavailable and state.unavailable.reason,
        viewer=state.viewer.id.hex if state.viewer else None,
        staff=state.staff.id.hex if state.staff else None,
        network=network(state.client.address),
        ms=round(seconds * 1000, 2),
    )


def log_slow(state: RequestState, seconds: float) -> None:
    """Log a slow operation with the hashes of its statement and document, for `lk explain`."""
    log.warning(
        "slow operation",
        request_id=state.request_id,
        operation=state.operation_name,
        kind=state.kind,
        statement=state.statement or None,
        document=state.request and sha256(state.request.query.encode()).hexdigest(),
        cost=state.charge.cost,
        ms=round(seconds * 1000, 2),
    )


def describe_span(span: TraceSpan, state: RequestState) -> None:
    """Name a request's span, and add the attributes that are available only at its end."""
    span.describe(
        f"{state.kind} {state.operation_name or ''}",
        outcome=state.outcome,
        status=state.status,
        path=state.path,
        cost=state.charge.cost,
        statement=state.statement,
    )


def log_internal(cause: BaseException, state: RequestState) -> str:
    """Log an unexpected exception with its traceback. Returns the log id for the client."""
    log_id = secrets.token_hex(6)
    text = "".join(traceback.format_exception(cause))
    log.error(
        "internal error",
        log_id=log_id,
        request_id=state.request_id,
        operation=state.operation_name,
        viewer=state.viewer.id.hex if state.viewer else None,
        staff=state.staff.id.hex if state.staff else None,
        exception=scrub(text, _secrets(state)),
    )
    return log_id


def _secrets(state: RequestState) -> Iterator[str]:
    """The token and all texts of the request, any of which an exception may quote."""
    yield state.token
    if state.request is not None:
        yield from texts_in(state.request.variables)
        yield from _LITERAL.findall(state.request.query)


# Seconds: from planned queries (a millisecond) to password hashing and slow failures.
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """Prometheus metrics of requests and subscriptions.

    The label `path` is `plan` for a compiled plan, `resolvers` for graphql-core, and `mixed` for a
    query that has root fields of both.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY, slow_seconds: float = 1.0) -> None:
        """Create the metrics; operations of `slow_seconds` or longer get an additional log line."""
        self._slow_seconds = slow_seconds
        self._declare_realtime(registry)
        self._seconds = Histogram(
            "lk_graphql_request_duration_seconds",
            "Duration of GraphQL requests, in seconds.",
            ("kind", "outcome", "path"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.in_execution = Gauge(
            "lk_graphql_operations_in_execution",
            "Operations in execution or waiting for a connection: sign-ins and all others.",
            ("lane",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.refused = Counter(
            "lk_graphql_refused_requests",
            "Requests refused with UNAVAILABLE, by the overloaded or unavailable part.",
            ("reason",),
            registry=registry,
        )
        self.routes = Histogram(
            "lk_graphql_route_duration_seconds",
            "Duration of requests to files, uploads, callbacks and pages, in seconds.",
            ("route", "method", "status"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.callbacks = Counter(
            "lk_graphql_callbacks",
            "Callbacks of other services, by result.",
            ("service", "outcome"),
            registry=registry,
        )

    def _declare_realtime(self, registry: CollectorRegistry) -> None:
        self.connections = Gauge(
            "lk_graphql_subscription_connections",
            "Open connections of subscription clients.",
            ("transport",),
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.subscriptions = Gauge(
            "lk_graphql_subscriptions",
            "Running subscriptions.",
            registry=registry,
            multiprocess_mode="livesum",
        )
        self.events = Counter(
            "lk_graphql_subscription_results",
            "Results sent to subscribers.",
            registry=registry,
        )

    def finish(self, state: RequestState, started: float) -> None:
        """Measure and log a finished operation; `started` is a value of `perf_counter`."""
        seconds = perf_counter() - started
        self._seconds.labels(state.kind, state.outcome, state.path).observe(seconds)
        if state.unavailable:
            self.refused.labels(state.unavailable.service).inc()
        log_request(state, seconds)
        if seconds >= self._slow_seconds:
            log_slow(state, seconds)
