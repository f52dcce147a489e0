"""`python -m benchmarks`: the cost of an answer, against a lower bound and against peers."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import imports, node, processes, receipts, report, seed, servers
from benchmarks.budget import ServerSize
from benchmarks.measure import AnswersDiffer, Bench
from benchmarks.operations import OPERATIONS, TINY, BenchmarkOperation
from benchmarks.report import MeasuredOperation
from benchmarks.servers import LIMIT, LK, RunningServer, ServerNotReady, ServerSpec, running
from benchmarks.soak import STEP, SoakResult, soak
from lk_graphql.demo.postgres import temporary

COMMAND = "`make bench` (or `python -m benchmarks`), on a machine that has nothing else to do"
BILLS = 100_000
"""Bills of the import in a full run; `python -m benchmarks.imports` takes other numbers."""
console = Console()


@dataclass(frozen=True)
class Effort:
    """The number of customers and of rounds, and the seconds of a server's turn in a round."""

    customers: int
    rounds: int
    seconds: float


@dataclass(frozen=True)
class Selection:
    """Names of operations and of servers; without names of one kind, all of that kind."""

    names: frozenset[str]

    def operations(self) -> list[BenchmarkOperation]:
        selected = [operation for operation in OPERATIONS if operation.name in self.names]
        return selected or list(OPERATIONS)

    def servers(self, servers: Sequence[ServerSpec]) -> list[ServerSpec]:
        """The selected servers, always with the lower bound."""
        selected = [server for server in servers if server.name in self.names] or servers
        return [LIMIT, *(server for server in selected if server is not LIMIT)]


@dataclass(frozen=True)
class BenchmarkRun:
    """A database with its rows, and the measurements on it."""

    effort: Effort
    dsn: str
    facts: seed.DatabaseInfo
    bench: Bench
    disturbance: str

    def started(self, selection: Sequence[ServerSpec], stack: ExitStack) -> list[RunningServer]:
        customer, cores = self.bench.customers[0], self.bench.cores.server
        return [
            stack.enter_context(running(spec, self.dsn, cores, TINY.request(spec.name, customer)))
            for spec in selection
        ]

    def measured(
        self, operations: Sequence[BenchmarkOperation], servers: Sequence[RunningServer]
    ) -> list[MeasuredOperation]:
        """Measure all operations. Raises `AnswersDiffer` before the first measurement."""
        own = [server for server in servers if server.name == LK.name]
        pairs = [(operation, servers if operation.has_peers else own) for operation in operations]
        turns = [(operation, answering) for operation, answering in pairs if answering]
        for operation, answering in turns:
            self.bench.agree(operation, answering)
        results: list[MeasuredOperation] = []
        for operation, answering in turns:
            with console.status(f"Measuring {operation.name}"):
                results.append(
                    MeasuredOperation(operation, [*self.bench.samples(operation, answering)])
                )
        return results

    def soaked(self) -> SoakResult:
        sizes: list[float] = []
        with ExitStack() as stack:
            (server,) = self.started([LK], stack)
            for size in soak(self.bench, server):
                console.print(f"{len(sizes) * STEP:>7,} requests: {size:.0f} MiB RSS")
                sizes.append(size)
        return SoakResult(sizes)


def prepare(effort: Effort, stack: ExitStack) -> BenchmarkRun:
    """Start PostgreSQL and seed it. Raises OSError on a machine with one core."""
    cores, disturbance = processes.assign_cores(), processes.disturbance()
    if disturbance:
        console.print(f"[yellow]{disturbance}")
    with processes.pinned(cores.database):
        postgresql = stack.enter_context(temporary())
    with console.status(f"Making {effort.customers:,} customers with three years of bills"):
        dsn = asyncio.run(seed.seed(postgresql, seed.SeedSize(effort.customers)))
        facts = asyncio.run(seed.facts(dsn))
    bench = Bench(cores, facts.postmaster, facts.customers, effort.rounds, effort.seconds)
    return BenchmarkRun(effort, dsn, facts, bench, disturbance)


def available_servers() -> list[ServerSpec]:
    """All servers, or those that don't need Node if there is none."""
    try:
        with console.status("Preparing the peers; the first time, npm fetches 300 packages"):
            return [*servers.OWN, *servers.peers(node.ready())]
    except node.NoPeers as reason:
        console.print(f"[yellow]Without Mercurius and PostGraphile: {reason}")
        return [*servers.OWN]


def conditions(run: BenchmarkRun, node_version: str | None) -> list[str]:
    """The conditions of the measurement, a line each."""
    effort, cores = run.effort, run.bench.cores
    load = "the load on another" if cores.load != cores.database else "the load beside it"
    rows = f"{effort.customers:,} customers, {effort.customers * 54:,} bills with"
    return [
        f"{processes.description()}: the server alone on a core, PostgreSQL on others, {load}.",
        f"Code {report.commit()}; {report.versions(run.facts.version, node_version)}.",
        f"{rows} {effort.customers * 270:,} lines, {effort.customers * 144:,} readings.",
        f"{effort.rounds} rounds of {effort.seconds} s on 16 connections, the servers in turn.",
        f"To repeat: {COMMAND}.",
        *([run.disturbance] if run.disturbance else ()),
    ]


def compare(run: BenchmarkRun, selection: Selection, *, write: bool) -> None:
    specs = available_servers()
    with ExitStack() as stack:
        running_servers = run.started(selection.servers(specs), stack)
        measured = run.measured(selection.operations(), running_servers)
        sizes = [ServerSize(server, processes.memory(server.pid)) for server in running_servers]
    titles = {server.name: server.server.title for server in running_servers}
    report.show(measured, titles, sizes)
    work_lines = [receipts.measured().line]
    # a small import would measure the start of Python
    import_figures = imports.measured(BILLS) if write else None
    if import_figures:
        work_lines.append(import_figures.line)
    console.print(*work_lines, sep="\n")
    lines = report.budget_lines(measured, sizes, import_figures.ratio if import_figures else None)
    report.show_budget(lines)
    if write:
        node_version = node.version(node.ready()) if len(specs) > len(servers.OWN) else None
        facts = [*map(report.size_text, sizes), *work_lines]
        report.write(measured, titles, facts, lines, conditions(run, node_version))
        console.print(f"Written to {report.RESULTS.relative_to(servers.ROOT)}")


def main(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Number of rounds.")] = 5,
    only: Annotated[
        list[str] | None, typer.Option(help="Some operations or servers: tiny, lk, mercurius, …")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Little data, short turns.")] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="100,000 requests of 5,000 documents: does it grow?")
    ] = False,
) -> None:
    """Measure the cost of an answer, against a lower bound and against peers.

    Takes about five minutes, on an idle machine with two cores or more. A full run writes
    benchmarks/results.md; runs with --only and --quick don't.
    """
    effort = Effort(200, min(rounds, 3), 0.6) if quick else Effort(2000, rounds, 1.5)
    try:
        with ExitStack() as stack:
            run = prepare(effort, stack)
            if memory:
                console.print(run.soaked().verdict)
            else:
                compare(run, Selection(frozenset(only or ())), write=not (quick or only))
    except (AnswersDiffer, ServerNotReady, OSError) as reason:
        console.print(f"[red]{reason}")
        raise typer.Exit(1) from reason


if __name__ == "__main__":
    typer.run(main)
