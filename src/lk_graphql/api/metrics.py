"""What `/metrics` counts of the requests."""

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from lk_graphql.api.exchange import Exchange

# Seconds: a planned query takes one or two milliseconds, a sign-in a fifth of a second.
_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """How many requests by operation type, outcome and path, and how long.

    The path is who read the rows: `plan`, or `core` where graphql-core did so field by field.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._seconds = Histogram(
            "lk_graphql_request_seconds",
            "How long an answer took, and by its count how many there were.",
            ("kind", "outcome", "path"),
            buckets=_STEPS,
            registry=registry,
        )
        self.connections = Gauge(
            "lk_graphql_connections",
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
            "lk_graphql_events",
            "Answers of subscriptions.",
            registry=registry,
        )

    def record(self, exchange: Exchange, seconds: float) -> None:
        labels = (exchange.kind, exchange.outcome, exchange.path)
        self._seconds.labels(*labels).observe(seconds)
