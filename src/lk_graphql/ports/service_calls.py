"""Measures and traces calls of other services."""

from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter

from lk_graphql.kit.metrics import SERVICE_CALLS
from lk_graphql.kit.tracing import TRACING, SpanKind


@contextmanager
def service_call(service: str, action: str) -> Generator[None]:
    """Measure the call inside; an exception's class is its outcome.

    `service` is one of smtp, sms, acquirer, clamd, files.
    """
    started, outcome = perf_counter(), "ok"
    try:
        with TRACING.span(f"{service} {action}", SpanKind.CLIENT, service=service):
            yield
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        SERVICE_CALLS.labels(service, outcome).observe(perf_counter() - started)
