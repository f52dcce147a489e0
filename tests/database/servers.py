"""Addresses of an embedded PostgreSQL: its socket, and ways to it by TLS or with a password."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

_TLS_REQUEST = bytes.fromhex("0000000804d2162f")
"""A client's question for TLS, in PostgreSQL's protocol."""


def socket_of(dsn: str) -> str:
    """The folder of the socket in the address of an embedded PostgreSQL."""
    return parse_qs(urlsplit(dsn).query)["host"][0]


@asynccontextmanager
async def behind_tls(socket: str, certificate: Path | None) -> AsyncGenerator[int]:
    """The port of a server in front of a socket; without a certificate it offers no TLS."""
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(8)
        if first == _TLS_REQUEST:
            writer.write(b"S" if context else b"N")
            await writer.drain()
            first = b""
            if context:
                await writer.start_tls(context)
        back_reader, back_writer = await asyncio.open_unix_connection(f"{socket}/.s.PGSQL.5432")
        back_writer.write(first)
        await asyncio.gather(_copy(reader, back_writer), _copy(back_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def require_password(connection: asyncpg.Connection, user: str) -> None:
    """Require SCRAM of one role."""
    file = Path(await connection.fetchval("SHOW hba_file"))
    file.write_text(f"local all {user} scram-sha-256\n" + file.read_text())  # noqa: ASYNC240
    await connection.execute("SELECT pg_reload_conf()")
