"""A primary with a standby, and a server behind TLS or a password, as real processes."""

import asyncio
import os
import ssl
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import asyncpg

from lk_graphql.demo.postgres.installation import PROGRAMS
from lk_graphql.demo.postgres.restartable import RestartablePostgres, restartable_postgres

_TLS_REQUEST = bytes.fromhex("0000000804d2162f")
"""A client's question for TLS, in PostgreSQL's protocol."""


def socket_of(dsn: str) -> str:
    """The folder of the socket in the address of an embedded PostgreSQL."""
    return parse_qs(urlsplit(dsn).query)["host"][0]


@contextmanager
def standby_of(primary: str) -> Generator[RestartablePostgres]:
    """A running hot standby, a copy of the embedded PostgreSQL with this address."""
    with TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap:
        Path(scrap).chmod(0o755)
        folder, source = Path(scrap, "standby"), socket_of(primary)
        copy = [PROGRAMS / "pg_basebackup", "-D", folder, "-R", "-h", source, "-U", "postgres"]
        copy.append("--checkpoint=fast")
        subprocess.run(copy, check=True, env={"LC_ALL": "C"})
        owner = Path(source).stat()
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        with restartable_postgres(folder) as standby:
            yield standby


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
