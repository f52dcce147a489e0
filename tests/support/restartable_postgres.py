"""A PostgreSQL of a test's own, which it stops, starts and freezes."""

import os
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from urllib.parse import quote

from lk_graphql.demo.postgres import installation, locks, server


class RestartablePostgres:
    """A server on the data in `folder`; commits survive each kind of stop."""

    def __init__(self, folder: Path, lock: IO[str], guard: IO[bytes]) -> None:
        self._folder, self._lock, self._guard = folder, lock, guard
        self._owner = installation.owner_of(folder)
        server.create(folder, self._owner, durable=False)
        self._socket = server.socket_folder(folder, self._owner)
        self.dsn = f"postgresql://postgres@/postgres?host={quote(str(self._socket))}"
        self._frozen: list[int] = []
        self.start()

    def start(self) -> None:
        (self._folder / "postmaster.pid").unlink(missing_ok=True)
        self._process = server.start(
            self._folder, self._socket, self._owner, durable=True, running=self._lock.fileno()
        )
        self._guard.write(f"{self._process.pid}\n".encode())
        server.wait_until_ready(self._process, self._folder)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT is a fast shutdown, SIGQUIT an immediate one, like a crash."""
        self._process.send_signal(how)
        self._process.wait(60)

    def freeze(self) -> None:
        """Stop all its processes where they are, as a lost host or frozen storage does."""
        self._process.send_signal(signal.SIGSTOP)  # first, so that it starts no more
        self._frozen = [self._process.pid, *_children(self._process.pid)]
        self._signal_frozen(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_frozen(signal.SIGCONT)
        self._frozen = []

    def _signal_frozen(self, number: signal.Signals) -> None:
        for process in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(process, number)


@contextmanager
def restartable_postgres(folder: Path) -> Generator[RestartablePostgres]:
    """Run a server with empty data, and remove what runs in the end."""
    data = folder.resolve() / "postgres"
    with locks.none_running(data) as lock, server.guard([]) as guard:
        running = RestartablePostgres(data, lock, guard)
        try:
            yield running
        finally:
            running.thaw()
            running.stop()


def _children(parent: int) -> list[int]:
    table = subprocess.run(
        ["/bin/ps", "-axo", "pid=,ppid="], check=True, capture_output=True, text=True
    )
    rows = (line.split() for line in table.stdout.splitlines())
    return [int(process) for process, of in rows if int(of) == parent]
