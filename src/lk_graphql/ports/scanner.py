"""Scans files for viruses by ClamAV's daemon at `LK_CLAMD_URL`, such as `tcp://127.0.0.1:3310`.

Of clamd's protocol only INSTREAM is used: chunks of a file, each after its length.
"""

import asyncio
from collections.abc import AsyncIterable
from typing import Protocol
from urllib.parse import urlsplit

from lk_graphql.ports.service_calls import service_call

_TIMEOUT_SECONDS = 120
_MAX_REPLY = 1024


class ScannerUnavailable(Exception):
    """No clear reply of the scanner; a retry may succeed."""


class Scanner(Protocol):
    """Scans files."""

    async def scan(self, content: AsyncIterable[bytes]) -> str | None:
        """The virus's name, or None. Raises `ScannerUnavailable`."""
        ...


class ClamdScanner:
    """clamd, with a new connection for each file."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for a URL that is not `tcp://host:port`."""
        address = urlsplit(url)
        if address.scheme != "tcp" or not address.hostname or address.port is None:
            raise ValueError("A scanner's address looks like tcp://127.0.0.1:3310")
        self._host, self._port = address.hostname, address.port

    async def scan(self, content: AsyncIterable[bytes]) -> str | None:
        with service_call("clamd", "scan"):
            return await self._scan(content)

    async def _scan(self, content: AsyncIterable[bytes]) -> str | None:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                reply = await self._instream(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as outage:
            raise ScannerUnavailable(type(outage).__name__) from None
        match reply.removeprefix("stream: ").rpartition(" "):
            case ("", _, "OK"):
                return None
            case (virus, _, "FOUND"):
                return virus
            case _:
                raise ScannerUnavailable("clamd could not scan it")

    async def _instream(self, content: AsyncIterable[bytes]) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            async for chunk in content:
                writer.write(len(chunk).to_bytes(4) + chunk)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            reply = await reader.readuntil(b"\0")
        finally:
            writer.close()
        return reply[:_MAX_REPLY].rstrip(b"\0").decode(errors="replace")
