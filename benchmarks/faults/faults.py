"""The faults themselves: each is inflicted, and mended before it returns."""

import asyncio
import shutil
import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.faults.client import ApiClient, NoAnswer
from benchmarks.faults.gates import GateMode, free_port
from benchmarks.faults.plan import Fault, Step
from benchmarks.faults.seed import Population
from benchmarks.faults.services import Services
from benchmarks.faults.system import LkProcess, System, revive
from lk_graphql.demo.postgres.restartable import FAST, IMMEDIATE, RestartablePostgres

_VICTIM_SECONDS = 60
_MOMENT = 0.4
"""Seconds within which a fault comes."""
_AWAY_SECONDS = 15
_FROZEN_SECONDS = 40
_SERVICE_SECONDS = 5
_READINESS_SECONDS = 2.0
"""Within which `/readyz` has to say that there is no database."""
_JUMPS = ("+25m", "-25m", "+5m", "-5m")
"""Less than the half hour after which an idle session of staff is over."""
_CLOCK_SECONDS = 1
"""After which a process reads the shift of its clock again."""
_FAKETIME = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/lib/faketime/libfaketimeMT.so.1")
_RECEIPT = "{ viewer { accounts { invoices(first: 1) { receiptUrl } } } }"


class Skipped(Exception):
    """The machine doesn't allow this fault; the message says why."""


@dataclass(frozen=True)
class Inflicted:
    """The violations found while a fault lasted.

    `began` is its moment by the event loop's clock, if the wait for a write is counted from there
    and not from the fault's end.
    """

    violations: tuple[str, ...] = ()
    began: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Inflictor:
    """Inflicts faults on the processes, the database and the services."""

    system: System
    postgres: RestartablePostgres
    services: Services
    api: ApiClient
    people: Population
    folder: Path

    def revive(self) -> list[str]:
        return revive(self.system.all)

    async def inflict(self, step: Step, rng: Random) -> Inflicted:  # noqa: PLR0911 - one a kind
        """Inflict a fault and mend it. Raises `Skipped`."""
        await asyncio.sleep(rng.random() * _MOMENT)
        match step.fault:
            case Fault.API_WORKER_KILLED:
                return await _until_killed(lambda: self.system.kill_api_worker(rng), "API worker")
            case Fault.JOB_WORKER_KILLED:
                return await _until_killed(lambda: self.system.kill_job_worker(rng), "job worker")
            case Fault.SERVER_KILLED:
                return await _until_killed(self.system.kill_server, "server")
            case Fault.DATABASE_RESTARTED | Fault.DATABASE_CRASHED:
                return await self._restart(step, rng)
            case Fault.DATABASE_AWAY:
                return await self._take_away()
            case Fault.DATABASE_FROZEN:
                return await self._freeze()
            case Fault.SERVICE:
                return await self._break_service(step)
            case Fault.CLOCK:
                return await self._move_clock(rng)
            case Fault.DISK_FULL:
                return await self._fill_disk(rng)

    async def _restart(self, step: Step, rng: Random) -> Inflicted:
        how = IMMEDIATE if step.fault is Fault.DATABASE_CRASHED else FAST
        await asyncio.to_thread(self.postgres.stop, how)
        await asyncio.sleep(rng.choice((0, rng.random() * 3)))
        await asyncio.to_thread(self.postgres.start)
        return Inflicted()

    async def _take_away(self) -> Inflicted:
        await asyncio.to_thread(self.postgres.stop)
        violations = await self._unready(_AWAY_SECONDS)
        await asyncio.to_thread(self.postgres.start)
        return Inflicted(violations)

    async def _freeze(self) -> Inflicted:
        self.postgres.freeze()
        try:
            return Inflicted(await self._unready(_FROZEN_SECONDS))
        finally:
            self.postgres.thaw()

    async def _unready(self, seconds: float) -> tuple[str, ...]:
        """Wait; a violation unless the server tells that it is alive, but not ready."""
        await asyncio.sleep(1)
        ready, alive = await asyncio.gather(
            self.api.get("/readyz", limit=_READINESS_SECONDS),
            self.api.get("/healthz", limit=_READINESS_SECONDS),
        )
        await asyncio.sleep(seconds - 1)
        if (ready, alive) == (503, 200):
            return ()
        text = f"without a database /readyz answered {ready} and /healthz {alive}"
        return (f"{text} within {_READINESS_SECONDS} s",)

    async def _break_service(self, step: Step) -> Inflicted:
        if step.service is None or step.mode is None:
            raise ValueError(step)
        gate = self.services.gates[step.service]
        await gate.switch(step.mode)
        await asyncio.sleep(_SERVICE_SECONDS)
        await gate.switch(GateMode.UP)
        return Inflicted()

    async def _move_clock(self, rng: Random) -> Inflicted:
        """Run all processes under libfaketime, and let their clock jump, and back."""
        clock = FakeClock(self.folder / "clock")
        clock.shift("+0")
        violations = await self._restart_processes(clock.preload())
        clock.shift(rng.choice(_JUMPS))
        await asyncio.sleep(_SERVICE_SECONDS)
        clock.shift("+0")
        await asyncio.sleep(_CLOCK_SECONDS)
        return Inflicted((*violations, *await self._restart_processes({})))

    async def _restart_processes(self, variables: Mapping[str, str]) -> list[str]:
        """Start all processes anew with more variables; violations of those that don't stop."""
        violations = await asyncio.to_thread(self.system.stop)
        self.system.start(variables)
        await self.api.wait_until_ready()
        return violations

    async def _fill_disk(self, rng: Random) -> Inflicted:
        """A server of its own stores its files on a full disk: a receipt is served all the same."""
        with _full_disk(self.folder / "disk") as disk:
            port = free_port()
            more = {"LK_PORT": str(port), "LK_WORKERS": "1", "LK_FILES_URL": f"file://{disk}"}
            server = LkProcess(
                ("serve",), self.folder / "disk.log", self.system.server.environment | more
            )
            server.start()
            api = ApiClient(f"http://127.0.0.1:{port}", 60, rng)
            try:
                await api.wait_until_ready()
                return Inflicted(await self._receipt(api, rng))
            finally:
                await api.close()
                await asyncio.to_thread(server.stop)

    async def _receipt(self, api: ApiClient, rng: Random) -> tuple[str, ...]:
        token = rng.choice(self.people.customers).token
        try:
            data = await api.ask(_RECEIPT, token)
        except NoAnswer as failure:
            return (f"with a full disk a query was not answered: {failure}",)
        url: str = data["viewer"]["accounts"][0]["invoices"][0]["receiptUrl"]
        status = await api.get(url[url.index("/", 8) :], limit=60)
        return () if status == 200 else (f"with a full disk a receipt was answered {status}",)


@dataclass(frozen=True)
class FakeClock:
    """libfaketime's clock: the time of the machine, shifted by what a file says."""

    file: Path

    def shift(self, offset: str) -> None:
        self.file.write_text(offset)

    def preload(self) -> dict[str, str]:
        """The environment of processes with this clock. Raises `Skipped`."""
        library = next((path for text in _FAKETIME for path in Path("/").glob(text)), None)
        if library is None:
            raise Skipped("libfaketime isn't installed (Debian's package faketime)")
        return {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": str(_CLOCK_SECONDS),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


async def _until_killed(kill: Callable[[], bool], name: str) -> Inflicted:
    for _ in range(_VICTIM_SECONDS * 20):
        if kill():
            return Inflicted()
        await asyncio.sleep(0.05)
    return Inflicted((f"no {name} was ready within {_VICTIM_SECONDS} s",))


@contextmanager
def _full_disk(folder: Path) -> Generator[Path]:
    """A mounted file system without any room. Raises `Skipped`."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder.mkdir(exist_ok=True)
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not (mount and umount) or subprocess.call(command, stderr=subprocess.DEVNULL):
        raise Skipped("this user can't mount a tmpfs")
    try:
        try:
            (folder / "ballast").write_bytes(bytes(10**6))
        except OSError:
            yield folder
        else:
            raise Skipped("the tmpfs is never full")
    finally:
        subprocess.run([umount, "--lazy", str(folder)], check=True)
