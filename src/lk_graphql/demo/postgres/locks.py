"""Who uses a data folder: a lock for the parent, another one for the server itself.

Locks and not the process number in postmaster.pid: after a crash, or in a restarted container,
that number may belong to anybody, while the kernel opens a dead process's locks at once.
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

GUARD_SECONDS = 1.0  # seconds: a dead parent's guard may be stopping the server already
TIMEOUT = 60.0


@contextmanager
def exclusive(folder: Path) -> Generator[None]:
    """Keep other parents off this folder."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("a+") as lock:
        if not _locked(lock):
            lock.seek(0)
            owner = lock.read() or "(unknown)"
            raise PostgresFailed(f"Process {owner} is using {folder}. Stop it first.")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def none_running(folder: Path) -> Generator[IO[str]]:
    """Stop a server that outlived its parent; the lock is for the new server to hold open."""
    with folder.with_name(f"{folder.name}.running").open("a+") as lock:
        note = folder / "postmaster.pid"
        if not _locked(lock, timeout=GUARD_SECONDS) and note.exists():
            with suppress(ProcessLookupError):
                os.kill(int(note.read_text().split()[0]), signal.SIGINT)
        if not _locked(lock, timeout=TIMEOUT):
            raise PostgresFailed(f"A PostgreSQL on {folder} doesn't stop; see {note}.")
        note.unlink(missing_ok=True)
        yield lock


def _locked(lock: IO[str], *, timeout: float = 0) -> bool:
    """Whether the lock is ours now, after waiting for it up to `patience` seconds."""
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
