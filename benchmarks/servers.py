"""The compared servers, each started as in production, with one process on one core."""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import pinned

START_TIMEOUT = 60.0  # seconds until the first answer
UVICORN = ("--loop=uvloop", "--http=httptools", "--no-access-log", "--log-level=warning")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class ServerSpec:
    """A server; `command` and `environment` have the placeholders `{port}` and `{dsn}`."""

    name: str
    title: str
    command: tuple[str, ...]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class RunningServer:
    """A running server; `seconds` is the time from its start to the first answer."""

    server: ServerSpec
    pid: int
    port: int
    seconds: float

    @property
    def name(self) -> str:
        return self.server.name


class ServerNotReady(Exception):
    """A server doesn't answer; the message has the end of its log."""


OURS = {
    "LK_DATABASE_URL": "{dsn}",
    "LK_HOST": "127.0.0.1",
    "LK_PORT": "{port}",
    "LK_DATABASE_CONNECTIONS": "20",  # half of them read-only: ten, like the others
    "LK_SMTP_URL": "smtp://127.0.0.1:1",  # no operation here sends a mail
    "LK_PUBLIC_URL": "https://lk.example.com",
    # all limits are on; this one is high enough for the load of 2,000 customers
    "LK_COST_LIMIT": "1000000000",
    "LK_COST_REFILL_PER_SECOND": "1000000000",
}
PEERS = {"DATABASE": "{dsn}", "PORT": "{port}", "NODE_ENV": "production"}


def by_hand(name: str, title: str, app: str) -> ServerSpec:
    command = (sys.executable, "-m", "uvicorn", app, "--port={port}", *UVICORN)
    return ServerSpec(name, title, command, {"LK_DATABASE_URL": "{dsn}"})


LIMIT = by_hand("limit", "by hand", "benchmarks.limit:app")
DUTIES = by_hand("duties", "… with our duties", "benchmarks.duties:app")
LK = ServerSpec("lk", "lk_graphql", (sys.executable, "-m", "lk_graphql", "serve"), OURS)
CORE = ServerSpec(
    "core", "… without plans", (sys.executable, "-m", "benchmarks.core", "serve"), OURS
)
OWN = (LIMIT, DUTIES, LK, CORE)
MERCURIUS_DUTIES = "mercurius_duties"


def peers(node: Path) -> tuple[ServerSpec, ...]:
    scripts = {
        "mercurius": "Mercurius",
        MERCURIUS_DUTIES: "Mercurius with the same duties",
        "postgraphile": "PostGraphile",
    }
    folder = Path(__file__).parent / "peers"
    return tuple(
        ServerSpec(name, title, (str(node), str(folder / f"{name}.mjs")), PEERS)
        for name, title in scripts.items()
    )


@contextmanager
def running(
    server: ServerSpec, dsn: str, cores: frozenset[int], request: str
) -> Generator[RunningServer]:
    """Run a server, ready once it answers `request`; it logs to a file. Raises `ServerNotReady`."""
    port = free_port()
    command = [part.format(port=port, dsn=dsn) for part in server.command]
    variables = {name: text.format(port=port, dsn=dsn) for name, text in server.environment.items()}
    environment = os.environ | variables | {"LK_SECRET_KEY": secrets.token_hex(32)}
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        with pinned(cores):
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        try:
            while not _answers(port, request):
                if process.poll() is not None or time.perf_counter() > started + START_TIMEOUT:
                    log.seek(0)
                    raise ServerNotReady(f"{server.title}:\n{log.read().decode()[-2000:]}")
                time.sleep(0.01)
            yield RunningServer(server, process.pid, port, time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait()


def ask(port: int, request: str) -> object:
    """The `data` of the answer to an HTTP request. Raises OSError if it has errors."""
    head, _, body = request.partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    http_request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", body.encode(), headers
    )
    with urllib.request.urlopen(http_request, timeout=10) as answer:
        result = json.load(answer)
    if "errors" in result:
        raise OSError(f"Port {port} answers with errors: {result['errors'][:1]}")
    return result["data"]


def _answers(port: int, request: str) -> bool:
    try:
        return ask(port, request) is not None
    except OSError:
        return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
