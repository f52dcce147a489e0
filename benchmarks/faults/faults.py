"""The faults themselves: each is inflicted, and mended before it returns."""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.faults.client import ApiClient, NoAnswer
from benchmarks.faults.gates import GateMode, free_port
from benchmarks.faults.plan import Fault, Step
from benchmarks.faults.postgres import FAST, IMMEDIATE, RestartablePostgres
from benchmarks.faults.seed import Population
from benchmarks.faults.services import Services
from benchmarks.faults.system import LkProcess, System

_VICTIM_SECONDS = 60
_MOMENT = 0.4
"""Seconds within which a fault comes."""
_AWAY_SECONDS = 15
_FROZEN_SECONDS = 40
_SERVICE_SECONDS = 5
_READINESS_SECONDS = 2.0
"""Within which `/readyz` has to say that there is no database."""
_JUMPS = ("+2h", "-2h", "+25m", "-25m")
_FAKETIME = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib/faketime/libfaketimeMT.so.1")
_RECEIPT = "{ viewer { accounts { invoices(last: 1) { receiptUrl } } } }"


class Skipped(Exception):
    """The machine doesn't allow this fault; the message says why."""


@dataclass(frozen=True)
class Inflicted:
    """What happened besides the fault: violations found while it lasted."""

    violations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inflictor:
    """Inflicts faults on the processes, the database and the services."""

    system: System
    postgres: RestartablePostgres
    services: Services
    api: ApiClient
    people: Population
    folder: Path

    async def inflict(self, step: Step, rng: Random) -> Inflicted:
        """Inflict a fault and mend it. Raises `Skipped`."""
        await asyncio.sleep(rng.random() * _MOMENT)
        faults: dict[Fault, Callable[[Step, Random], Awaitable[Inflicted]]] = {
            Fault.API_WORKER_KILLED: self._kill_api_worker,
            Fault.SERVER_KILLED: self._kill_server,
            Fault.JOB_WORKER_KILLED: self._kill_job_worker,
            Fault.DATABASE_RESTARTED: self._restart,
            Fault.DATABASE_CRASHED: self._restart,
            Fault.DATABASE_AWAY: self._take_away,
            Fault.DATABASE_FROZEN: self._freeze,
            Fault.SERVICE: self._break_service,
            Fault.CLOCK: self._move_clock,
            Fault.DISK_FULL: self._fill_disk,
        }
        return await faults[step.fault](step, rng)

    async def _kill_api_worker(self, _: Step, rng: Random) -> Inflicted:
        return await _until_killed(lambda: self.system.kill_api_worker(rng), "API worker")

    async def _kill_server(self, _: Step, rng: Random) -> Inflicted:
        return await _until_killed(self.system.kill_server, "server")

    async def _kill_job_worker(self, _: Step, rng: Random) -> Inflicted:
        return await _until_killed(lambda: self.system.kill_job_worker(rng), "job worker")

    async def _restart(self, step: Step, rng: Random) -> Inflicted:
        how = FAST if step.fault is Fault.DATABASE_RESTARTED else IMMEDIATE
        await asyncio.to_thread(self.postgres.stop, how)
        await asyncio.sleep(rng.choice((0, rng.random() * 3)))
        await asyncio.to_thread(self.postgres.start)
        return Inflicted()

    async def _take_away(self, _: Step, rng: Random) -> Inflicted:
        await asyncio.to_thread(self.postgres.stop)
        violations = await self._unready(_AWAY_SECONDS)
        await asyncio.to_thread(self.postgres.start)
        return Inflicted(violations)

    async def _freeze(self, _: Step, rng: Random) -> Inflicted:
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
        return (
            f"without a database /readyz answered {ready} and /healthz {alive}"
            f" within {_READINESS_SECONDS} s",
        )

    async def _break_service(self, step: Step, rng: Random) -> Inflicted:
        assert step.service, step
        assert step.mode, step
        gate = self.services.gates[step.service]
        await gate.switch(step.mode)
        await asyncio.sleep(_SERVICE_SECONDS)
        await gate.switch(GateMode.UP)
        return Inflicted()

    async def _move_clock(self, _: Step, rng: Random) -> Inflicted:
        """Run all processes under libfaketime, and let their clock jump, and back."""
        library = next((path for text in _FAKETIME for path in Path("/").glob(text[1:])), None)
        if library is None:
            raise Skipped("libfaketime isn't installed (Debian's package faketime)")
        offset = self.folder / "clock"
        offset.write_text("+0")
        preload = {
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(offset),
            "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }  # fmt: skip
        async with self._restarted(**preload):
            offset.write_text(rng.choice(_JUMPS))
            await asyncio.sleep(_SERVICE_SECONDS)
            offset.write_text("+0")
            await asyncio.sleep(1)
        return Inflicted()

    @asynccontextmanager
    async def _restarted(self, **variables: str) -> AsyncGenerator[None]:
        """All processes with other variables, until the end of the block."""
        await asyncio.to_thread(self.system.stop)
        self.system.start(**variables)
        try:
            while await self.api.get("/readyz", limit=5) != 200:
                await asyncio.sleep(0.2)
            yield
        finally:
            await asyncio.to_thread(self.system.stop)
            self.system.start()

    async def _fill_disk(self, _: Step, rng: Random) -> Inflicted:
        """A server of its own stores its files on a full disk: a receipt is served all the same."""
        async with _full_disk(self.folder / "disk") as disk:
            port = free_port()
            more = {"LK_PORT": str(port), "LK_WORKERS": "1", "LK_FILES_URL": f"file://{disk}"}
            server = LkProcess(
                ("serve",), self.folder / "disk.log", self.system.server.environment | more
            )
            server.start()
            api = ApiClient(f"http://127.0.0.1:{port}", 60, rng)
            try:
                while await api.get("/readyz", limit=5) != 200:
                    await asyncio.sleep(0.2)
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


async def _until_killed(kill: Callable[[], bool], name: str) -> Inflicted:
    for _ in range(_VICTIM_SECONDS * 20):
        if kill():
            return Inflicted()
        await asyncio.sleep(0.05)
    return Inflicted((f"no {name} was ready within {_VICTIM_SECONDS} s",))


@asynccontextmanager
async def _full_disk(folder: Path) -> AsyncGenerator[Path]:
    """A mounted file system without any room. Raises `Skipped`."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder.mkdir(exist_ok=True)
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not (mount and umount) or subprocess.run(command, capture_output=True).returncode:
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
