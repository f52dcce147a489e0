"""Downloads: conditional requests, ranges, and file names in any alphabet."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from hashlib import sha256
from urllib.parse import unquote

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_graphql.api.downloads import Download, disposition, download, download_unstored
from lk_graphql.ports.files import in_memory

CONTENT = b"0123456789" * 200_000
DIGEST = sha256(CONTENT).hexdigest()
SIZE = len(CONTENT)


async def single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content


@pytest_asyncio.fixture
async def http() -> AsyncGenerator[httpx.AsyncClient]:
    files = in_memory()
    await files.put("kept", single_chunk(CONTENT))
    await files.put("empty", single_chunk(b""))

    async def endpoint(request: Request) -> Response:
        stored = Download(request.path_params["path"], "bill.pdf", "application/pdf", DIGEST)
        return await download(request, files, stored)

    app = Starlette(routes=[Route("/{path}", endpoint)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="https://lk.example") as client:
        yield client


async def test_a_download_is_a_complete_attachment_that_is_revalidated(
    http: httpx.AsyncClient,
):
    response = await http.get("/kept")
    assert (response.status_code, response.content) == (200, CONTENT)
    assert dict(response.headers) == {
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": 'attachment; filename="bill.pdf"',
        "content-length": str(SIZE),
        "content-security-policy": (
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
        ),
        "content-type": "application/pdf",
        "etag": f'"{DIGEST}"',
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }


@pytest.mark.parametrize(
    ("media_type", "kind", "sandbox"),
    [
        ("application/pdf", "inline", ""),
        ("image/jpeg", "inline", "; sandbox"),
        ("image/png", "inline", "; sandbox"),
        ("text/csv", "attachment", "; sandbox"),
        ("text/html", "attachment", "; sandbox"),
        ("image/svg+xml", "attachment", "; sandbox"),
        ("application/zip", "attachment", "; sandbox"),
    ],
)
async def test_pages_of_ours_may_preview_pictures_and_pdf(media_type: str, kind: str, sandbox: str):
    async def endpoint(request: Request) -> Response:
        described = Download("path", "счёт.pdf", media_type, DIGEST)
        framed_by = "'self' https://app.example"
        return download_unstored(request, b"%PDF", described, framed_by=framed_by)

    transport = httpx.ASGITransport(Starlette(routes=[Route("/file", endpoint)]))
    async with httpx.AsyncClient(transport=transport, base_url="https://lk.example") as client:
        preview = (await client.get("/file?disposition=inline")).headers
        saved = (await client.get("/file?disposition=other")).headers

    policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'self' https://app.example"
    assert preview["content-disposition"].startswith(f"{kind}; filename=")
    assert preview["content-security-policy"] == policy + sandbox
    assert preview["x-frame-options"] == "SAMEORIGIN"
    assert preview["content-type"].partition(";")[0] == media_type
    assert saved["content-disposition"].startswith("attachment; ")
    assert saved["content-security-policy"] == f"{policy}; sandbox"


@pytest.mark.parametrize("range_", ["", "bytes=0-9"])
async def test_a_head_request_has_the_headers_of_a_get_and_no_body(
    http: httpx.AsyncClient, range_: str
):
    response = await http.head("/kept", headers={"range": range_})
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(SIZE)
    assert response.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("etags", [f'"{DIGEST}"', f'W/"{DIGEST}"', f'"other", "{DIGEST}"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_matching_etag_gets_a_304(http: httpx.AsyncClient, etags: str, method: str):
    headers = {"if-none-match": etags, "range": "bytes=0-9"}
    response = await http.request(method, "/kept", headers=headers)
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == f'"{DIGEST}"'
    assert response.headers["cache-control"] == "private, no-cache"


async def test_another_version_is_sent(http: httpx.AsyncClient):
    assert (await http.get("/kept", headers={"if-none-match": '"other"'})).status_code == 200


@pytest.mark.parametrize(
    ("range_", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-1500000", 5, 1_500_001),
        ("bytes=1999990-", 1_999_990, SIZE),
        ("bytes=1999999-99999999", 1_999_999, SIZE),
        ("bytes=-5", SIZE - 5, SIZE),
        ("bytes=-99999999", 0, SIZE),
    ],
)
async def test_a_range_is_a_part(http: httpx.AsyncClient, range_: str, start: int, end: int):
    response = await http.get("/kept", headers={"range": range_})
    if (start, end) == (0, SIZE):
        assert response.status_code == 200
        assert "content-range" not in response.headers
    else:
        assert response.status_code == 206
        assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response.headers["content-length"] == str(end - start)
    assert response.content == CONTENT[start:end]


@pytest.mark.parametrize(
    "range_",
    ["bytes=0-1,5-6", "bytes=9-5", "bytes=-", "lines=1-2", "bytes=a-b", f"bytes=0-{'9' * 40}"],
)
async def test_other_range_headers_get_the_complete_file(http: httpx.AsyncClient, range_: str):
    response = await http.get("/kept", headers={"range": range_})
    assert (response.status_code, len(response.content)) == (200, SIZE)


@pytest.mark.parametrize(
    ("path", "range_"),
    [
        ("/kept", "bytes=2000000-"),
        ("/kept", "bytes=-0"),
        ("/empty", "bytes=0-"),
        ("/empty", "bytes=-1"),
    ],
)
async def test_a_range_past_the_end_is_refused(http: httpx.AsyncClient, path: str, range_: str):
    response = await http.get(path, headers={"range": range_})
    assert (response.status_code, response.content) == (416, b"")
    size = SIZE if path == "/kept" else 0
    assert response.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    ("if_range", "status"),
    [
        (f'"{DIGEST}"', 206),
        (f'W/"{DIGEST}"', 200),
        ('"other"', 200),
        ("Sun, 22 Nov 2026 10:00:00 GMT", 200),
    ],
)
async def test_a_part_of_another_version_is_no_use(
    http: httpx.AsyncClient, if_range: str, status: int
):
    response = await http.get("/kept", headers={"range": "bytes=0-9", "if-range": if_range})
    assert response.status_code == status


async def test_an_empty_file_is_served_and_a_missing_one_is_a_404(http: httpx.AsyncClient):
    empty = await http.get("/empty")
    assert (empty.status_code, empty.headers["content-length"]) == (200, "0")
    assert (await http.get("/missing")).status_code == 404


@pytest.mark.parametrize(
    ("name", "plain", "exact"),
    [
        ("счёт 10.pdf", "____ 10.pdf", "%D1%81%D1%87%D1%91%D1%82%2010.pdf"),
        ('a"b\\c.pdf', "a_b_c.pdf", "a%22b%5Cc.pdf"),
        ("100%.pdf", "100_.pdf", "100%25.pdf"),
        ("a\r\nSet-Cookie: x", "a__Set-Cookie_ x", "a%0D%0ASet-Cookie%3A%20x"),
        ("half \ud83d", "half _", "half%20%3F"),
    ],
)
def test_a_file_name_has_a_plain_and_an_exact_form(name: str, plain: str, exact: str):
    assert disposition(name) == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}"


@given(st.text(min_size=1))
def test_any_name_comes_back_and_breaks_no_header(name: str):
    header = disposition(name)
    assert header.isascii()
    assert header.isprintable()
    match = re.fullmatch(
        r'attachment; filename="([^"\\\\%]*)"(?:; filename\*=UTF-8\'\'(\S+))?', header
    )
    assert match is not None
    plain, exact = match.groups()
    assert (plain if exact is None else unquote(exact, errors="strict")) == name
