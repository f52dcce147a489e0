"""Rounds of load, and what each server and the database spent on them."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, zip_longest
from statistics import median

from benchmarks.load import Job, Outcome, with_keys
from benchmarks.operations import Operation
from benchmarks.processes import Cores, cpu_seconds, pinned, spent
from benchmarks.seed import Customer
from benchmarks.servers import ROOT, Running, ask


class Disagreement(Exception):
    """Two servers answer differently, or one refuses: nothing can be compared."""


@dataclass(frozen=True)
class Sample:
    """One server in one round; the CPU in milliseconds a request."""

    server: float
    database: float
    rate: float
    p50: float
    p99: float


Cost = Callable[[Sample], float]


def server_only(sample: Sample) -> float:
    return sample.server


def server_and_database(sample: Sample) -> float:
    return sample.server + sample.database


@dataclass(frozen=True)
class Bench:
    """What all measurements share. `postmaster` is the process above all of PostgreSQL's."""

    cores: Cores
    postmaster: int
    customers: Sequence[Customer]
    rounds: int
    seconds: float

    def agree(self, operation: Operation, servers: Sequence[Running]) -> None:
        """Raises `Disagreement` unless all answer a few customers the same."""
        for customer in (self.customers[0], self.customers[-1]):
            asked = [(s.port, operation.asked(s.name, customer).encode()) for s in servers]
            answers = [ask(port, next(with_keys([text])).decode()) for port, text in asked]
            for (one, a), (other, b) in pairwise(zip(servers, answers, strict=True)):
                if a != b:
                    raise Disagreement(
                        f"{operation.name}: {one.name} and {other.name} say {difference(a, b)}"
                    )

    def samples(
        self, operation: Operation, servers: Sequence[Running]
    ) -> Iterator[dict[str, Sample]]:
        """A round after the other; each starts with another server, and the first is warm."""
        jobs = {s.name: self._requests(operation, s) for s in servers}
        for server in servers:
            self.put(server, jobs[server.name], min(self.seconds, 1.0))
        for n in range(self.rounds):
            turn = [*servers[n % len(servers) :], *servers[: n % len(servers)]]
            yield {s.name: self.put(s, jobs[s.name], self.seconds, n) for s in turn}

    def put(
        self, server: Running, requests: list[str], seconds: float, turn: int = 0, at_most: int = 0
    ) -> Sample:
        job = Job(server.port, requests, seconds, start=turn * 1009, at_most=at_most)
        watched = (server.pid, self.postmaster)
        before = [cpu_seconds(pid) for pid in watched]
        outcome = _load(job, self.cores)
        after = [cpu_seconds(pid) for pid in watched]
        if outcome.failed or not outcome.answered:
            raise Disagreement(f"{server.name} failed {outcome.failed} times:\n{outcome.example}")
        own, database = (
            spent(b, a) / outcome.answered * 1000 for b, a in zip(before, after, strict=True)
        )
        rate = outcome.answered / outcome.seconds
        return Sample(own, database, rate, outcome.p50, outcome.p99)

    def _requests(self, operation: Operation, server: Running) -> list[str]:
        return [operation.asked(server.name, customer) for customer in self.customers]


def _load(job: Job, cores: Cores) -> Outcome:
    with pinned(cores.load):
        load = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    told, _ = load.communicate(json.dumps(asdict(job)))
    if load.returncode:
        raise Disagreement("The load broke off: a server closed a connection.")
    return Outcome(**json.loads(told))


def medians(samples: Sequence[Sample]) -> Sample:
    """Field by field."""
    columns = zip(*(asdict(sample).values() for sample in samples), strict=True)
    return Sample(*(median(column) for column in columns))


def ratio(
    rounds: Sequence[Mapping[str, Sample]], server: str, to: str, cost: Cost = server_only
) -> float:
    """Of the CPU a request: the median of each round's ratio."""
    return median(cost(one[server]) / cost(one[to]) for one in rounds)


def difference(one: object, other: object) -> str:
    """The first line in which two answers part."""
    lines = (json.dumps(a, ensure_ascii=False, indent=0).split("\n") for a in (one, other))
    return next(f"{x!r} and {y!r}" for x, y in zip_longest(*lines) if x != y)
