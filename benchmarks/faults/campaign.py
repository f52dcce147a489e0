"""A run: steps under load, each followed by a comparison of the database with the ledger."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Protocol

import asyncpg

from benchmarks.faults.acknowledgements import lost_or_doubled, written_though_refused
from benchmarks.faults.client import ApiClient
from benchmarks.faults.faults import Inflicted, Inflictor, Skipped
from benchmarks.faults.gates import free_port
from benchmarks.faults.ledger import CallKind, Ledger
from benchmarks.faults.seed import DATABASE, populate
from benchmarks.faults.services import Services, running_services
from benchmarks.faults.settlement import Settlement
from benchmarks.faults.system import System
from benchmarks.faults.writers import Writers
from lk_graphql.demo.postgres.restartable import restartable_postgres
from lk_graphql.kit.signing import Signer

AT_REST = "at rest"
SECRET = "faults" * 8
_FIRST_WRITE_SECONDS = 90
_CONNECT_SECONDS = 30
SETTINGS = {
    "LK_SECRET_KEY": SECRET,
    "LK_PUBLIC_URL": "http://127.0.0.1",
    "LK_TRUSTED_PROXIES": "127.0.0.1",
    "LK_COST_LIMIT": "1000000000",
    "LK_COST_REFILL_PER_SECOND": "1000000000",
    "LK_MAILS_PER_SECOND": "300",
    "LK_SMS_PER_SECOND": "300",
    "LK_DATABASE_CONNECTIONS": "8",
}


@dataclass(frozen=True)
class Scale:
    """Numbers of customers, writers and processes; `limit` is the longest wait of a request."""

    customers: int = 2000
    writers: int = 8
    api_workers: int = 3
    job_workers: int = 2
    limit: float = 30
    settle_every: int = 100
    """Steps between two comparisons at rest."""


@dataclass
class Result:
    """A line of the results file: a fault and what followed."""

    run: str
    seed: int
    step: int
    name: str
    at: str
    first_write: float | None = None
    """Seconds from the fault's end to the first acknowledgement of a call sent after it, or from
    the fault's beginning where `Inflicted.began` has it."""
    pause: float = 0
    """The longest time without an acknowledgement since then."""
    acknowledged: int = 0
    unanswered: int = 0
    internal_errors: int = 0
    slowest: float = 0
    failures: dict[str, int] = field(default_factory=dict[str, int])
    violations: list[str] = field(default_factory=list[str])
    skipped: str = ""
    note: str = ""

    def append_to(self, file: Path) -> None:
        with file.open("a") as results:
            results.write(json.dumps(asdict(self), ensure_ascii=False) + "\n")


class AnyStep(Protocol):
    """A fault at its place in a run."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    def rng(self, seed: int) -> Random: ...


class AnyInflictor(Protocol):
    """Inflicts the faults of one kind of run, and mends them."""

    async def inflict(self, step: Any, rng: Random) -> Inflicted: ...
    def revive(self) -> list[str]:
        """Start what ended by itself; a sentence about each."""
        ...


@dataclass
class Campaign:
    """The running processes and clients; `run` names it in the results."""

    run_name: str
    seed: int
    scale: Scale
    inflictor: AnyInflictor
    writers: Writers
    settlement: Settlement
    _marks: dict[CallKind, int] = field(default_factory=dict[CallKind, int])

    async def run(self, step: AnyStep) -> Result:
        """Inflict a fault, wait for the next write, and check what was acknowledged meanwhile."""
        api = self.writers.api
        api.slowest, api.unanswered, api.internal_errors = 0, 0, 0
        api.failures.clear()
        self.writers.acknowledgements.clear()
        before = self.writers.ledger.count
        result = Result(self.run_name, self.seed, step.number, step.name, _now())
        try:
            inflicted = await self.inflictor.inflict(step, step.rng(self.seed))
            result.violations += inflicted.violations
            result.note = inflicted.note
            await self._await_write(result, inflicted.began)
            if result.first_write is None:
                result.violations.append(f"no write for {_FIRST_WRITE_SECONDS} s after the fault")
        except Skipped as reason:
            result.skipped = str(reason)
        except TimeoutError:
            result.violations.append("a server that was started isn't ready")
        result.violations += self.inflictor.revive()
        result.violations += await self._check()
        result.acknowledged = self.writers.ledger.count - before
        result.unanswered, result.slowest = api.unanswered, round(api.slowest, 2)
        result.internal_errors, result.failures = api.internal_errors, dict(api.failures)
        return result

    async def settle(self, step: AnyStep) -> Result:
        """Pause the writers, wait until all jobs are done, and compare everything."""
        result = Result(self.run_name, self.seed, step.number, AT_REST, _now())
        await self.writers.pause()
        self._marks = {}  # all that was ever acknowledged
        result.violations += await self._check()
        result.violations += await self.settlement.check()
        self.writers.resume(self.scale.writers)
        return result

    async def _await_write(self, result: Result, began: float | None) -> None:
        """Wait until a call is acknowledged that was sent after now, and note the times."""
        loop = asyncio.get_running_loop()
        end = loop.time()
        since = end if began is None else began
        while self.writers.first_write(end) is None:
            await asyncio.sleep(0.01)
            if loop.time() > end + _FIRST_WRITE_SECONDS:
                return
        first = self.writers.first_write(since)
        result.first_write = None if first is None else round(first, 3)
        result.pause = round(self.writers.longest_pause(since), 3)

    async def _check(self) -> list[str]:
        """Violations since the last check."""
        ledger, api = self.writers.ledger, self.writers.api
        calls, self._marks = ledger.since(self._marks), ledger.marks()
        refused, ledger.refused = ledger.refused, []
        connection = await asyncpg.connect(self.writers.dsn, timeout=_CONNECT_SECONDS)
        try:
            violations = await lost_or_doubled(connection, calls)
            violations += await written_though_refused(connection, refused)
        finally:
            await connection.close()
        violations += [f"{request} hung for {api.limit} s" for request in api.hung]
        violations += [f"an answer: {text}" for text in api.broken]
        violations += self.writers.failures
        for found in (api.hung, api.broken, self.writers.failures):
            found.clear()
        return violations


@asynccontextmanager
async def running_campaign(
    folder: Path, seed: int, scale: Scale, run_name: str, note: Callable[[str], None]
) -> AsyncGenerator[Campaign]:
    """Start everything on the data in `folder`, and let the writers write."""
    rng, port = Random(f"{seed}/{time.time()}"), free_port()
    async with AsyncExitStack() as stack:
        note("Starting PostgreSQL and the services")
        postgres = stack.enter_context(restartable_postgres(folder / "postgres"))
        dsn = postgres.dsn(DATABASE)
        people = await populate(
            postgres.dsn("postgres"), dsn, scale.customers, folder / "people.json"
        )
        services = await stack.enter_async_context(running_services(folder, port))
        note("Starting lk serve and lk worker")
        system = System(folder, _settings(dsn, port, scale, services), scale.job_workers)
        stack.callback(system.stop)
        system.start()
        api = ApiClient(f"http://127.0.0.1:{port}", scale.limit, rng)
        stack.push_async_callback(api.close)
        await api.wait_until_ready()
        ledger = Ledger(folder / "ledger.jsonl")
        writers = Writers(api, ledger, people, dsn, Signer(SECRET.encode()), rng)
        await writers.repeat_pending()
        first_upload = len(ledger.acknowledged[CallKind.UPLOAD])
        settlement = Settlement(dsn, ledger, services, first_upload)
        inflictor = Inflictor(system, postgres, services, api, people, folder)
        writers.resume(scale.writers)
        yield Campaign(run_name, seed, scale, inflictor, writers, settlement)
        await writers.pause()


def _settings(dsn: str, port: int, scale: Scale, services: Services) -> dict[str, str]:
    return (
        SETTINGS
        | services.settings
        | {
            "LK_DATABASE_URL": dsn,
            "LK_PORT": str(port),
            "LK_WORKERS": str(scale.api_workers),
        }
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
