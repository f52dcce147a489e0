"""Locks of a data folder: one of the parent process, and one of the server.

They are used because the process id in postmaster.pid may belong to another process after a crash
or in a restarted container. The kernel releases the locks of a dead process.
"""

import fcntl
import os
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from lk_graphql.demo.postgres.installation import PostgresFailed

GUARD_SECONDS = 1.0  # for the guard of a dead parent, which may be stopping the server
TIMEOUT = 60.0


@contextmanager
def exclusive(folder: Path) -> Generator[None]:
    """Hold the parent's lock of a folder. Raises `PostgresFailed` if another process has it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("a+") as lock:
        if not _acquire(lock):
            lock.seek(0)
            owner = lock.read() or "(unknown)"
            raise PostgresFailed(f"Process {owner} is using {folder}. Stop it first.")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def none_running(folder: Path) -> Generator[IO[str]]:
    """Stop a server that outlived its parent; yield the lock for the new server to hold."""
    with folder.with_name(f"{folder.name}.running").open("a+") as lock:
        pid_file = folder / "postmaster.pid"
        if not _acquire(lock, timeout=GUARD_SECONDS) and pid_file.exists():
            with suppress(ProcessLookupError):
                os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
        if not _acquire(lock, timeout=TIMEOUT):
            raise PostgresFailed(f"A PostgreSQL on {folder} doesn't stop; see {pid_file}.")
        pid_file.unlink(missing_ok=True)
        yield lock


def _acquire(lock: IO[str], *, timeout: float = 0) -> bool:
    """Acquire the lock within `timeout` seconds, and return whether that succeeded."""
    end = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        else:
            return True
