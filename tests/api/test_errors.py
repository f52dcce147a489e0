"""Internal errors are masked and logged with an id, without secrets."""

import json
import logging
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from io import BytesIO

import asyncpg
import orjson
import pytest
import structlog

from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.scrub import scrub
from tests.api.endpoint_client import TOKEN, EndpointClient
from tests.support.capture_logs import logging_to

SECRETS = (
    TOKEN,
    "Passw0rd-in-variables",
    "literal-Secret",
    "dozor@example.com",
    "913 123-45-67",
    "vanya@почта.рф",
)


async def test_an_exception_is_masked_under_a_log_id(client: EndpointClient):
    response = await client.post("{ broken caller }", headers={"accept-language": "en"})

    log_lines = client.lines.all
    (error,) = response.json()["errors"]
    log_id = error["extensions"]["logId"]
    assert response.status_code == 200
    assert error["message"] == f"An error occurred on our side. Give support its number: {log_id}."
    assert error["extensions"] == {"code": "INTERNAL", "logId": log_id}
    assert error["path"] == ["broken"]
    assert response.json()["data"]["broken"] is None
    assert [line["log_id"] for line in log_lines if line["event"] == "internal error"] == [log_id]
    assert "RuntimeError: broken by" in log_lines[0]["exception"]
    assert client.lines.last["outcome"] == "INTERNAL"


async def test_an_error_in_a_non_null_field_makes_the_data_null(client: EndpointClient):
    answer = await client.ask("{ shattered }")
    assert answer["data"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]


async def test_an_unavailable_service_is_a_503_with_one_log_line(
    client: EndpointClient, monkeypatch: pytest.MonkeyPatch
):
    async def full(*_: object) -> None:
        raise Unavailable("database", retry_after=7)

    monkeypatch.setattr("lk_graphql.database.connections.ReadPool.fetchrow", full)
    response = await client.post("{ viewer { email } }", headers={"accept-language": "en"})

    (error,) = response.json()["errors"]
    assert response.status_code == 503
    assert response.headers["retry-after"] == "7"
    assert error["extensions"] == {"code": "UNAVAILABLE"}
    assert error["message"] == (
        "The service is temporarily unavailable. Try again in a few seconds."
    )
    assert [line["event"] for line in client.lines.all] == ["request"]
    assert client.lines.last["outcome"] == "UNAVAILABLE"
    assert client.lines.last["unavailable"] == "database"


async def test_a_lost_database_is_unavailable(
    client: EndpointClient, monkeypatch: pytest.MonkeyPatch
):
    async def lost(*_: object, **__: object) -> None:
        raise ConnectionResetError("postgresql://lk:password@10.0.0.1/lk")

    monkeypatch.setattr("asyncpg.Connection.fetchrow", lost)
    response = await client.post("{ viewer { email } }")

    (error,) = response.json()["errors"]
    assert response.status_code == 503
    assert error["extensions"] == {"code": "UNAVAILABLE"}
    assert "password" not in response.text
    assert "cost" in response.json()["extensions"]
    (line,) = client.lines.all
    assert (line["unavailable"], line["reason"]) == ("database", "ConnectionResetError")


async def test_a_faulty_statement_is_a_masked_500(
    client: EndpointClient, monkeypatch: pytest.MonkeyPatch
):
    async def faulty(*_: object, **__: object) -> None:
        raise asyncpg.UndefinedTableError('relation "nothing" does not exist')

    monkeypatch.setattr("asyncpg.Connection.fetchrow", faulty)
    response = await client.post("{ viewer { email } }")

    (error,) = response.json()["errors"]
    assert response.status_code == 500
    assert error["extensions"]["code"] == "INTERNAL"
    assert "nothing" not in response.text


async def test_no_secret_reaches_the_logs(client: EndpointClient):
    query = """mutation M($input: NoteInput!) {
        noteWrite(input: $input) { text }  enter(token: "literal-Secret") { text }
    }"""
    variables = {"input": {"text": "break", "title": "Passw0rd-in-variables"}}
    agent = {"user-agent": "vanya@почта.рф".encode(), "referer": "https://x/?token=literal-Secret"}
    await client.post(query, token=TOKEN, variables=variables, headers=agent)
    await client.post('{ broken(text: "literal-Secret") }', token=TOKEN)
    await client.http.get("/graphql", params={"query": '{ broken(text: "literal-Secret") }'})
    await client.post("{ " + TOKEN.replace("-", "_") + " }", headers=agent)

    log_text = repr(client.lines.all)
    assert len(client.lines.requests) == 4
    assert log_text.count("'internal error'") == 3
    for secret in SECRETS:
        assert secret not in log_text


async def test_a_request_is_one_line_written_at_once(client: EndpointClient):
    stream = BytesIO()
    with logging_to(stream, "info"):
        await client.post("query Who { viewer { email } }", token=TOKEN)
        log_text = stream.getvalue().splitlines()

    (line,) = (line for line in map(orjson.loads, log_text) if line["event"] == "request")
    assert line.pop("ms") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("request_id")
    assert line == {
        "event": "request",
        "level": "info",
        "kind": "query",
        "operation": "Who",
        "outcome": "OK",
        "status": 200,
        "path": "plan",
        "cost": 1,
        "unavailable": None,
        "reason": None,
        "viewer": client.viewer.hex,
        "staff": None,
        "network": "127.0.0.0/24",
    }


async def test_requests_are_counted(client: EndpointClient):
    await client.post("{ viewer { email } }")
    await client.post("{ caller }")
    await client.post("{ caller }")
    await client.post("{ caller viewer { email } }")
    await client.post("mutation { leave { text } }")
    await client.post("{")

    def count(kind: str, outcome: str, path: str) -> float | None:
        labels = {"kind": kind, "outcome": outcome, "path": path}
        return client.registry.get_sample_value("lk_graphql_request_duration_seconds_count", labels)

    assert count("query", "OK", "plan") == 1
    assert count("query", "OK", "resolvers") == 2
    assert count("query", "OK", "mixed") == 1
    assert count("mutation", "OK", "plan") == 1  # its payload is read by a plan
    assert count("none", "BAD_REQUEST", "none") == 1


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Key (email)=(a.b@example.com) exists", "Key (email)=(***) exists"),
        ("to +7 (913) 123-45-67.", "to ***."),
        ("8 9131234567", "***"),
        ("hash $argon2id$v=19$m=1,t=2$c2Fs$aGFz!", "hash ***"),
        ("Bearer " + "aB3_-" * 9, "Bearer ***"),
        ("2026-11-22 20:10:00 account 123456789012", "2026-11-22 20:10:00 account 123456789012"),
        ("01a204e1-4145-7189-b073-88675410313b", "01a204e1-4145-7189-b073-88675410313b"),
    ],
)
def test_private_things_are_recognised(text: str, scrubbed: str):
    assert scrub(text) == scrubbed


def test_libraries_log_json_too():
    stream = BytesIO()
    with logging_to(stream, "info"):
        logging.getLogger("some.library").warning("lost %s", "a@example.com")
        structlog.get_logger().info("told", answer=42)

    first, second = map(orjson.loads, stream.getvalue().splitlines())
    assert (first["event"], first["logger"], first["level"]) == (
        "lost ***",
        "some.library",
        "warning",
    )
    assert (second["event"], second["answer"]) == ("told", 42)


class _Key(StrEnum):
    A_KEY = "a_key"


@pytest.mark.parametrize(
    ("field", "logged"),
    [
        ({_Key.A_KEY: 1}, {"a_key": 1}),
        ({"deep": {_Key.A_KEY: {3: 2}}}, {"deep": {"a_key": {"3": 2}}}),
        ({"number": 2**64}, {"number": 2**64}),
        ({"text": "half \ud800"}, {"text": "half \ud800"}),
        ({"value": Decimal("1.50")}, {"value": "1.50"}),
        ({"bytes": b"\xff"}, {"bytes": "b'\\xff'"}),
    ],
)
def test_no_event_is_too_odd_for_a_line(field: dict[str, object], logged: dict[str, object]):
    stream = BytesIO()
    with logging_to(stream, "info"):
        structlog.stdlib.get_logger().info("odd", **field)

    line = json.loads(stream.getvalue())
    assert {key: line[key] for key in logged} == logged
    assert (line["event"], line["level"]) == ("odd", "info")
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is UTC


async def test_a_level_above_info_has_no_access_log(client: EndpointClient):
    stream = BytesIO()
    with logging_to(stream, "warning"):
        await client.post("{ viewer { email } }")
    assert stream.getvalue() == b""


def test_statements_are_not_logged_with_their_values():
    stream = BytesIO()
    with logging_to(stream, "debug"):
        logging.getLogger("tortoise.db_client").debug("INSERT … %s", ["Соколова"])
        logging.getLogger("some.library").debug("spoken")

    assert [orjson.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["spoken"]
