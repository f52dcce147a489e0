"""GraphiQL's page: its files, their sources and its Content-Security-Policy."""

import json
import re
from pathlib import Path

import httpx
import pytest
from rich.console import Console
from starlette.applications import Starlette

from lk_graphql.api.graphiql import assets
from lk_graphql.api.graphiql.assets import ASSET_FILES, HERE, AssetsUnavailable, ensure_assets
from lk_graphql.api.graphiql.page import Example, read_examples, routes


@pytest.fixture
def page(tmp_path: Path) -> httpx.AsyncClient:
    for name in ASSET_FILES:
        (tmp_path / name).write_text(f"// {name}")
    examples = [Example("query Q($n: Int) { a }", '{"n": "</script>"}')]
    app = Starlette(routes=routes(tmp_path, examples, title="Энерго<b>"))
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


async def test_the_examples_become_tabs(page: httpx.AsyncClient):
    html = (await page.get("/graphiql")).text
    (options,) = re.findall(r'id="options"[^>]*>(.*?)</script>', html)
    assert json.loads(options) == {
        "endpoint": "/graphql",
        "tabs": [{"query": "query Q($n: Int) { a }", "variables": '{"n": "</script>"}'}],
    }


async def test_the_bare_address_leads_to_the_page(page: httpx.AsyncClient):
    response = await page.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")


async def test_its_files_are_kept_for_ever(page: httpx.AsyncClient):
    html = (await page.get("/graphiql")).text
    files = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(files) == 7
    for file in files:
        response = await page.get(file)
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    version = files[0].split("/")[2]
    assert (await page.get(f"/graphiql/{version}/page.py")).status_code == 404
    assert (await page.get("/graphiql/000000000000/page.js")).status_code == 404


def test_examples_are_read_by_name(tmp_path: Path):
    (tmp_path / "2.graphql").write_text("query B { b }\n")
    (tmp_path / "1.graphql").write_text("query A { a }\n")
    (tmp_path / "1.json").write_text('{"n": 1}\n')
    assert read_examples(tmp_path) == [
        Example("query A { a }", '{"n": 1}'),
        Example("query B { b }"),
    ]


def test_the_lock_names_no_host_and_no_more_than_is_served():
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert set(packages) == {f"node_modules/{name}" for name in ("graphiql", "react", "react-dom")}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_what_is_there_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(assets, "_fetch", Path.mkdir)
    first = ensure_assets(tmp_path, Console(quiet=True))
    monkeypatch.setattr(assets, "_fetch", pytest.fail)
    assert ensure_assets(tmp_path, Console(quiet=True)) == first


def test_without_a_network_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(AssetsUnavailable, match="LK_GRAPHIQL=false"):
        ensure_assets(tmp_path, Console(quiet=True))
    assert not list(tmp_path.glob("npm-*"))
