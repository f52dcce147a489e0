from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lk_graphql.app import FRONTEND_PAGES
from lk_graphql.demo import codes
from lk_graphql.demo.frontend import Frontend
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha import FixedCaptchas

PAGE = "<!doctype html><title>A frontend</title>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "icon.svg").write_text("<svg/>")
    (built / "assets" / "index-1a2b.js").write_text("1;" * 1000)
    (tmp_path / "secret").write_text("secret")
    return built


@pytest_asyncio.fixture
async def client(folder: Path) -> AsyncGenerator[httpx.AsyncClient]:
    async def of_api(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"API {request.url.path}")

    paths = ("/", "/activate", "/files/{name}", "/graphiql")
    api = Starlette(routes=[Route(path, of_api) for path in paths])
    transport = httpx.ASGITransport(Frontend(api, folder, {"/", "/activate"}))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/activate", "/bills/inv_1", "/nowhere"])
async def test_pages_are_the_frontends(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)

    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/files/a.pdf", "/graphiql"])
async def test_the_api_keeps_its_paths(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)

    assert answer.text == f"API {path}"


async def test_changes_go_to_the_api(client: httpx.AsyncClient):
    answer = await client.post("/nowhere")

    assert answer.status_code == 404


async def test_files_with_a_hash_are_cached_and_compressed(client: httpx.AsyncClient):
    script = await client.get("/assets/index-1a2b.js")
    icon = await client.get("/icon.svg")

    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.headers["content-encoding"] == "gzip"
    assert icon.headers["cache-control"] == "no-cache"
    assert icon.headers["content-type"] == "image/svg+xml"


async def test_a_file_that_its_build_compressed_is_sent_as_it_is(
    client: httpx.AsyncClient, folder: Path
):
    (folder / "index.html.br").write_bytes(b"brotli")

    async with client.stream("GET", "/bills", headers={"accept-encoding": "gzip, br"}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    plain = await client.get("/bills", headers={"accept-encoding": "gzip"})

    assert (body, answer.headers["content-encoding"]) == (b"brotli", "br")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert plain.text == PAGE


@pytest.mark.parametrize("path", ["/..%2fsecret", "//etc/passwd", "/assets/%2e%2e/%2e%2e/secret"])
async def test_no_file_outside_of_the_folder_is_served(client: httpx.AsyncClient, path: str):
    answer = await client.get(path)

    assert answer.text == PAGE


def test_a_folder_without_a_frontend_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match=r"has no index\.html: build the frontend first"):
        Frontend(Starlette(), tmp_path, ())


def test_a_frontend_replaces_customers_pages_only():
    assert sorted(FRONTEND_PAGES) == [
        "/",
        "/activate",
        "/confirm-email",
        "/payment",
        "/reset-password",
        "/undo-account-link",
        "/unsubscribe",
    ]


async def test_the_codes_of_captchas_are_listed_newest_first():
    captchas = codes.CaptchaRecorder(FixedCaptchas())
    await captchas.challenge(Language.RU)
    captchas.codes.appendleft("NEW34")
    transport = httpx.ASGITransport(Starlette(routes=codes.captcha_routes(captchas)))

    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get("/dev/captcha")

    assert answer.text == "NEW34\nKEPT7\n"
