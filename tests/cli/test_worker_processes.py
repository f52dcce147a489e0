"""`lk serve` with several processes, one of which dies, waits for PostgreSQL, or gets no CPU."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio

from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service.consents import publish
from tests.support.cli_process import LK, TIMEOUT, environment, lk, wait_for
from tests.support.sandbox_acquirer import free_port

WAITS = "server.database_unavailable"
STARTED = "Started server process ["


@pytest_asyncio.fixture
async def sockets(database: str, tmp_path: Path) -> Path:
    """A link to the folder of PostgreSQL's socket: without it, the database is away."""
    await publish(demo_documents())
    link = tmp_path / "sockets"
    link.symlink_to(parse_qs(urlsplit(database).query)["host"][0])
    return link


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def serving(
    database: str, sockets: Path, log: Path
) -> Generator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of a server with two processes."""
    port = free_port()
    settings = environment(
        LK_DATABASE_URL=database.partition("?")[0] + f"?host={sockets}",
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="http://127.0.0.1",
        LK_PORT=str(port),
        LK_WORKERS="2",
    )
    with log.open("w") as output:
        process = subprocess.Popen(
            [*LK, "serve"], cwd=log.parent, env=settings, stdout=output, stderr=output, text=True
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, lambda: process.poll() is None)
        yield url, process
    finally:
        process.terminate()
        process.wait()


@pytest.mark.usefixtures("sockets")
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LK_SMTP_URL", "smtp://mail.example.com/587"),
        ("LK_FILES_URL", "s3://127.0.0.1/bucket"),
        ("LK_CLAMD_URL", "127.0.0.1:3310"),
        ("LK_TRUSTED_DOCUMENTS", "/missing/documents.json"),
    ],
)
def test_a_wrong_setting_is_a_sentence_with_any_number_of_processes(
    database: str, variable: str, value: str, workers: str
):
    settings = {
        "LK_DATABASE_URL": database,
        "LK_SMTP_URL": "smtp://127.0.0.1:1",
        "LK_SECRET_KEY": "k" * 32,
        "LK_PUBLIC_URL": "http://127.0.0.1",
        "LK_PORT": str(free_port()),
        "LK_WORKERS": workers,
    }

    done = lk("serve", **settings | {variable: value})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"{variable}: ")
    assert done.stderr.count("\n") == 1


def test_a_process_that_is_replaced_during_an_outage_waits_for_the_database(
    serving: tuple[str, subprocess.Popen[str]], sockets: Path, log: Path
):
    url, process = serving
    folder = sockets.readlink()

    replace_a_process_without_database(sockets, log)
    sockets.symlink_to(folder)
    wait_until(lambda: log.read_text().count("Application startup complete") >= 3)

    assert process.poll() is None
    assert httpx.get(f"{url}/readyz").status_code == 200


def test_a_server_that_waits_for_the_database_ends_at_sigterm(
    serving: tuple[str, subprocess.Popen[str]], sockets: Path, log: Path
):
    _, process = serving

    replace_a_process_without_database(sockets, log)
    process.terminate()

    assert process.wait(TIMEOUT) == 1


def test_a_process_that_gets_no_cpu_for_a_while_is_not_replaced(
    serving: tuple[str, subprocess.Popen[str]], log: Path
):
    url, _ = serving
    victim = first_process(log)

    os.kill(victim, signal.SIGSTOP)
    time.sleep(7)  # uvicorn's own limit is five seconds
    os.kill(victim, signal.SIGCONT)

    assert httpx.get(f"{url}/readyz").status_code == 200
    assert f"Child process [{victim}] died" not in log.read_text()


def replace_a_process_without_database(sockets: Path, log: Path) -> None:
    """Kill a process of the server, and wait until the one in its place waits, too."""
    victim = first_process(log)
    sockets.unlink()
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: WAITS in log.read_text())


def first_process(log: Path) -> int:
    return int(log.read_text().split(STARTED)[1].split("]")[0])


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
