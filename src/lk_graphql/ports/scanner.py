"""Scans files for viruses by ClamAV's daemon at `LK_CLAMD_URL`, such as `tcp://127.0.0.1:3310`.

Of clamd's protocol only INSTREAM is used: chunks of a file, each after its length.
"""

import asyncio
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.service_calls import service_call

_TIMEOUT_SECONDS = 120
_MAX_REPLY = 1024
_TOO_LARGE = "size limit exceeded"


class ScannerUnavailable(Exception):
    """No clear reply of the scanner; a retry may succeed."""


class TooLargeToScan(PermanentError):
    """The file is larger than the scanner's limit, `StreamMaxLength` of clamd.conf."""


class Scanner(Protocol):
    """Scans files."""

    async def scan(self, content: AsyncIterable[bytes]) -> str | None:
        """The virus's name, or None. Raises `ScannerUnavailable` and `TooLargeToScan`."""
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
            case _ if _TOO_LARGE in reply:
                raise TooLargeToScan
            case _:
                raise ScannerUnavailable("clamd could not scan it")

    async def _instream(self, content: AsyncIterable[bytes]) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        # read while writing: clamd refuses a file before its end, and closes the connection
        reply = asyncio.create_task(reader.readuntil(b"\0"))
        try:
            writer.write(b"zINSTREAM\0")
            with suppress(ConnectionError):  # the reply, or its absence, says more
                async for chunk in content:
                    if reply.done():
                        break
                    writer.write(len(chunk).to_bytes(4) + chunk)
                    await writer.drain()
                    await asyncio.sleep(0)  # for the reply, as drain() may return at once
                writer.write(bytes(4))
                await writer.drain()
            text = await reply
        finally:
            reply.cancel()
            writer.close()
        return text[:_MAX_REPLY].rstrip(b"\0").decode(errors="replace")
