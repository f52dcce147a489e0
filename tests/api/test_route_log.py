"""The log's lines of plain routes, and of slow operations."""

from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

import httpx
import orjson
import pytest_asyncio
from prometheus_client import CollectorRegistry

from lk_graphql.app import create_app
from lk_graphql.identity.service.sessions import session_sql
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.explain import ExplainRequest, explain
from lk_graphql.planner.principal import SessionSql
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.service.sessions import staff_session_sql
from tests.support.capture_logs import logging_to
from tests.support.client import SETTINGS, URL, ApiClient


@pytest_asyncio.fixture
async def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest_asyncio.fixture
async def http(
    api: ApiClient, engine: QueryEngine, registry: CollectorRegistry
) -> AsyncGenerator[httpx.AsyncClient]:
    """The application, for which every operation is slow."""
    slow = SETTINGS.model_copy(update={"slow_operation": 1e-9})
    app = create_app(slow, ports=api.state.ports, engine=engine, registry=registry)
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


def lines(stream: BytesIO, event: str) -> list[dict[str, Any]]:
    written = [orjson.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in written if line["event"] == event]


async def test_a_request_to_a_route_is_a_line_with_its_pattern_and_without_ids_and_links(
    http: httpx.AsyncClient, registry: CollectorRegistry
):
    stream = BytesIO()
    with logging_to(stream, "info"):
        response = await http.get("/files/receipts/inv_1?link=a-secret")
        await http.post(
            "/webhooks/acquirer", content=b"no JSON", headers={"x-request-id": "a" * 12}
        )
        await http.get("/wp-login.php?user=anna")

    first, second, third = lines(stream, "route")
    assert response.headers["x-request-id"] == first.pop("request_id")
    assert first.pop("ms") > 0
    assert first.pop("timestamp")
    assert first == {
        "event": "route",
        "level": "info",
        "route": "/files/receipts/{id}",
        "method": "GET",
        "status": response.status_code,
        "bytes": len(response.content),
        "network": "203.0.113.0/24",
    }
    assert (second["route"], second["request_id"]) == ("/webhooks/acquirer", "a" * 12)
    assert (third["route"], third["status"]) == ("none", 404)
    told = repr((first, second, third))
    assert not [secret for secret in ("inv_1", "a-secret", "anna") if secret in told]
    labels = {"route": "/files/receipts/{id}", "method": "GET", "status": str(response.status_code)}
    assert registry.get_sample_value("lk_graphql_route_duration_seconds_count", labels) == 1


async def test_probes_leave_no_line(http: httpx.AsyncClient):
    stream = BytesIO()
    with logging_to(stream, "info"):
        assert (await http.get("/healthz")).status_code == 200
    assert lines(stream, "route") == []


async def test_a_slow_operation_is_named_with_the_fingerprint_that_explain_prints(
    http: httpx.AsyncClient, api: ApiClient, anna: Viewer
):
    query = "query Slow { viewer { email } }"
    headers = {"authorization": f"Bearer {await api.signed_in(anna)}"}
    stream = BytesIO()
    with logging_to(stream, "info"):
        await http.post("/graphql", json={"query": query}, headers=headers)

    (line,) = lines(stream, "slow operation")
    assert (line["operation"], line["kind"], line["level"]) == ("Slow", "query", "warning")
    sessions = SessionSql(session_sql, staff_session_sql)
    assert line["statement"] in explain(graphql_schema, ExplainRequest(query), sessions)
