"""Traces: spans that show where the time of a request or a job is spent.

`LK_TRACES_URL` installs an exporter (`ports.opentelemetry`). Without one, a span costs only a
comparison; OpenTelemetry's own span without an exporter would cost a tenth of the smallest query.
Attributes hold names and numbers of the program, never customers' values.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

Attribute = str | int | float | bool
Carrier = Mapping[str, str]
"""Headers that carry a trace from one process to another (`traceparent`, W3C Trace Context)."""


class SpanKind(StrEnum):
    """The kinds of spans, as OpenTelemetry defines them."""

    SERVER = "server"
    """The handling of a request from another process."""
    CLIENT = "client"
    """A request to another process, including the wait for the response."""
    CONSUMER = "consumer"
    """A job that another process has enqueued."""
    INTERNAL = "internal"


class TraceSpan(Protocol):
    """A part of a trace."""

    def describe(self, name: str | None = None, /, **attributes: Attribute) -> None:
        """Rename the span and add attributes when they become available."""
        ...


class Tracer(Protocol):
    """Records spans."""

    def span(
        self, name: str, kind: SpanKind, parent: Carrier | None, attributes: Mapping[str, Attribute]
    ) -> AbstractContextManager[TraceSpan]:
        """A span of the `with` block; an exception marks it as failed, with its class only."""
        ...

    def headers(self) -> dict[str, str]:
        """Headers with the current span, for a request to another process or for a job."""
        ...


class _NoSpan:
    def describe(self, name: str | None = None, /, **attributes: Attribute) -> None:
        """Record nothing."""


_NOTHING = nullcontext[TraceSpan](_NoSpan())


class Tracing:
    """The process's tracer, if it has one."""

    def __init__(self) -> None:
        self._tracer: Tracer | None = None

    def install(self, tracer: Tracer | None) -> None:
        """Record spans from now on; None stops the recording."""
        self._tracer = tracer

    @property
    def is_on(self) -> bool:
        return self._tracer is not None

    def span(
        self,
        name: str,
        kind: SpanKind = SpanKind.INTERNAL,
        /,
        parent: Carrier | None = None,
        **attributes: Attribute,
    ) -> AbstractContextManager[TraceSpan]:
        """A span inside the current one, or of `parent`'s trace."""
        if self._tracer is None:
            return _NOTHING
        return self._tracer.span(name, kind, parent, attributes)

    def headers(self) -> dict[str, str]:
        """Headers for a request to another process or for a job; none without a tracer."""
        return self._tracer.headers() if self._tracer else {}


TRACING = Tracing()


def fingerprint(sql: str) -> str:
    """A hash of twelve digits that names a statement in logs; `lk explain` also prints it."""
    return sha256(sql.encode()).hexdigest()[:12]
