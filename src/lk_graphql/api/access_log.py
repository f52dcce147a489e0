"""One log line and the metrics of each request."""

import re
import secrets
import traceback
from collections.abc import Iterator
from itertools import count

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from lk_graphql.api.request import texts_in
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.scrub import scrub

log = structlog.stdlib.get_logger("lk_graphql.api")

_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_PROCESS = secrets.token_hex(5)
_NUMBERS = count(1)


def request_id(proposed: str | None) -> str:
    """The client's own `X-Request-Id` if it looks like one, or a new one."""
    if proposed is not None and _SANE_ID.fullmatch(proposed):
        return proposed
    return f"{_PROCESS}{next(_NUMBERS):08x}"


def log_request(exchange: RequestState, seconds: float) -> None:
    """Write the access log's line of a request that took `seconds`."""
    log.info(
        "request",
        request_id=exchange.request_id,
        kind=exchange.kind,
        operation=exchange.operation_name,
        outcome=exchange.outcome,
        status=exchange.status,
        path=exchange.path,
        cost=exchange.cost,
        viewer=exchange.viewer.id.hex if exchange.viewer else None,
        staff=exchange.staff.id.hex if exchange.staff else None,
        ms=round(seconds * 1000, 2),
    )


def log_internal(cause: BaseException, exchange: RequestState) -> str:
    """Log what broke with its traceback; returns the log's id, which is all that a client sees."""
    log_id = secrets.token_hex(6)
    told = "".join(traceback.format_exception(cause))
    log.error(
        "internal error",
        log_id=log_id,
        request_id=exchange.request_id,
        operation=exchange.operation_name,
        viewer=exchange.viewer.id.hex if exchange.viewer else None,
        staff=exchange.staff.id.hex if exchange.staff else None,
        exception=scrub(told, _secrets(exchange)),
    )
    return log_id


def _secrets(exchange: RequestState) -> Iterator[str]:
    """Every text that came with the request: an exception may quote any of them."""
    yield exchange.token
    if exchange.request is not None:
        yield from texts_in(exchange.request.variables)
        yield from _LITERAL.findall(exchange.request.query)


# Seconds: a planned query takes one or two milliseconds, a sign-in a fifth of a second.
_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """How many requests by operation type, outcome and path, and how long.

    The path is who read the rows: `plan`, or `core` where graphql-core did so field by field.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._seconds = Histogram(
            "lk_graphql_request_duration_seconds",
            "How long an answer took, and by its count how many there were.",
            ("kind", "outcome", "path"),
            buckets=_STEPS,
            registry=registry,
        )
        self.connections = Gauge(
            "lk_graphql_subscription_connections",
            "Open connections for subscriptions.",
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
            "Answers of subscriptions.",
            registry=registry,
        )

    def record(self, exchange: RequestState, seconds: float) -> None:
        labels = (exchange.kind, exchange.outcome, exchange.path)
        self._seconds.labels(*labels).observe(seconds)
