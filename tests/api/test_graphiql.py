"""GraphiQL's page: its files, their sources and its Content-Security-Policy."""

import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from lk_graphql.api.graphiql.examples import Example, ExampleOperation, read_examples
from lk_graphql.api.graphiql.page import HERE, routes

SIGN_IN = ExampleOperation("Q", "query", "query Q($n: Int) { a }", '{"n": "</script>"}')


@pytest.fixture
def page() -> httpx.AsyncClient:
    examples = [Example("Sign in", "First.", is_for_staff=False, operations=(SIGN_IN,))]
    app = Starlette(routes=routes(examples, title="Энерго<b>", opened="Q"))
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://lk")


async def test_the_page_has_no_inline_script_and_a_strict_policy(page: httpx.AsyncClient):
    response = await page.get("/graphiql")
    policy, html = response.headers["content-security-policy"], response.text
    nonce = re.findall(r'data-nonce="([^"]+)"', html)

    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert f"'nonce-{nonce[0]}'" in policy
    assert re.findall(r"https?://", html) == []
    assert re.findall(r"<script(?![^>]* (?:src=|type=.application/json))", html) == []
    assert "<title>Энерго&lt;b&gt; · GraphiQL</title>" in html
    assert nonce != re.findall(r'data-nonce="([^"]+)"', (await page.get("/graphiql")).text)


async def test_the_page_has_the_examples(page: httpx.AsyncClient):
    html = (await page.get("/graphiql")).text
    (options,) = re.findall(r'id="options"[^>]*>(.*?)</script>', html)
    operation = {
        "name": "Q",
        "kind": "query",
        "query": "query Q($n: Int) { a }",
        "variables": '{"n": "</script>"}',
    }
    assert json.loads(options) == {
        "endpoint": "/graphql",
        "opened": "Q",
        "examples": [
            {
                "title": "Sign in",
                "guide": "First.",
                "is_for_staff": False,
                "operations": [operation],
            }
        ],
    }


async def test_the_bare_address_leads_to_the_page(page: httpx.AsyncClient):
    response = await page.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")


async def test_static_files_of_the_page_are_cached_as_immutable(page: httpx.AsyncClient):
    html = (await page.get("/graphiql")).text
    files = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(files) == 7
    imported = [
        files[0].rpartition("/")[0] + name
        for name in ("/examples.js", "/fetcher.js", "/prettify.js")
    ]
    for file in (*files, *imported):
        response = await page.get(file)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    version = files[0].split("/")[2]
    assert (await page.get(f"/graphiql/{version}/page.py")).status_code == 404
    assert (await page.get("/graphiql/000000000000/page.js")).status_code == 404


def test_each_operation_has_its_own_fragments_and_variables(tmp_path: Path):
    (tmp_path / "2.graphql").write_text("query B { b }\n")
    (tmp_path / "1.graphql").write_text(
        "# Вход · Sign in,\n# and out\n#\n# 1. A: first.\n#    Then C.\n#      curl it\n# 2. B.\n\n"
        "query A($n: Int, $m: Int) { a { ...F } }\n"
        "mutation C($n: Int) { staffLeave }\n"
        "fragment F on T {\n  id\n}\n"
    )
    (tmp_path / "1.json").write_text('{"n": 1, "k": "…"}\n')

    assert read_examples(tmp_path) == [
        Example(
            "Вход · Sign in, and out",
            "1. A: first. Then C.\n     curl it\n2. B.",
            is_for_staff=True,
            operations=(
                ExampleOperation(
                    "A",
                    "query",
                    "query A($n: Int, $m: Int) {\n  a {\n    ...F\n  }\n}\n\n"
                    "fragment F on T {\n  id\n}",
                    '{\n  "n": 1\n}',
                ),
                ExampleOperation(
                    "C", "mutation", "mutation C($n: Int) {\n  staffLeave\n}", '{\n  "n": 1\n}'
                ),
            ),
        ),
        Example(
            "2",
            "",
            is_for_staff=False,
            operations=(ExampleOperation("B", "query", "query B {\n  b\n}"),),
        ),
    ]


def test_the_lock_names_no_host_and_no_more_than_is_served():
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert set(packages) == {f"node_modules/{name}" for name in ("graphiql", "react", "react-dom")}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
