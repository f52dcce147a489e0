"""`python -m benchmarks.overload`: what a server answers when far more arrives than it can.

The server runs alone on one core, the load, PostgreSQL and the acquirer's sandbox on the others.
First as many requests are sent as are answered, which gives the capacity. Then requests arrive at
1, 3 and 10 times this rate, whether answered or not. `/healthz` is asked ten times a second.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Annotated

import asyncpg
import typer
from argon2 import PasswordHasher
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import processes, report, seed, servers
from benchmarks.arrivals import ArrivalJob, KindResult, Phase, PhaseResult
from benchmarks.operations import BenchmarkOperation, http_request, variables
from benchmarks.servers import LK, ROOT, ServerNotReady, free_port, running
from lk_graphql.demo.data.requisites import TEXT as REQUISITES
from lk_graphql.demo.postgres import temporary
from lk_graphql.ports.passwords import HashCost

RESULTS = Path(__file__).parent / "operations.md"
SECTION = "## Load"
HAPROXY = ROOT / "deploy/haproxy.cfg"
COMMAND = "`make load` and `make load ARGS=--proxy`, on a machine that has nothing else to do"
MIX = {"dashboard": 70, "submit": 15, "tiny": 7, "payment": 5, "signin": 3}
OPERATIONS = {name: BenchmarkOperation(name, name) for name in MIX}
MULTIPLES = (1, 3, 10)
CALM, CALM_SECONDS = 0.5, 5.0  # after each flood, to see when the server is as before
IN_TIME = 2.0  # seconds within which an answer is of use
PASSWORD = "Kuzbass42"
SHOP = {"LK_ACQUIRER_SHOP": "sandbox", "LK_ACQUIRER_SECRET": "sandbox"}
console = Console()


@dataclass(frozen=True)
class Flood:
    """The answers to arrivals at a multiple of the capacity, per second."""

    multiple: float
    sent: float
    goodput: float
    by_kind: Mapping[str, float]
    refused: float
    failed: float
    p50: float
    p99: float
    refusal_p50: float
    health: float
    recovery: float
    cpu: Mapping[str, float]
    """Cores used by each of the processes."""
    example: str


COLUMNS = (
    "arrivals", "sent/s", "goodput/s", "of capacity", "refused", "failed", "p50 ms", "p99 ms",
    "refusal ms", "healthz max ms", "normal after s",
)  # fmt: skip


def cells(flood: Flood, capacity: float) -> tuple[str, ...]:
    return (
        f"{flood.multiple:g} ×" if flood.multiple else "as answered",
        f"{flood.sent:,.0f}",
        f"{flood.goodput:,.0f}",
        f"{flood.goodput / capacity:.0%}",
        f"{flood.refused / flood.sent:.0%}",
        f"{flood.failed / flood.sent:.1%}",
        f"{flood.p50 * 1000:,.0f}",
        f"{flood.p99 * 1000:,.0f}",
        f"{flood.refusal_p50 * 1000:,.0f}",
        f"{flood.health * 1000:,.0f}",
        f"{flood.recovery:.1f}",
    )


@dataclass(frozen=True)
class Probe:
    """The seconds of an answer of `/healthz`, and the CPU seconds of each process until then."""

    at: float
    health: float
    cpu: Mapping[str, float]


def cores_used(probes: Sequence[Probe], phase: PhaseResult) -> dict[str, float]:
    """CPU seconds per second of the phase, by process."""
    within = [probe for probe in probes if 0 <= probe.at - phase.started_at <= phase.seconds]
    first, last = within[0], within[-1]
    return {
        name: (seconds - first.cpu[name]) / (last.at - first.at)
        for name, seconds in last.cpu.items()
    }


@dataclass(frozen=True)
class LoadTest:
    """A running server, and the requests to send to `port`, where a proxy may be."""

    port: int
    requests: Mapping[str, Sequence[str]]
    cores: processes.Cores
    watched: Mapping[str, int]
    """The processes whose CPU is measured, with their descendants."""

    def flood(self, multiple: float, rate: float, seconds: float) -> Flood:
        """Send `rate` requests per second, or as many as are answered, then a few for a while."""
        phases = [Phase(rate, seconds)]
        if rate:
            phases.append(Phase(rate / multiple * CALM, CALM_SECONDS))
        job = ArrivalJob(self.port, self.requests, MIX, phases)
        return summary(multiple, *self._send(job))

    def _send(self, job: ArrivalJob) -> tuple[list[PhaseResult], list[Probe]]:
        """The results of the phases, and what was seen ten times a second meanwhile."""
        with tempfile.TemporaryFile("w+") as output:
            with processes.pinned(self.cores.load):
                load = subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.arrivals"],
                    stdin=subprocess.PIPE,
                    stdout=output,
                    text=True,
                    cwd=ROOT,
                )
            assert load.stdin is not None
            load.stdin.write(json.dumps(asdict(job)))
            load.stdin.close()
            probes = [*self._probes(load)]
            if load.returncode:
                raise OSError("The load generator failed.")
            output.seek(0)
            return [_phase_result(phase) for phase in json.load(output)], probes

    def _probes(self, load: "subprocess.Popen[str]") -> Iterator[Probe]:
        watched = {**self.watched, "load": load.pid}
        pids = {name: processes.family(pid) for name, pid in watched.items()}
        while load.poll() is None:
            cpu = {name: sum(map(processes.spent_by, pids[name])) for name in pids}
            started = time.perf_counter()
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.port}/healthz", timeout=30
            ) as page:
                page.read()
            seconds = time.perf_counter() - started
            yield Probe(started, seconds, cpu)
            time.sleep(max(0.0, 0.1 - seconds))


def _phase_result(phase: dict[str, object]) -> PhaseResult:
    result = PhaseResult(**phase)  # type: ignore[arg-type]
    result.kinds = {kind: KindResult(**fields) for kind, fields in result.kinds.items()}  # type: ignore[arg-type]
    return result


def summary(multiple: float, results: Sequence[PhaseResult], probes: Sequence[Probe]) -> Flood:
    flood, calm = results[0], results[-1]
    kinds, seconds = flood.kinds, flood.seconds
    answered = sorted(latency for kind in kinds.values() for latency in kind.answered)
    refused = sorted(latency for kind in kinds.values() for latency in kind.refused)
    sent = sum(kind.sent for kind in kinds.values())
    by_kind = {
        name: sum(latency <= IN_TIME for latency in kind.answered) / seconds
        for name, kind in kinds.items()
    }
    return Flood(
        multiple,
        sent=sent / seconds,
        goodput=sum(by_kind.values()),
        by_kind=by_kind,
        refused=len(refused) / seconds,
        failed=(sent - len(answered) - len(refused)) / seconds,
        p50=_percentile(answered, 0.5),
        p99=_percentile(answered, 0.99),
        refusal_p50=_percentile(refused, 0.5),
        health=max(probe.health for probe in probes),
        recovery=calm.settled if len(results) > 1 else 0.0,
        cpu=cores_used(probes, flood),
        example=next((kind.example for kind in kinds.values() if kind.example), ""),
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[int(len(ordered) * share)] if ordered else 0.0


def requests(customers: Sequence[seed.SeededCustomer]) -> dict[str, list[str]]:
    """Requests of each kind, each customer with an address of their own."""
    return {
        name: [
            _request(operation, number, customer) for number, customer in enumerate(customers, 1)
        ]
        for name, operation in OPERATIONS.items()
    }


def _request(operation: BenchmarkOperation, number: int, customer: seed.SeededCustomer) -> str:
    document = operation.document("lk")
    values = variables(document, "lk", customer)
    if operation.name == "signin":
        values = {"email": f"customer{number}@example.com", "password": PASSWORD}
        customer = replace(customer, token="")
    name = operation.name.capitalize()
    body = json.dumps({"query": document, "operationName": name, "variables": values})
    address = f"X-Forwarded-For: 10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    return http_request(body, customer.token).replace("Host:", f"{address}\r\nHost:", 1)


async def prepare_customers(dsn: str) -> None:
    """Give all customers the same password."""
    cost = HashCost()
    hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
    connection = await asyncpg.connect(dsn)
    await connection.execute('UPDATE "user" SET password_hash = $1', hasher.hash(PASSWORD))
    await connection.execute('VACUUM ANALYZE "user"')
    await connection.close()


@contextmanager
def acquirer(dsn: str, cores: processes.Cores) -> Generator[str]:
    """The sandbox of the acquirer, with published requisites; yields its address."""
    port = free_port()
    command = (sys.executable, "-m", "lk_graphql")
    with tempfile.TemporaryDirectory() as folder:
        requisites = Path(folder) / "supplier.toml"
        requisites.write_text(REQUISITES)
        environment = os.environ | {"LK_DATABASE_URL": dsn}
        subprocess.run(
            [*command, "supplier", "publish", str(requisites)],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        arguments = ("sandbox-acquirer", f"--port={port}", f"--books={folder}/books.sqlite")
        with processes.pinned(cores.load):
            process = subprocess.Popen(
                [*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        try:
            yield f"http://127.0.0.1:{port}/v3"
        finally:
            process.terminate()
            process.wait()


@contextmanager
def haproxy(port: int, cores: processes.Cores) -> Generator[tuple[int, int]]:
    """HAProxy by the sample, without TLS, before the server at `port`; yields its port and pid."""
    program = which("haproxy", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        raise OSError("haproxy is not installed; on Debian and Ubuntu: apt install haproxy")
    own_port = free_port()
    left_out = (
        "X-Forwarded-For",  # the load sends the addresses of its customers
        *("bind :80", "redirect scheme"),  # and no TLS
        "127.0.0.1:8002",  # there is one server
    )
    lines = [
        line if "ssl crt" not in line else f"    bind 127.0.0.1:{own_port}"
        for line in HAPROXY.read_text().replace("127.0.0.1:8001", f"127.0.0.1:{port}").splitlines()
        if not any(part in line for part in left_out)
    ]
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "haproxy.cfg"
        configuration.write_text("\n".join(lines) + "\n")
        with processes.pinned(cores.load):
            process = subprocess.Popen([program, "-q", "-f", str(configuration)])
        try:
            time.sleep(1)  # until it listens, and has seen that the server is ready
            if process.poll() is not None:
                raise OSError("haproxy didn't start")
            yield own_port, process.pid
        finally:
            process.terminate()
            process.wait()


@contextmanager
def prepared(customers: int, *, proxy: bool) -> Generator[tuple[LoadTest, list[str]]]:
    """A seeded server, and the conditions of the measurement."""
    cores, disturbance = processes.assign_cores(), processes.disturbance()
    with ExitStack() as stack:
        with processes.pinned(cores.database):
            postgresql = stack.enter_context(temporary())
        with console.status(f"Making {customers:,} customers with three years of bills"):
            dsn = asyncio.run(seed.seed(postgresql, seed.SeedSize(customers)))
            asyncio.run(prepare_customers(dsn))
            facts = asyncio.run(seed.facts(dsn))
        url = stack.enter_context(acquirer(dsn, cores))
        extra = {"LK_TRUSTED_PROXIES": "127.0.0.1", "LK_ACQUIRER_URL": url, **SHOP}
        spec = replace(LK, environment={**LK.environment, **extra})
        texts = requests(facts.customers)
        server = stack.enter_context(running(spec, dsn, cores.server, texts["tiny"][0]))
        port, watched = server.port, {"server": server.pid, "PostgreSQL": facts.postmaster}
        if proxy:
            port, watched["HAProxy"] = stack.enter_context(haproxy(server.port, cores))
        for kind in MIX:
            servers.ask(port, texts[kind][0])
        mix = ", ".join(f"{share} % {kind}" for kind, share in MIX.items())
        conditions = [
            f"{processes.description()}: the server alone on a core, all else on the others.",
            f"Code {report.commit()}; {report.versions(facts.version, None)}.",
            f"{customers:,} customers; {mix}.",
            f"To repeat: {COMMAND}.",
            *([disturbance] if disturbance else ()),
        ]
        yield LoadTest(port, texts, cores, watched), conditions


def measured(test: LoadTest, seconds: float, multiples: Sequence[float]) -> list[Flood]:
    """The capacity, then a flood for each multiple of it."""
    with Progress(console=console) as progress:
        task = progress.add_task("Warming up", total=len(multiples) + 2)
        test.flood(0, 0, min(5.0, seconds))
        progress.update(task, advance=1, description="Capacity")
        floods = [test.flood(0, 0, seconds)]
        capacity = floods[0].goodput
        for multiple in multiples:
            progress.update(task, advance=1, description=f"{multiple:g} × {capacity:,.0f}/s")
            floods.append(test.flood(multiple, capacity * multiple, seconds))
        progress.update(task, advance=1)
    return floods


def show(floods: Sequence[Flood]) -> None:
    capacity = floods[0].goodput
    for header, rows in tables(floods, capacity):
        table = Table(*header)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for flood in floods:
        if flood.example:
            console.print(f"[yellow]Failed at {flood.multiple:g} ×:[/] {flood.example}")


Rows = list[tuple[str, ...]]


def tables(floods: Sequence[Flood], capacity: float) -> list[tuple[tuple[str, ...], Rows]]:
    """The header and the rows of each table: all requests, answers in time by kind, and CPU."""
    names = [cells(flood, capacity)[0] for flood in floods]
    kinds: Rows = [
        (name, *(f"{flood.by_kind[kind]:,.0f}" for kind in MIX))
        for name, flood in zip(names, floods, strict=True)
    ]
    cpu: Rows = [
        (name, *(f"{share:.0%}" for share in flood.cpu.values()))
        for name, flood in zip(names, floods, strict=True)
    ]
    return [
        (COLUMNS, [cells(flood, capacity) for flood in floods]),
        (("answered/s", *MIX), kinds),
        (("CPU, of a core", *floods[0].cpu), cpu),
    ]


def write(floods: Sequence[Flood], title: str, conditions: Sequence[str]) -> None:
    """Replace the measurement of this title in the section of `operations.md`."""
    lines = [f"### {title}", "", f"Measured on {datetime.now(UTC):%Y-%m-%d}."]
    lines += [*(f"- {condition}" for condition in conditions), ""]
    for header, rows in tables(floods, floods[0].goodput):
        lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows), ""]
    text = RESULTS.read_text() if RESULTS.exists() else "# Operations under stress\n"
    if f"\n{SECTION}\n" not in text:
        text = f"{text.rstrip()}\n\n{SECTION}\n\n{EXPLANATION}\n"
    RESULTS.write_text(_with_part(text, f"### {title}", "\n".join(lines)))


EXPLANATION = """\
Goodput is the number of requests that are answered by 200 within two seconds. "As answered"
measures the capacity, with 32 connections that each send the next request after an answer. In the
other rows requests arrive at random moments, whether or not earlier ones are answered. Important
requests are served first (decision 0202), so in a flood more of the cheap requests are answered and
fewer of the expensive ones; the second table shows this. "Normal after" is the time after the
flood, with arrivals at half of the capacity, until no request is refused and all are answered
within 0.25 s. The load generator, whose delays are included, shares a core with PostgreSQL and
HAProxy; if the sum of their CPU is near 100 %, they limit the goodput. `/healthz` is requested on a
new connection each time; its longest answer at 10 × is in the first half second of the flood, in
which hundreds of connections are opened."""


def _with_part(text: str, heading: str, part: str) -> str:
    """The text with a part up to the next heading replaced, or added at the end of the section."""
    before, found, rest = text.partition(f"{heading}\n")
    if not found:
        start, section, rest = text.partition(f"{SECTION}\n")
        body, next_heading, after = rest.partition("\n## ")
        return f"{start}{section}{body.rstrip()}\n\n{part}{next_heading}{after}"
    ends = [position for mark in ("\n### ", "\n## ") if (position := rest.find(mark)) >= 0]
    after = rest[min(ends) :] if ends else ""
    return f"{before}{part}{after}"


def _row(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def main(
    *,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each flood.")] = 20.0,
    customers: Annotated[int, typer.Option(min=10, help="Number of customers.")] = 2000,
    only: Annotated[list[float] | None, typer.Option(help="Some multiples: 1, 3, 10.")] = None,
    proxy: Annotated[
        bool, typer.Option("--proxy", help="Behind HAProxy with deploy/haproxy.cfg.")
    ] = False,
) -> None:
    """Measure what is answered, refused and lost when more arrives than can be answered.

    Takes about three minutes on an idle machine with two cores or more. A full run writes the
    section "Load" of benchmarks/operations.md; runs with --only or fewer seconds don't.
    """
    try:
        with prepared(customers, proxy=proxy) as (test, conditions):
            floods = measured(test, seconds, only or MULTIPLES)
    except (ServerNotReady, OSError) as reason:
        console.print(f"[red]{reason}")
        raise typer.Exit(1) from reason
    show(floods)
    if seconds >= 20 and not only:
        write(floods, "Behind HAProxy" if proxy else "One process", conditions)
        console.print(f"Written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    typer.run(main)
