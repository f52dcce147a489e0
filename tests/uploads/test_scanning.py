"""Quarantine until the virus scan, with a small server that implements the clamd protocol."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lk_graphql import settings
from lk_graphql.app import build_scanner
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.scanner import ClamdScanner, ScannerUnavailable, TooLargeToScan
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service import ingestion
from tests.factories.uploads import PDF, announced
from tests.support.client import ApiClient

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


async def serve_instream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer INSTREAM like clamd: a virus by signature, and a refusal of more than a megabyte.

    After the refusal the rest isn't read, so the connection is reset while the client writes.
    """
    command = await reader.readuntil(b"\0")
    content = b""
    while length := int.from_bytes(await reader.readexactly(4)):
        if len(content) + length > 1_000_000:
            writer.write(b"INSTREAM size limit exceeded. ERROR\0")
            await writer.drain()
            writer.close()
            return
        content += await reader.readexactly(length)
    if command != b"zINSTREAM\0":
        writer.write(b"UNKNOWN COMMAND\0")
    elif EICAR in content:
        writer.write(b"stream: Eicar-Test-Signature FOUND\0")
    else:
        writer.write(b"stream: OK\0")
    await writer.drain()
    writer.close()


@asynccontextmanager
async def clamd() -> AsyncGenerator[ClamdScanner]:
    server = await asyncio.start_server(serve_instream, "127.0.0.1", 0)
    async with server:
        yield ClamdScanner(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def content(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def test_a_virus_is_reported_with_its_name_and_a_clean_file_is_not():
    async with clamd() as scanner:
        assert await scanner.scan(content(b"a", b"b" * 100_000)) is None
        assert await scanner.scan(content()) is None
        virus = await scanner.scan(content(EICAR[:9], EICAR[9:]))
        assert virus == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "chunks",
    [[bytes(1_000_001)], [bytes(1_000_000), b"b"], [bytes(1024 * 1024)] * 50, [bytes(50_000)] * 99],
    ids=["one chunk", "a last byte", "large chunks", "small chunks"],
)
async def test_a_file_above_the_scanner_s_limit_is_too_large(chunks: list[bytes]):
    async with clamd() as scanner:
        with pytest.raises(TooLargeToScan):
            await scanner.scan(content(*chunks))


async def test_a_scanner_that_closes_without_a_reply_is_unavailable():
    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(close, "127.0.0.1", 0)
    async with server:
        address = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(ScannerUnavailable):
            await ClamdScanner(address).scan(content(*[bytes(1024 * 1024)] * 50))


async def test_an_unreachable_scanner_is_unavailable():
    with pytest.raises(ScannerUnavailable):
        await ClamdScanner("tcp://127.0.0.1:9").scan(content(b"a"))


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (PDF, None),
        (PDF[:-6] + EICAR + PDF[-6:], "VIRUS_FOUND"),
        (PDF[:-6] + bytes(2_000_000) + PDF[-6:], "SIZE_INVALID"),
    ],
    ids=["clean", "a virus", "too large for the scanner"],
)
async def test_a_file_waits_for_its_scan(
    api: ApiClient, anna: Viewer, body: bytes, refusal: str | None
):
    token, files = await api.signed_in(anna), api.state.ports.files
    payload = await announced(api, token, "a.pdf", "application/pdf", len(body))
    ports = replace(api.state.ports, scanner=ClamdScanner("tcp://127.0.0.1:9"))
    token_of_url = payload["url"].rpartition("/")[2]
    await ingestion.receive(token_of_url, content(body), ports=ports, now=datetime.now(UTC))
    key = key_of(payload["upload"]["id"])
    assert key is not None
    upload = await Upload.get(id=key)
    assert upload.state == UploadState.SCANNING
    response = await api.post("{ viewer { uploads { state downloadUrl } } }", token)
    assert response["data"]["viewer"]["uploads"] == [{"state": "SCANNING", "downloadUrl": None}]
    async with clamd() as scanner:
        for _ in range(2):  # a job may run twice
            await ingestion.scan(key, files=files, scanner=scanner)
    scanned = await Upload.get(id=key)
    assert scanned.state == (UploadState.REFUSED if refusal else UploadState.READY)
    assert scanned.refusal == refusal
    assert (await files.size(upload.path) is None) == bool(refusal)


async def test_a_file_above_the_scanner_s_limit_has_a_message(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    await announced(api, token, "a.pdf", "application/pdf", 5)
    await Upload.all().update(state=UploadState.REFUSED, refusal="SIZE_INVALID")
    response = await api.post("{ viewer { uploads { refusal refusalMessage } } }", token)
    assert response["data"]["viewer"]["uploads"] == [
        {
            "refusal": "SIZE_INVALID",
            "refusalMessage": "Файл слишком велик для проверки на вирусы. Уменьшите фото или"
            " разделите документ на части.",
        }
    ]


def test_the_setting_chooses_the_scanner():
    assert build_scanner(settings.read(clamd_url="")) is None
    assert isinstance(build_scanner(settings.read(clamd_url="tcp://127.0.0.1:3310")), ClamdScanner)
    with pytest.raises(settings.InvalidSettings):
        build_scanner(settings.read(clamd_url="127.0.0.1"))
