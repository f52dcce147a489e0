"""Traces of requests, jobs and calls of other services, as they reach a collector."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
import pytest_asyncio
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.tracing import TRACING
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.acquiring import AcquirerUnavailable, Shop, YooKassa
from lk_graphql.ports.jobs import run_until_empty
from lk_graphql.ports.opentelemetry import OpenTelemetryTracer, open_tracer
from tests.support.client import COMPANY, ApiClient

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
DASHBOARD = "query Mail { viewer { email } }"
RESET = """
mutation Reset($email: String!) { passwordResetRequest(input: {email: $email}) { errors { code } } }
"""


class Collector:
    """An OTLP collector on a socket, which also is an acquirer that is away."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.headers: list[dict[str, str]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.path == "/v1/traces":
                    request = ExportTraceServiceRequest.FromString(body)
                    for resource in request.resource_spans:
                        for scope in resource.scope_spans:
                            collector.spans += scope.spans
                self._answer(200)

            def do_GET(self) -> None:
                collector.headers.append({k.lower(): v for k, v in self.headers.items()})
                self._answer(503)

            def _answer(self, status: int) -> None:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def named(self, name: str) -> Span:
        (span,) = self.all_named(name)
        return span

    def all_named(self, name: str) -> list[Span]:
        return [span for span in self.spans if span.name == name]

    def children(self, parent: Span) -> list[str]:
        return [span.name for span in self.spans if span.parent_span_id == parent.span_id]


@pytest.fixture
def collector() -> Generator[Collector]:
    collector = Collector()
    thread = Thread(target=collector.server.serve_forever, daemon=True)
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


@pytest_asyncio.fixture
async def tracer(collector: Collector) -> AsyncGenerator[OpenTelemetryTracer]:
    tracer = open_tracer(f"{collector.url}/v1/traces", service="test", share=1)
    TRACING.install(tracer)
    yield tracer
    TRACING.install(None)
    tracer.close()


def attributes(span: Span) -> dict[str, object]:
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value") or "")
        for each in span.attributes
    }


async def test_a_query_is_a_span_of_the_client_s_trace_with_its_steps_inside(
    api: ApiClient, anna: Viewer, tracer: OpenTelemetryTracer, collector: Collector
):
    headers = {"authorization": f"Bearer {await api.signed_in(anna)}", **TRACEPARENT}
    query = "query Never { viewer { email } }"  # no other test has compiled it
    response = await api.http.post("/graphql", json={"query": query}, headers=headers)
    await asyncio.to_thread(tracer.close)

    assert response.json()["data"] == {"viewer": {"email": "anna@example.com"}}
    span = collector.named("query Never")
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
    assert span.kind == Span.SpanKind.SPAN_KIND_SERVER
    told = attributes(span)
    assert told["request_id"] == response.headers["x-request-id"]
    assert (told["outcome"], told["status"], told["path"]) == ("OK", 200, "plan")
    assert collector.children(span) == ["parse and validate", "compile a plan", "sql"]
    (sql,) = [
        each for each in collector.spans if each.name == "sql" and each.trace_id == span.trace_id
    ]
    assert attributes(sql) == {"statement": told["statement"]}


async def test_a_job_goes_on_with_the_trace_of_the_request_that_enqueued_it(
    api: ApiClient, anna: Viewer, database: str, tracer: OpenTelemetryTracer, collector: Collector
):
    body = {"query": RESET, "variables": {"email": "anna@example.com"}}
    response = await api.http.post("/graphql", json=body, headers=TRACEPARENT)
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await asyncio.to_thread(tracer.close)

    assert response.json()["data"]["passwordResetRequest"]["errors"] == []
    job = collector.named("job identity.mail_password_reset")
    assert job.trace_id.hex() == TRACE
    assert job.kind == Span.SpanKind.SPAN_KIND_CONSUMER
    request = collector.named("mutation Reset")
    assert job.parent_span_id == request.span_id


async def test_the_acquirer_receives_the_trace_and_a_failed_call_is_marked_by_its_class_alone(
    tracer: OpenTelemetryTracer, collector: Collector
):
    acquirer = YooKassa(Shop("shop", "a-secret-key", collector.url))
    with TRACING.span("test"), pytest.raises(AcquirerUnavailable):
        await acquirer.state(str(new_key()))
    await asyncio.to_thread(tracer.close)

    calls = collector.all_named("acquirer GET")
    assert len(calls) == len(collector.headers) == 3
    for call, headers in zip(calls, collector.headers, strict=True):
        assert headers["traceparent"].split("-")[1:3] == [call.trace_id.hex(), call.span_id.hex()]
        assert call.status.message == "AcquirerUnavailable"
        assert attributes(call) == {"service": "acquirer"}
        assert not call.events


async def test_no_value_of_a_customer_is_in_a_trace(
    api: ApiClient, anna: Viewer, database: str, tracer: OpenTelemetryTracer, collector: Collector
):
    token = await api.signed_in(anna)
    await api.post(DASHBOARD, token)
    await api.post(RESET, email="anna@example.com")
    await api.http.get("/files/receipts/inv_0?link=a-secret")
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    await asyncio.to_thread(tracer.close)

    told = repr(collector.spans)
    assert "GET /files/receipts/{id}" in told
    assert not [value for value in (token, "anna@", "a-secret", "inv_0") if value in told]


async def test_a_client_can_t_demand_that_its_requests_are_recorded(
    api: ApiClient, collector: Collector
):
    tracer = open_tracer(f"{collector.url}/v1/traces", service="test", share=0)
    TRACING.install(tracer)
    try:
        await api.http.post("/graphql", json={"query": DASHBOARD}, headers=TRACEPARENT)
    finally:
        TRACING.install(None)
        await asyncio.to_thread(tracer.close)
    assert collector.spans == []
