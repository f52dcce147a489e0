"""`python -m benchmarks`: what an answer costs, against the limit and against peers."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import imports, node, processes, receipts, report, seed, servers
from benchmarks.budget import Size
from benchmarks.measure import Bench, Disagreement
from benchmarks.operations import OPERATIONS, TINY, Operation
from benchmarks.report import Measured
from benchmarks.servers import LIMIT, LK, NotReady, Running, Server, running
from benchmarks.soak import STEP, Soaked, soak
from lk_graphql.demo.postgres import temporary

HOW = "`make bench` (or `python -m benchmarks`), on a machine that has nothing else to do"
BILLS = 100_000
"""Of the import that a full run measures; `python -m benchmarks.imports` takes other numbers."""
console = Console()


@dataclass(frozen=True)
class Effort:
    """How many customers there are, how many rounds, and the seconds of a turn in each."""

    customers: int
    rounds: int
    seconds: float


@dataclass(frozen=True)
class Chosen:
    """Names of operations and of servers; where none of a kind is named, all are meant."""

    names: frozenset[str]

    def operations(self) -> list[Operation]:
        return [o for o in OPERATIONS if o.name in self.names] or list(OPERATIONS)

    def servers(self, known: Sequence[Server]) -> list[Server]:
        """The limit is always there: everything is compared with it."""
        named = [server for server in known if server.name in self.names] or known
        return [LIMIT, *(server for server in named if server is not LIMIT)]


@dataclass(frozen=True)
class Run:
    """A database with its rows, and who is measured on it."""

    effort: Effort
    dsn: str
    facts: seed.Facts
    bench: Bench
    disturbance: str

    def started(self, chosen: Sequence[Server], stack: ExitStack) -> list[Running]:
        first, core = self.bench.customers[0], self.bench.cores.server
        return [
            stack.enter_context(running(one, self.dsn, core, TINY.asked(one.name, first)))
            for one in chosen
        ]

    def measured(
        self, operations: Sequence[Operation], started: Sequence[Running]
    ) -> list[Measured]:
        """Raises `Disagreement` before the first figure if the answers differ."""
        for operation in operations:
            self.bench.agree(operation, started)
        found: list[Measured] = []
        for operation in operations:
            with console.status(f"Measuring {operation.name}"):
                found.append(Measured(operation, [*self.bench.samples(operation, started)]))
        return found

    def soaked(self) -> Soaked:
        sizes: list[float] = []
        with ExitStack() as stack:
            (server,) = self.started([LK], stack)
            for size in soak(self.bench, server):
                console.print(f"{len(sizes) * STEP:>7,} requests: {size:.0f} MiB RSS")
                sizes.append(size)
        return Soaked(sizes)


def prepared(effort: Effort, stack: ExitStack) -> Run:
    """Raises OSError on a machine with one core."""
    cores, disturbance = processes.share_out(), processes.disturbance()
    if disturbance:
        console.print(f"[yellow]{disturbance}")
    with processes.pinned(cores.database):
        postgresql = stack.enter_context(temporary())
    with console.status(f"Making {effort.customers:,} customers with three years of bills"):
        dsn = asyncio.run(seed.seed(postgresql, effort.customers))
        facts = asyncio.run(seed.facts(dsn))
    bench = Bench(cores, facts.postmaster, facts.customers, effort.rounds, effort.seconds)
    return Run(effort, dsn, facts, bench, disturbance)


def known_servers() -> list[Server]:
    """All of them, or all but those that need Node where there is none."""
    try:
        with console.status("Preparing the peers; the first time, npm fetches 300 packages"):
            return [*servers.OWN, *servers.peers(node.ready())]
    except node.NoPeers as reason:
        console.print(f"[yellow]Without Mercurius and PostGraphile: {reason}")
        return [*servers.OWN]


def conditions(run: Run, node_version: str | None) -> list[str]:
    """How the figures came about, a line each."""
    effort, cores = run.effort, run.bench.cores
    beside = "the load on another" if cores.load != cores.database else "the load beside it"
    rows = f"{effort.customers:,} customers, {effort.customers * 54:,} bills with"
    return [
        f"{processes.description()}: the server alone on a core, PostgreSQL on others, {beside}.",
        f"Code {report.commit()}; {report.versions(run.facts.version, node_version)}.",
        f"{rows} {effort.customers * 270:,} lines, {effort.customers * 144:,} readings.",
        f"{effort.rounds} rounds of {effort.seconds} s on 16 connections, the servers in turn.",
        f"To repeat: {HOW}.",
        *([run.disturbance] if run.disturbance else ()),
    ]


def compare(run: Run, chosen: Chosen, *, write: bool) -> None:
    known = known_servers()
    with ExitStack() as stack:
        started = run.started(chosen.servers(known), stack)
        measured = run.measured(chosen.operations(), started)
        sizes = [Size(server, processes.memory(server.pid)) for server in started]
    titles = {server.name: server.server.title for server in started}
    report.show(measured, titles, sizes)
    works = [receipts.measured().line]
    # An import of few bills would measure the start of Python
    imported = imports.measured(BILLS) if write else None
    if imported:
        works.append(imported.line)
    console.print(*works, sep="\n")
    found = report.findings(measured, sizes, imported.ratio if imported else None)
    report.show_budget(found)
    if write:
        node_version = node.version(node.ready()) if len(known) > len(servers.OWN) else None
        facts = [*map(report.told, sizes), *works]
        report.write(measured, titles, facts, found, conditions(run, node_version))
        console.print(f"Written to {report.RESULTS.relative_to(servers.ROOT)}")


def main(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="How often each server takes its turn.")] = 5,
    only: Annotated[
        list[str] | None, typer.Option(help="Some operations or servers: tiny, lk, mercurius, …")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Little data, short turns: a look.")
    ] = False,
    memory: Annotated[
        bool, typer.Option("--memory", help="100,000 requests of 5,000 documents: does it grow?")
    ] = False,
) -> None:
    """Measure what an answer costs, against the limit and against peers.

    Takes about five minutes, and an idle machine with two cores or more. A full run writes
    benchmarks/results.md; what --only and --quick say is for oneself.
    """
    effort = Effort(200, min(rounds, 3), 0.6) if quick else Effort(2000, rounds, 1.5)
    try:
        with ExitStack() as stack:
            run = prepared(effort, stack)
            if memory:
                console.print(run.soaked().verdict)
            else:
                compare(run, Chosen(frozenset(only or ())), write=not (quick or only))
    except (Disagreement, NotReady, OSError) as reason:
        console.print(f"[red]{reason}")
        raise typer.Exit(1) from reason


if __name__ == "__main__":
    typer.run(main)
