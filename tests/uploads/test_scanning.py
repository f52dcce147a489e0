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
from lk_graphql.ports.scanner import ClamdScanner, ScannerUnavailable
from lk_graphql.uploads.models import Upload, UploadState
from lk_graphql.uploads.service import ingestion
from tests.factories.uploads import PDF, announced
from tests.support.client import ApiClient

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


async def serve_instream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer INSTREAM like clamd: a virus by signature, an error above a megabyte."""
    command = await reader.readuntil(b"\0")
    content = b""
    while length := int.from_bytes(await reader.readexactly(4)):
        content += await reader.readexactly(length)
    if command != b"zINSTREAM\0":
        writer.write(b"UNKNOWN COMMAND\0")
    elif len(content) > 1_000_000:
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
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


async def test_a_virus_is_named_and_nothing_else_is_one():
    async with clamd() as scanner:
        assert await scanner.scan(content(b"a", b"b" * 100_000)) is None
        assert await scanner.scan(content()) is None
        virus = await scanner.scan(content(EICAR[:9], EICAR[9:]))
        assert virus == "Eicar-Test-Signature"
        with pytest.raises(ScannerUnavailable):
            await scanner.scan(content(bytes(1_000_001)))


async def test_a_scanner_that_is_away_is_neither_yes_nor_no():
    with pytest.raises(ScannerUnavailable):
        await ClamdScanner("tcp://127.0.0.1:9").scan(content(b"a"))


@pytest.mark.parametrize("body", [PDF, PDF[:-6] + EICAR + PDF[-6:]])
async def test_a_file_waits_for_its_scan(api: ApiClient, anna: Viewer, body: bytes):
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
    is_clean = body == PDF
    assert scanned.state == (UploadState.READY if is_clean else UploadState.REFUSED)
    assert scanned.refusal == (None if is_clean else "VIRUS_FOUND")
    assert (await files.size(upload.path) is not None) == is_clean


def test_the_setting_chooses_the_scanner():
    assert build_scanner(settings.read(clamd_url="")) is None
    assert isinstance(build_scanner(settings.read(clamd_url="tcp://127.0.0.1:3310")), ClamdScanner)
    with pytest.raises(settings.InvalidSettings):
        build_scanner(settings.read(clamd_url="127.0.0.1"))
