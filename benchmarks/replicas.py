"""`python -m benchmarks.replicas`: what reads on a replica do to the CPU of the primary.

The same number of requests is sent to a server without and to one with a replica, in turn. Both
read the same rows; the primary and its hot standby run on this machine, so rates say nothing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from statistics import median
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import processes, seed
from benchmarks.measure import Bench
from benchmarks.operations import OPERATIONS, TINY, BenchmarkOperation
from benchmarks.operations_page import conditions, replace_section
from benchmarks.processes import cpu_seconds, spent
from benchmarks.servers import LK, RunningServer, running
from lk_graphql.demo.postgres.restartable import standby_of, temporary_postgres

TITLE = "Reads on replicas"
HEAD = (
    "CPU in milliseconds per request, medians of the rounds. The replica is a hot standby on the"
    " same machine. A write is executed by the primary, and its position is recorded.\n\n"
    "| operation | replica read | server | primary | replica | p50 ms | primary's CPU |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)
NAMES = ("dashboard", "tiny", "submit")
LIMIT = 600.0  # seconds for the requests of a turn, which are counted
console = Console()


@dataclass(frozen=True)
class Cost:
    """CPU in milliseconds per request, and the median of the latencies."""

    server: float
    primary: float
    replica: float
    p50: float


@dataclass(frozen=True)
class Pair:
    """The two servers, and the parent process of the standby."""

    bench: Bench
    servers: Sequence[RunningServer]
    standby: int
    requests: int

    def costs(self, operation: BenchmarkOperation, server: RunningServer) -> Iterator[Cost]:
        """A warm-up, then the cost of each round."""
        requests = [operation.request(LK.name, each) for each in self.bench.customers]
        for number in range(self.bench.rounds + 1):
            before = cpu_seconds(self.standby)
            sample = self.bench.run_load(server, requests, LIMIT, number, at_most=self.requests)
            replica = spent(before, cpu_seconds(self.standby)) / self.requests * 1000
            if number:
                yield Cost(sample.server, sample.database, replica, sample.p50)

    def lines(self, operation: BenchmarkOperation) -> Iterator[str]:
        """A line of the table for each server; the servers take turns."""
        runs = [self.costs(operation, server) for server in self.servers]
        without, with_ = map(_medians, zip(*zip(*runs, strict=True), strict=True))
        yield _line(operation.name, "no", without, "")
        yield _line("", "yes", with_, f"{with_.primary / without.primary:.0%}")


def _medians(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.server for cost in costs),
        median(cost.primary for cost in costs),
        median(cost.replica for cost in costs),
        median(cost.p50 for cost in costs),
    )


def _line(name: str, has_replica: str, cost: Cost, share: str) -> str:
    return (
        f"| {name} | {has_replica} | {cost.server:.2f} | {cost.primary:.2f} | {cost.replica:.2f}"
        f" | {cost.p50:.0f} | {share} |"
    )


def measure(customers: int, rounds: int, requests: int) -> str:
    """The table."""
    cores = processes.assign_cores()
    with ExitStack() as stack:
        with processes.pinned(cores.database):
            primary = stack.enter_context(temporary_postgres())
            dsn = asyncio.run(seed.seed(primary.dsn(), seed.SeedSize(customers)))
            standby = stack.enter_context(standby_of(primary.dsn()))
        replica_dsn = standby.dsn(seed.NAME)
        facts = asyncio.run(seed.facts(dsn))
        bench = Bench(cores, facts.postmaster, facts.customers, rounds, LIMIT)
        replicated = replace(LK, environment={**LK.environment, "LK_REPLICA_URLS": replica_dsn})
        ready = TINY.request(LK.name, bench.customers[0])
        servers = [
            stack.enter_context(running(spec, dsn, cores.server, ready))
            for spec in (LK, replicated)
        ]
        pair = Pair(bench, servers, asyncio.run(seed.facts(replica_dsn)).postmaster, requests)
        operations = {operation.name: operation for operation in OPERATIONS}
        lines = [line for name in NAMES for line in pair.lines(operations[name])]
    return "\n".join([HEAD, *lines])


def main(
    *,
    customers: Annotated[int, typer.Option(min=10, help="Customers of the database.")] = 2000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds of each server.")] = 5,
    requests: Annotated[int, typer.Option(min=10, help="Requests of a round.")] = 1500,
    write: Annotated[bool, typer.Option("--write", help="Write the section of the page.")] = False,
) -> None:
    """Measure the CPU of the primary per request, with and without a replica."""
    disturbance = processes.disturbance()
    table = measure(customers, rounds, requests)
    console.print(table)
    if write:
        sizes = f"--customers {customers} --rounds {rounds} --requests {requests}"
        parts = (conditions(f"replicas --write {sizes}", customers * 3), disturbance, table)
        replace_section(TITLE, "\n\n".join(filter(None, parts)))


if __name__ == "__main__":
    typer.run(main)
