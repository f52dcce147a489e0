"""Stand-ins for the mail server, SMS gateway, acquirer, virus scanner and object store."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator, Generator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass
from email import message_from_bytes, policy
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
from aiosmtpd.controller import Controller
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from benchmarks.faults.gates import Gate, free_port, gate_to
from benchmarks.faults.system import Program, running
from lk_graphql.cli.sandbox import SECRET, SHOP
from lk_graphql.server import ServerOptions, serve_in_thread

BUCKET = "faults"
_HTTP_PAGE = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 17\r\n"
    b"connection: close\r\n\r\n<h1>It works</h1>"
)
_HTTP_ERROR = b"HTTP/1.1 500 Oops\r\ncontent-length: 4\r\nconnection: close\r\n\r\noops"
_GARBAGE = b"\x00\xff\x13\x37 not a protocol \r\n\r\n"


class Service(StrEnum):
    """An outside service."""

    SMTP = "smtp"
    SMS = "sms"
    ACQUIRER = "acquirer"
    CLAMD = "clamd"
    S3 = "s3"


_NONSENSE = {
    Service.SMTP: [_GARBAGE, b"421 try later\r\n", b"554 no service\r\n"],
    Service.SMS: [_HTTP_PAGE, _HTTP_ERROR, _GARBAGE],
    Service.ACQUIRER: [_HTTP_PAGE, _HTTP_ERROR, _GARBAGE],
    Service.CLAMD: [_GARBAGE, b"stream: nonsense\0"],
    Service.S3: [_HTTP_ERROR, _GARBAGE],
}


@dataclass(frozen=True)
class SentMessage:
    """A mail or an SMS that was accepted; equal messages have the same `digest`."""

    to: str
    id: str
    digest: str


class Outbox:
    """The accepted messages, kept in an append-only file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        lines = file.read_text().splitlines() if file.exists() else ()
        self.messages = [SentMessage(**json.loads(line)) for line in lines]

    def add(self, to: str, message_id: str, content: bytes) -> None:
        message = SentMessage(to, message_id, sha256(content).hexdigest())
        self.messages.append(message)
        with self._file.open("a") as file:
            file.write(json.dumps(asdict(message)) + "\n")


@dataclass(frozen=True)
class Services:
    """The gates of all services, and what they have accepted."""

    gates: Mapping[Service, Gate]
    mails: Outbox
    texts: Outbox
    acquirer_books: Path
    store: "ObjectStore"

    @property
    def settings(self) -> dict[str, str]:
        """The environment variables of `lk` that lead to the gates."""
        port = {service: gate.port for service, gate in self.gates.items()}
        return {
            "LK_SMTP_URL": f"smtp://127.0.0.1:{port[Service.SMTP]}?timeout=5",
            "LK_SMSC_URL": f"http://127.0.0.1:{port[Service.SMS]}",
            "LK_SMSC_LOGIN": "faults",
            "LK_SMSC_PASSWORD": "faults",
            "LK_ACQUIRER_URL": f"http://127.0.0.1:{port[Service.ACQUIRER]}/v3",
            "LK_ACQUIRER_SHOP": SHOP,
            "LK_ACQUIRER_SECRET": SECRET,
            "LK_CLAMD_URL": f"tcp://127.0.0.1:{port[Service.CLAMD]}",
            "LK_FILES_URL": _store_url(port[Service.S3]),
        }


@asynccontextmanager
async def running_services(folder: Path, api_port: int) -> AsyncGenerator[Services]:
    """All services, with the acquirer's callbacks to the API on `api_port`."""
    mails, texts = Outbox(folder / "mails.jsonl"), Outbox(folder / "texts.jsonl")
    books = folder / "acquirer.sqlite"
    async with AsyncExitStack() as stack:
        acquirer = stack.enter_context(_acquirer(books, folder, api_port))
        store = stack.enter_context(_object_store(folder))
        await store.wait_until_served()
        ports = {
            Service.SMTP: stack.enter_context(_mail_server(mails)),
            Service.SMS: stack.enter_context(_sms_gateway(texts)),
            Service.ACQUIRER: acquirer,
            Service.CLAMD: await stack.enter_async_context(_virus_scanner()),
            Service.S3: store.port,
        }
        await _wait_until_served(acquirer)
        gates = {
            service: await stack.enter_async_context(gate_to(port, _NONSENSE[service]))
            for service, port in ports.items()
        }
        yield Services(gates, mails, texts, books, store)


def _store_url(port: int) -> str:
    return f"s3+http://key:secret@127.0.0.1:{port}/{BUCKET}"


class _MailHandler:
    """aiosmtpd calls `handle_DATA`; the mail is recorded before it is acknowledged."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        text = mail.get_body(("plain",))
        content = f"{mail['Subject']}\n{text.get_content() if text else ''}"
        self._outbox.add(envelope.rcpt_tos[0], str(mail["Message-ID"]), content.encode())
        return "250 OK"


@contextmanager
def _mail_server(outbox: Outbox) -> Generator[int]:
    server = Controller(_MailHandler(outbox), "127.0.0.1", port := free_port())
    server.start()
    try:
        yield port
    finally:
        server.stop()


@contextmanager
def _sms_gateway(outbox: Outbox) -> Generator[int]:
    """SMSC's interface: `send` accepts, `status` knows what was accepted."""

    async def answer(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        if request.path_params["script"] == "send":
            outbox.add(form["phones"], form["id"], form["mes"].encode())
            return JSONResponse({"id": form["id"], "cnt": 1})
        is_accepted = any(message.id == form["id"] for message in outbox.messages)
        return JSONResponse({"status": 1} if is_accepted else {"error": "none", "error_code": 3})

    app = Starlette(routes=[Route("/sys/{script}.php", answer, methods=["POST"])])
    with serve_in_thread(app, ServerOptions("127.0.0.1", port := free_port())):
        yield port


@contextmanager
def _acquirer(books: Path, folder: Path, api_port: int) -> Generator[int]:
    port = free_port()
    command = (sys.executable, "-m", "lk_graphql", "sandbox-acquirer", f"--port={port}")
    callbacks = f"--callback-url=http://127.0.0.1:{api_port}/webhooks/acquirer"
    words = (*command, callbacks, f"--books={books}")
    with running(Program(words, folder / "acquirer.log", dict(os.environ))):
        yield port


@dataclass(frozen=True)
class ObjectStore:
    """moto, with one bucket. It keeps objects in memory, and its requests in a file (`journal`).

    A request is in the file before it is executed, so what was acknowledged outlives a kill.
    """

    program: Program
    port: int
    journal: Path

    @property
    def url(self) -> str:
        """Its address without the gate."""
        return _store_url(self.port)

    async def wait_until_served(self) -> None:
        """Wait until it listens, and make the bucket."""
        await _wait_until_served(self.port)
        await self._request("PUT", BUCKET)

    async def recover(self) -> None:
        """Start it after a kill, and execute the changes of its journal again."""
        self.program.start()
        await _wait_until_served(self.port)
        self.journal.write_text("".join(_changes(self.journal.read_text())))
        await self._request("POST", "moto-api/recorder/replay-recording")

    async def _request(self, method: str, path: str) -> None:
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http:
            answer = await http.request(method, f"http://127.0.0.1:{self.port}/{path}")
        answer.raise_for_status()


def _changes(journal: str) -> Iterator[str]:
    """The lines of a journal, without reads and without one that a kill has cut off.

    moto's threads write an object and its line break apart, so two objects may share a line.
    """
    for line in journal.replace("}{", "}\n{").splitlines():
        with suppress(ValueError):
            if json.loads(line)["method"] not in {"GET", "HEAD"}:
                yield f"{line}\n"


@contextmanager
def _object_store(folder: Path) -> Generator[ObjectStore]:
    port, journal = free_port(), folder / "moto.requests"
    words = (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port))
    recording = {"MOTO_ENABLE_RECORDING": "yes", "MOTO_RECORDER_FILEPATH": str(journal)}
    with running(Program(words, folder / "moto.log", {**os.environ, **recording})) as program:
        yield ObjectStore(program, port, journal)


@asynccontextmanager
async def _virus_scanner() -> AsyncGenerator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\0")
            while size := int.from_bytes(await reader.readexactly(4)):
                await reader.readexactly(size)
            writer.write(b"stream: OK\0")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _wait_until_served(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
