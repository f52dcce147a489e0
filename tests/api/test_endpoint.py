"""GraphQL over HTTP with both media types: statuses, headers, cookies and limits."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from lk_graphql.api.middleware import Origins
from lk_graphql.api.request import SessionCookie
from tests.api.endpoint_client import TOKEN, EndpointClient, MakeClient, rate_limit
from tests.support.client import ApiClient

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
ENGLISH = {"accept-language": "en"}


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_a_query_is_answered_by_a_plan_with_its_cost(client: EndpointClient):
    response = await client.post("{ viewer { email } }", token=TOKEN)

    answer = response.json()
    cost = answer["extensions"].pop("cost")
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert answer == {"data": {"viewer": {"email": "dozor@example.com"}}, "extensions": {}}
    assert (cost["requested"], cost["compile"]) == (1, 300 + 20 // 4 + 6 * 2)
    assert (cost["limit"], cost["remaining"]) == (10_000, 10_000 - 317 - 1)
    assert datetime.fromisoformat(cost["resetAt"]).tzinfo is not None
    assert (client.lines.last["path"], client.lines.last["viewer"]) == ("plan", client.viewer.hex)


async def test_a_slash_at_the_end_is_redirected(api: ApiClient):
    answer = await api.http.post("/graphql/?a=1", json={"query": "{ __typename }"})
    location = answer.headers["location"]
    assert (answer.status_code, location) == (307, "/graphql?a=1")


@pytest.mark.parametrize("host", ["lk.example", "lk.example:8443", "evil.example"])
@pytest.mark.parametrize("path", ["graphql", "webhooks/acquirer", "uploads/x", "healthz"])
async def test_a_redirect_leads_to_no_other_scheme_or_host(api: ApiClient, host: str, path: str):
    """A proxy speaks http with the server, whatever the client speaks with the proxy."""
    url = f"http://{host}/{path}/?a=1"
    answer = await api.http.post(url, json={}, headers={"authorization": "Bearer secret"})

    assert (answer.status_code, answer.headers["location"]) == (307, f"/{path}?a=1")


async def test_a_guest_and_an_unknown_token_have_no_viewer(client: EndpointClient):
    assert (await client.ask("{ viewer { email } }"))["data"] == {"viewer": None}
    assert (await client.ask("{ viewer { email } }", token="stolen"))["data"] == {"viewer": None}


async def test_an_identical_body_is_answered_for_each_viewer(client: EndpointClient):
    results = [
        await client.ask("{ viewer { email } }", token=token) for token in (TOKEN, "", TOKEN)
    ]
    customer, guest = {"viewer": {"email": "dozor@example.com"}}, {"viewer": None}
    assert [answer["data"] for answer in results] == [customer, guest, customer]


async def test_every_answer_has_the_security_headers(client: EndpointClient):
    events = {"accept": "text/event-stream"}
    for response in (
        await client.post("{ viewer { id } }"),
        await client.post("{"),
        await client.post("{ viewer { id } }", headers=events),
        await client.http.options("/graphql"),
        await client.http.put("/graphql"),
    ):
        headers = response.headers
        assert headers["cache-control"] == "no-store"
        policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        assert headers["content-security-policy"] == policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["vary"] == "Accept, Accept-Language, Origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/json, multipart/mixed", JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, application/json;q=0.9", GRAPHQL),
        (f"application/json, {GRAPHQL};q=0.5", JSON),
        (f"{GRAPHQL}, application/json", GRAPHQL),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        ("application/json;q=0, application/*", GRAPHQL),
    ],
)
async def test_the_client_chooses_the_media_type(
    client: EndpointClient, accept: str | None, expected: str
):
    headers = {} if accept is None else {"accept": accept}
    client.http.headers.pop("accept", None)
    response = await client.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (
        200,
        f"{expected}; charset=utf-8",
    )


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png, text/*"])
async def test_a_request_that_accepts_neither_media_type_gets_406(
    client: EndpointClient, accept: str
):
    response = await client.http.get(
        "/graphql", params={"query": "{ __typename }"}, headers={"accept": accept}
    )
    assert (response.status_code, codes(response.json())) == (406, ["BAD_REQUEST"])


@pytest.mark.parametrize(
    "query",
    [
        "{",
        "{ nothing }",
        "query Q($n: Int!) { small(number: $n) }",
        "query A { __typename } query B { __typename }",
    ],
)
async def test_only_the_new_media_type_turns_request_errors_into_statuses(
    client: EndpointClient, query: str
):
    new = await client.post(query)
    old = await client.post(query, headers={"accept": JSON})

    assert (new.status_code, old.status_code) == (400, 200)
    for answer in (new.json(), old.json()):
        assert codes(answer) == ["BAD_REQUEST"]
        assert "data" not in answer


async def test_field_errors_keep_status_200_and_the_rest_of_the_data(client: EndpointClient):
    response = await client.post("{ small(number: 10) caller }")

    answer = response.json()
    assert response.status_code == 200
    assert answer["data"]["small"] is None
    assert answer["data"]["caller"].startswith("127.0.0.1 ")
    assert [error["path"] for error in answer["errors"]] == [["small"]]
    assert codes(answer) == ["BAD_REQUEST"]


async def test_a_get_may_query_but_change_nothing(client: EndpointClient):
    query = {"query": "query Q($n: Int!) { small(number: $n) }", "variables": '{"n": 3}'}
    queried = await client.http.get("/graphql", params=query)
    changed = await client.http.get("/graphql", params={"query": "mutation { leave { text } }"})

    assert queried.json()["data"] == {"small": 3}
    assert (changed.status_code, changed.headers["allow"]) == (405, "POST")
    assert "set-cookie" not in changed.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "TRACE"])
async def test_other_methods_are_refused(client: EndpointClient, method: str):
    response = await client.http.request(method, "/graphql", json={"query": "{ __typename }"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST, OPTIONS")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/jsonfoo",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
    ],
)
async def test_a_body_that_is_not_json_is_415(client: EndpointClient, content_type: str):
    response = await client.http.post(
        "/graphql",
        content=b'{"query":"mutation { leave { text } }"}',
        headers={"content-type": content_type},
    )
    assert (response.status_code, codes(response.json())) == (415, ["BAD_REQUEST"])


async def test_a_compressed_body_is_415(client: EndpointClient):
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    response = await client.http.post("/graphql", content=b"\x1f\x8b", headers=headers)
    assert response.status_code == 415


@pytest.mark.parametrize("encoding", ["identity", "Identity", ""])
async def test_a_content_encoding_of_identity_is_accepted(client: EndpointClient, encoding: str):
    response = await client.http.post(
        "/graphql",
        content=b'{"query":"{ __typename }"}',
        headers={"content-type": JSON, "content-encoding": encoding},
    )
    assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
async def test_a_charset_of_utf_8_is_accepted(client: EndpointClient, charset: str):
    response = await client.http.post(
        "/graphql",
        content=orjson.dumps({"query": '{ viewer { id } } # "Ёлка"'}),
        headers={"content-type": f"application/json; charset={charset}"},
    )
    assert response.json()["data"] == {"viewer": None}


async def test_128_kibibytes_are_the_most(client: EndpointClient):
    query = b'{"query":"{ __typename }"'
    largest = query + b" " * (128 * 1024 - len(query) - 1) + b"}"
    headers = {"content-type": JSON}

    accepted = await client.http.post("/graphql", content=largest, headers=headers)
    refused = await client.http.post("/graphql", content=largest + b" ", headers=headers)

    assert accepted.json()["data"] == {"__typename": "Query"}
    assert (refused.status_code, codes(refused.json())) == (413, ["BAD_REQUEST"])


async def test_messages_are_russian_unless_english_is_preferred(client: EndpointClient):
    query = "{ ownKey }"
    russian = await client.ask(query)
    english = await client.ask(query, headers=ENGLISH)

    assert (codes(russian), codes(english)) == (["UNAUTHENTICATED"], ["UNAUTHENTICATED"])
    assert russian["errors"][0]["message"] == "Войдите в личный кабинет."
    assert english["errors"][0]["message"] == "Sign in first."


async def test_five_errors_are_enough(client: EndpointClient):
    aliases = " ".join(f"a{n}: small(number: 10)" for n in range(9))
    executed = await client.ask("{" + aliases + "}")
    refused = await client.ask("{" + " ".join(f"none{n}" for n in range(9)) + "}")

    assert len(executed["errors"]) == 5
    assert len(executed["data"]) == 9
    assert len(refused["errors"]) == 5


async def test_the_request_id_is_the_client_s_if_it_is_sane(client: EndpointClient):
    own = await client.post("{ __typename }", headers={"x-request-id": "front-4711.a"})
    for odd in ("short", "x" * 65, 'quote"1234567', "два-три-четыре".encode()):
        made = await client.post("{ __typename }", headers={"x-request-id": odd})
        assert made.headers["x-request-id"] == client.lines.last["request_id"] != odd
    assert own.headers["x-request-id"] == "front-4711.a"


async def test_a_cookie_is_as_good_as_a_bearer_token(client: EndpointClient):
    cookie = {"cookie": f"theme=dark; __Host-lk_session={TOKEN}; x=y"}
    answer = await client.ask("{ viewer { firstName } }", headers=cookie)
    assert answer["data"] == {"viewer": {"firstName": "Пётр"}}


async def test_the_cookie_is_set_and_cleared_as_browsers_demand(client: EndpointClient):
    entered = await client.post('mutation { enter(token: "abc") { text } }')
    left = await client.post("mutation { leave { text } }")

    assert entered.headers["set-cookie"] == (
        "__Host-lk_session=abc; Path=/; Expires=Sun, 01 Nov 2026 12:00:00 GMT;"
        " HttpOnly; SameSite=Lax; Secure"
    )
    assert left.headers["set-cookie"] == (
        "__Host-lk_session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT;"
        " HttpOnly; SameSite=Lax; Secure"
    )


async def test_plain_http_gets_another_cookie(make_client: MakeClient):
    client = await make_client(cookie=SessionCookie(secure=False))
    entered = await client.post('mutation { enter(token: "abc") { text } }')
    foreign = await client.ask(
        "{ viewer { id } }", headers={"cookie": f"__Host-lk_session={TOKEN}"}
    )

    assert entered.headers["set-cookie"].startswith("lk_session=abc; ")
    assert not entered.headers["set-cookie"].endswith("Secure")
    assert foreign["data"] == {"viewer": None}


async def test_cors_is_for_the_allowed_only(make_client: MakeClient):
    client = await make_client(origins=Origins("https://lk.example.ru", ["https://app.example.ru"]))
    preflight = {"access-control-request-method": "POST"}
    allowed = await client.http.options(
        "/graphql", headers={**preflight, "origin": "https://app.example.ru"}
    )
    foreign = await client.http.options(
        "/graphql", headers={**preflight, "origin": "https://evil.example"}
    )
    answer = await client.post("{ __typename }", headers={"origin": "https://app.example.ru"})

    assert (allowed.status_code, foreign.status_code) == (204, 204)
    assert allowed.headers["access-control-allow-origin"] == "https://app.example.ru"
    assert allowed.headers["access-control-allow-methods"] == "GET, POST"
    assert "access-control-allow-origin" not in foreign.headers
    assert answer.headers["access-control-allow-origin"] == "https://app.example.ru"
    assert answer.headers["access-control-allow-credentials"] == "true"


TOOLS = (
    "apollographql-client-name,apollographql-client-version",  # Apollo Studio, web
    "x-apollo-operation-name, x-apollo-operation-id, apollo-require-preflight",  # iOS, Kotlin
    "baggage,sentry-trace",
    "traceparent,tracestate",  # W3C Trace Context: OpenTelemetry, Elastic
    "b3,x-b3-traceid,x-b3-spanid,x-b3-sampled",  # Zipkin
    "x-datadog-trace-id,x-datadog-parent-id,x-datadog-origin,x-datadog-sampling-priority",
    "newrelic,graphql-preflight,x-requested-with,x-csrf-token,x-client-version",
)


@pytest.mark.parametrize("names", TOOLS)
async def test_preflights_of_allowed_origins_accept_headers_of_tools(
    make_client: MakeClient, names: str
):
    client = await make_client(origins=Origins("https://lk.example.ru", ["https://app.example.ru"]))
    asked = {"access-control-request-method": "POST", "access-control-request-headers": names}
    allowed = await client.http.options(
        "/graphql", headers={**asked, "origin": "https://app.example.ru"}
    )
    foreign = await client.http.options(
        "/graphql", headers={**asked, "origin": "https://evil.example"}
    )

    assert allowed.headers["access-control-allow-headers"] == names
    assert allowed.headers["vary"] == "Origin, Access-Control-Request-Headers"
    assert not [name for name in foreign.headers if name.startswith("access-control")]


@pytest.mark.parametrize("names", ["", "a b", "a,,b", "a;b", "é", '"a"', "a," * 1000 + "a"])
async def test_invalid_names_of_headers_are_not_repeated(make_client: MakeClient, names: str):
    client = await make_client(origins=Origins("https://lk.example.ru", ["https://app.example.ru"]))
    headers = [
        (b"origin", b"https://app.example.ru"),
        (b"access-control-request-headers", names.encode()),
    ]
    allowed = await client.http.options("/graphql", headers=headers)

    assert allowed.headers["access-control-allow-headers"] == (
        "accept-language, authorization, content-type, x-request-id"
    )


async def test_a_client_with_an_empty_bucket_is_rate_limited(make_client: MakeClient):
    compiled = 300 + 49 // 4 + 6 * 6  # the query's characters and elements
    client = await make_client(rate_limit=rate_limit(compiled + 72 + 71, 0.1))
    await client.ask("{ viewer { id } }", token=TOKEN)  # gives the token a bucket of its own
    query = "{ viewer { visits(first: 70) { nodes { id } } } }"

    first = await client.post(query, token=TOKEN)
    second = await client.post(query, token=TOKEN)
    old = await client.post(query, token=TOKEN, headers={"accept": JSON})
    guest = await client.post("{ viewer { id } }")

    assert (first.status_code, second.status_code, old.status_code) == (200, 429, 200)
    assert codes(second.json()) == codes(old.json()) == ["RATE_LIMITED"]
    assert first.json()["extensions"]["cost"]["compile"] == compiled
    assert int(second.headers["retry-after"]) == 10
    assert second.json()["extensions"]["cost"]["requested"] == 72
    assert second.json()["extensions"]["cost"]["compile"] == 0  # it is remembered
    assert second.json()["extensions"]["cost"]["remaining"] == 71
    assert second.json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED", "retryAfter": 10}
    assert 8 <= seconds_until(second.json()["extensions"]["cost"]["resetAt"]) <= 11
    assert seconds_until(first.json()["extensions"]["cost"]["resetAt"]) > 1000  # until it is full
    assert guest.status_code == 200  # another bucket


def seconds_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - datetime.now(UTC)).total_seconds()


async def test_a_session_has_a_multiple_of_the_budget_of_guests(make_client: MakeClient):
    client = await make_client(rate_limit=replace(rate_limit(1000, 10), session_factor=3))
    guest = await client.ask("{ viewer { id } }")
    await client.ask("{ viewer { id } }", token=TOKEN)

    customer = await client.ask("{ viewer { id } }", token=TOKEN)

    budgets = [
        (cost["limit"], cost["perSecond"], cost["documentLimit"])
        for cost in (guest["extensions"]["cost"], customer["extensions"]["cost"])
    ]
    assert budgets == [(1000, 10, 5000), (3000, 30, 5000)]


async def test_the_refusal_of_a_costly_document_has_cost_and_limit(client: EndpointClient):
    fields = " ".join(f"a{n}: visits(first: 100) {{ nodes {{ id }} }}" for n in range(50))

    response = await client.post(f"{{ viewer {{ {fields} }} }}", token=TOKEN)

    (error,) = response.json()["errors"]
    assert error["message"] == "Запрос слишком велик: стоимость 5051, а можно 5000."
    assert error["extensions"] == {
        "code": "TOO_COMPLEX",
        "exceeded": "cost",
        "requested": 5051,
        "limit": 5000,
    }
    assert response.json()["extensions"]["cost"]["requested"] == 5051


async def test_invented_tokens_share_their_address_s_bucket(make_client: MakeClient):
    compiled = 300 + 17 // 4 + 6 * 2
    client = await make_client(rate_limit=rate_limit(compiled + 3, 0.001))
    answers = [await client.post("{ viewer { id } }", token=f"guess-{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
