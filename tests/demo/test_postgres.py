"""The embedded PostgreSQL stops with its parent, also when that is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from lk_graphql.demo.postgres import PostgresFailed, embedded, erase, temporary

# a program that a shell starts in the background ignores SIGINT, and so do its children
PARENT = """
import signal, sys, time
from pathlib import Path
from lk_graphql.demo.postgres import embedded, temporary

signal.signal(signal.SIGINT, signal.default_int_handler)
with embedded(Path(sys.argv[1])) if len(sys.argv) > 1 else temporary() as dsn:
    print(dsn, flush=True)
    time.sleep(60)
"""


def ask(dsn: str, *statements: str) -> object:
    """The value of the last statement."""

    async def run() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(run())


def start_parent(*folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A sleeping process with a server, and the server's DSN."""
    command = [sys.executable, "-c", PARENT, *map(str, folder)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    return parent, parent.stdout.readline().strip()


def end(parent: subprocess.Popen[str], number: signal.Signals) -> None:
    parent.send_signal(number)
    parent.communicate()


def soon(fact: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 15
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.02)
    return fact()


def is_gone(pid: int) -> bool:
    """Whether a process has ended; without an init process it may stay a zombie."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def server_of(folder: Path) -> int:
    return int((folder / "postmaster.pid").read_text().split()[0])


def guards_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if Path(f"/proc/{pid}/comm").read_text() == "sh\n"]


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A database cluster to copy, because creating one takes as long as ten starts."""
    with TemporaryDirectory(prefix="lk-") as folder:
        with embedded(Path(folder, "data")):
            pass
        yield Path(folder, "data")


@pytest.fixture
def data(made: Path, server_folder: Path) -> Path:
    """A copy of the cluster, owned by the server's account."""
    subprocess.run(["cp", "-a", made, server_folder], check=True)
    return server_folder / "data"


def test_a_temporary_server_leaves_no_files():
    with temporary() as dsn:
        folder = Path(dsn.partition("host=")[2])
        server = server_of(folder)
        assert ask(dsn, "SELECT upper('жук')") == "ЖУК"
    assert is_gone(server)
    assert not folder.parent.exists()


def test_data_stays_for_the_next_start(server_folder: Path):
    with embedded(server_folder / "data") as dsn:
        ask(dsn, "CREATE TABLE bill AS SELECT 42 AS total")
    with embedded(server_folder / "data") as dsn:
        assert ask(dsn, "SELECT total FROM bill") == 42


def test_a_second_start_on_the_same_folder_is_refused(data: Path):
    refusal = f"Process {os.getpid()} is using {data}. Stop it first."
    with embedded(data) as dsn:
        with pytest.raises(PostgresFailed, match=refusal), embedded(data):
            pass
        assert ask(dsn, "SELECT 1") == 1


def test_erasing_is_refused_while_the_server_runs(data: Path):
    with embedded(data) as dsn:
        ask(dsn, "CREATE TABLE bill ()")
        with pytest.raises(PostgresFailed, match="Stop it first"):
            erase(data)
    erase(data)
    with embedded(data) as dsn:
        assert ask(dsn, "SELECT to_regclass('bill')") is None


def test_a_path_too_long_for_a_socket_is_replaced(server_folder: Path):
    with embedded(server_folder / ("long" * 30)) as dsn:
        socket = Path(dsn.partition("host=")[2])
        assert ask(dsn, "SELECT 1") == 1
    assert not socket.exists()


def test_a_failed_start_has_the_message_of_postgresql(data: Path):
    (data / "postgresql.conf").write_text("max_connections = many")
    with pytest.raises(PostgresFailed, match='invalid value for parameter "max_connections"'):
        embedded(data).__enter__()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_server_survives_its_parent(number: signal.Signals):
    parent, dsn = start_parent()
    folder = Path(dsn.partition("host=")[2])
    server = server_of(folder)
    end(parent, number)
    assert soon(lambda: is_gone(server))
    assert soon(lambda: not folder.parent.exists())


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the guard in /proc")
def test_a_server_whose_guard_was_killed_is_replaced(data: Path):
    parent, dsn = start_parent(data)
    ask(dsn, "CREATE TABLE bill AS SELECT 42 AS total")
    server = server_of(data)
    for guard in guards_of(parent.pid):
        os.kill(guard, signal.SIGKILL)
    end(parent, signal.SIGKILL)
    assert not is_gone(server)
    with embedded(data) as dsn:
        assert is_gone(server)
        assert ask(dsn, "SELECT total FROM bill") == 42


def test_a_pid_file_of_another_process_is_ignored(data: Path):
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n\n\nready\n")
    with embedded(data) as dsn:
        assert ask(dsn, "SELECT 1") == 1
