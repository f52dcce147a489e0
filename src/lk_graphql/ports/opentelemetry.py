"""Exports traces by OpenTelemetry's protocol over HTTP (OTLP), in batches and a thread of its own.

Imported only if `LK_TRACES_URL` is set, as its packages take a third of a second to load.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from lk_graphql.kit.tracing import Attribute, Carrier, SpanKind

_SECONDS = 5
"""Seconds for sending a batch; the exporter drops spans beyond its queue of 2,048."""
_KINDS = {
    SpanKind.SERVER: trace.SpanKind.SERVER,
    SpanKind.CLIENT: trace.SpanKind.CLIENT,
    SpanKind.CONSUMER: trace.SpanKind.CONSUMER,
    SpanKind.INTERNAL: trace.SpanKind.INTERNAL,
}


def open_tracer(url: str, *, service: str, share: float) -> "OpenTelemetryTracer":
    """A tracer that exports a `share` of traces, chosen by their ids, alike in all processes.

    A client's trace is continued, but its flag to record is ignored, as any client may set it.
    """
    return OpenTelemetryTracer(OTLPSpanExporter(url, timeout=_SECONDS), service, share)


class OpenTelemetryTracer:
    """Records spans by OpenTelemetry's SDK."""

    def __init__(self, exporter: SpanExporter, service: str, share: float) -> None:
        resource = Resource.create({SERVICE_NAME: service, SERVICE_VERSION: version("lk-graphql")})
        by_id = TraceIdRatioBased(share)
        sampler = ParentBased(by_id, remote_parent_sampled=by_id)
        self._provider = TracerProvider(sampler=sampler, resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("lk_graphql")

    @contextmanager
    def span(
        self, name: str, kind: SpanKind, parent: Carrier | None, attributes: Mapping[str, Attribute]
    ) -> "Generator[_Span]":
        context = propagate.extract(parent) if parent is not None else None
        with self._tracer.start_as_current_span(
            name,
            context,
            _KINDS[kind],
            attributes,
            record_exception=False,  # its text may quote a customer
            set_status_on_exception=False,
        ) as span:
            try:
                yield _Span(span)
            except BaseException as error:
                span.set_status(trace.StatusCode.ERROR, type(error).__name__)
                raise

    def headers(self) -> dict[str, str]:
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        return carrier

    def close(self) -> None:
        """Export the remaining spans."""
        self._provider.shutdown()


class _Span:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def describe(self, name: str | None = None, /, **attributes: Attribute) -> None:
        if name is not None:
            self._span.update_name(name)
        self._span.set_attributes(attributes)
