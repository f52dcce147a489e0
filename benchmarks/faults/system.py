"""The processes under test: `lk serve` with its workers, and `lk worker`."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.processes import PROC, family, parent

_LK = [sys.executable, "-m", "lk_graphql"]
_STARTED = re.compile(rb"Started server process \[(\d+)]")
_NO_DATABASE = b"PostgreSQL doesn't answer"
_STOP_SECONDS = 25
_WARM_SECONDS = 2.0
"""The age at which a worker process is taken for one that works."""


@dataclass
class Program:
    """A command in a process group of its own; its output is appended to `log`."""

    words: tuple[str, ...]
    log: Path
    environment: dict[str, str]
    started_at: float = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> Sequence[str]:
        return self.words

    def start(self) -> None:
        self.started_at = time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdout=output, stderr=output,
                start_new_session=True,
            )  # fmt: skip

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    @property
    def is_warm(self) -> bool:
        return time.monotonic() > self.started_at + _WARM_SECONDS

    def kill(self) -> None:
        """Kill the whole group by SIGKILL."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def terminate(self) -> None:
        if self.process:
            self.process.terminate()

    def stop(self) -> bool:
        """Stop by SIGTERM; whether it ended in time."""
        if self.process is None:
            return True
        self.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        self.kill()  # what is left of the group
        return True


class LkProcess(Program):
    """A command of `lk`; `words` are those after the program's name."""

    @property
    def command(self) -> Sequence[str]:
        return [*_LK, *self.words]


@contextmanager
def running(program: Program) -> Generator[Program]:
    """Run a program for the length of the block; it may be killed and started meanwhile."""
    program.start()
    try:
        yield program
    finally:
        program.stop()


@dataclass
class System:
    """One `lk serve` with several workers, and several `lk worker`."""

    folder: Path
    settings: Mapping[str, str]
    job_workers: int
    server: Program = field(init=False)
    workers: list[Program] = field(init=False)
    _serving: int = 0
    """The server's process to whose workers `_started` belongs: ids of ended ones come again."""
    _started: set[int] = field(default_factory=set[int])
    _log_size: int = 0

    def __post_init__(self) -> None:
        self.server = self._process("serve", "serve.log")
        self.workers = [
            self._process("worker", f"worker{number}.log") for number in range(self.job_workers)
        ]

    def start(self, variables: Mapping[str, str] | None = None) -> None:
        """Start all, with more environment variables."""
        for process in self.all:
            process.environment = environment({**self.settings, **(variables or {})})
            process.start()

    def stop(self) -> list[str]:
        return stop_all(self.all)

    @property
    def all(self) -> list[Program]:
        return [self.server, *self.workers]

    def kill_api_worker(self, rng: Random) -> bool:
        """Kill one of uvicorn's processes, which uvicorn replaces.

        False unless another one is ready, too.
        """
        ready = self._ready_api_workers()
        if len(ready) < 2:
            return False
        with suppress(ProcessLookupError):
            os.kill(rng.choice(ready), signal.SIGKILL)
        return True

    def kill_job_worker(self, rng: Random) -> bool:
        """Kill a job worker and start it again; False if none is ready."""
        ready = [worker for worker in self.workers if worker.is_warm]
        if ready:
            worker = rng.choice(ready)
            worker.kill()
            worker.start()
        return bool(ready)

    def kill_server(self) -> bool:
        """Kill the whole server and start it again; False if it isn't ready."""
        if not self._ready_api_workers():
            return False
        self.server.kill()
        self.server.start()
        return True

    def _ready_api_workers(self) -> list[int]:
        """Those that have said so; with a single one, `lk serve` is itself the worker."""
        with self.server.log.open("rb") as log:
            log.seek(self._log_size)
            new = log.read()
        self._log_size += len(new)
        if self._serving != self.server.pid:
            self._serving, self._started = self.server.pid, set()
        self._started.update(map(int, _STARTED.findall(new)))
        pids = (self.server.pid, *_children(self.server.pid))
        return [pid for pid in pids if pid in self._started]

    def _process(self, word: str, log: str) -> LkProcess:
        return LkProcess((word,), self.folder / log, environment(self.settings))


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process of `lk` with these settings only."""
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("LK_")}
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)  # a start takes twice as long with it
    return inherited | dict(settings)


def revive(processes: Iterable[Program]) -> list[str]:
    """Start what ended by itself, as a service manager does; a sentence about each.

    A command that is started while the database is away may say so and end.
    """
    sentences: list[str] = []
    for process in processes:
        status = process.process.poll() if process.process else None
        if status is None:
            continue
        last = process.log.read_bytes().splitlines()[-2:]  # PostgreSQL may add a detail
        if not any(line.startswith(_NO_DATABASE) for line in last):
            sentences.append(f"lk {process.words[0]} ended by itself with status {status}")
        process.kill()
        process.start()
    return sentences


def stop_all(processes: Sequence[Program]) -> list[str]:
    """Stop all at once; sentences about those that had to be killed."""
    for process in processes:
        process.terminate()
    return [
        f"lk {process.words[0]} didn't end within {_STOP_SECONDS} s of SIGTERM"
        for process in processes
        if not process.stop()
    ]


def _children(pid: int) -> list[int]:
    """The processes of uvicorn: children that are not Python's resource tracker."""
    children: list[int] = []
    for child in family(pid)[1:]:
        with suppress(OSError):
            command = (PROC / str(child) / "cmdline").read_bytes()
            if parent(child) == pid and b"spawn_main" in command:
                children.append(child)
    return children
