"""Looking for viruses by ClamAV's daemon: `LK_CLAMD_URL`, like `tcp://127.0.0.1:3310`.

Of clamd's protocol only INSTREAM is spoken: pieces of a file, each after its length.
"""

import asyncio
from collections.abc import AsyncIterable
from typing import Protocol
from urllib.parse import urlsplit

_SECONDS = 120
_LONGEST_REPLY = 1024


class ScannerUnavailable(Exception):
    """The scanner didn't answer, or not with yes or no; later it may."""


class Scanner(Protocol):
    """Says what is bad about a file."""

    async def scan(self, content: AsyncIterable[bytes]) -> str | None:
        """The virus's name, or None. Raises `ScannerUnavailable`."""
        ...


class ClamdScanner:
    """A connection for each file."""

    def __init__(self, url: str) -> None:
        """Raises ValueError for what isn't `tcp://host:port`."""
        address = urlsplit(url)
        if address.scheme != "tcp" or not address.hostname or address.port is None:
            raise ValueError("A scanner's address looks like tcp://127.0.0.1:3310")
        self._host, self._port = address.hostname, address.port

    async def scan(self, content: AsyncIterable[bytes]) -> str | None:
        try:
            async with asyncio.timeout(_SECONDS):
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
            async for piece in content:
                writer.write(len(piece).to_bytes(4) + piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            reply = await reader.readuntil(b"\0")
        finally:
            writer.close()
        return reply[:_LONGEST_REPLY].rstrip(b"\0").decode(errors="replace")
