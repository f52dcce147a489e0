"""What `/metrics` counts of the requests."""

from typing import NamedTuple

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram

from lk_graphql.api.journal import Entry

# Seconds: a planned query takes one or two milliseconds, a sign-in a fifth of a second.
_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class _Series(NamedTuple):
    requests: Counter
    seconds: Histogram


class Metrics:
    """Requests by operation type, outcome and path (`plan`, `core`), and how long they took."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._count = Counter(
            "lk_graphql_requests",
            "GraphQL requests answered.",
            ("kind", "outcome", "path"),
            registry=registry,
        )
        self._duration = Histogram(
            "lk_graphql_request_seconds",
            "How long an answer took.",
            ("kind",),
            buckets=_STEPS,
            registry=registry,
        )
        # prometheus-client finds a series by its labels under a lock; a tuple finds it sooner
        self._series: dict[tuple[str, str, str], _Series] = {}

    def record(self, entry: Entry, seconds: float) -> None:
        labels = (entry.kind, entry.outcome, entry.path)
        series = self._series.get(labels)
        if series is None:
            series = _Series(self._count.labels(*labels), self._duration.labels(entry.kind))
            self._series[labels] = series
        series.requests.inc()
        series.seconds.observe(seconds)
