"""Rounds of load, with the CPU of each server and of the database."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise, zip_longest
from statistics import median

from benchmarks.load import LoadJob, LoadResult, with_keys
from benchmarks.operations import BenchmarkOperation
from benchmarks.processes import Cores, cpu_seconds, pinned, spent
from benchmarks.seed import SeededCustomer
from benchmarks.servers import ROOT, RunningServer, ask


class AnswersDiffer(Exception):
    """Two servers answer differently, or one fails, so that nothing can be compared."""


@dataclass(frozen=True)
class Sample:
    """One server in one round; CPU in milliseconds per request."""

    server: float
    database: float
    rate: float
    p50: float
    p99: float


CostMetric = Callable[[Sample], float]


def server_only(sample: Sample) -> float:
    return sample.server


def server_and_database(sample: Sample) -> float:
    return sample.server + sample.database


@dataclass(frozen=True)
class Bench:
    """The setup of all measurements; `postmaster` is the parent of PostgreSQL's processes."""

    cores: Cores
    postmaster: int
    customers: Sequence[SeededCustomer]
    rounds: int
    seconds: float

    def agree(self, operation: BenchmarkOperation, servers: Sequence[RunningServer]) -> None:
        """Raise `AnswersDiffer` unless all servers answer two customers equally."""
        for customer in (self.customers[0], self.customers[-1]):
            requests = [
                (server.port, operation.request(server.name, customer).encode())
                for server in servers
            ]
            answers = [ask(port, next(with_keys([text])).decode()) for port, text in requests]
            for (first, first_answer), (second, second_answer) in pairwise(
                zip(servers, answers, strict=True)
            ):
                if first_answer != second_answer:
                    lines = difference(first_answer, second_answer)
                    raise AnswersDiffer(
                        f"{operation.name}: {first.name} and {second.name} say {lines}"
                    )

    def samples(
        self, operation: BenchmarkOperation, servers: Sequence[RunningServer]
    ) -> Iterator[dict[str, Sample]]:
        """Warm up, then measure round by round; each round starts with another server."""
        jobs = {server_.name: self._requests(operation, server_) for server_ in servers}
        for server in servers:
            self.run_load(server, jobs[server.name], min(self.seconds, 1.0))
        for number in range(self.rounds):
            turn = [*servers[number % len(servers) :], *servers[: number % len(servers)]]
            yield {
                server_.name: self.run_load(server_, jobs[server_.name], self.seconds, number)
                for server_ in turn
            }

    def run_load(
        self,
        server: RunningServer,
        requests: list[str],
        seconds: float,
        turn: int = 0,
        at_most: int = 0,
    ) -> Sample:
        job = LoadJob(server.port, requests, seconds, start=turn * 1009, at_most=at_most)
        pids = (server.pid, self.postmaster)
        before = [cpu_seconds(pid) for pid in pids]
        outcome = _load(job, self.cores)
        after = [cpu_seconds(pid) for pid in pids]
        if outcome.failed or not outcome.answered:
            raise AnswersDiffer(f"{server.name} failed {outcome.failed} times:\n{outcome.example}")
        server_cpu, database_cpu = (
            spent(start, end) / outcome.answered * 1000
            for start, end in zip(before, after, strict=True)
        )
        rate = outcome.answered / outcome.seconds
        return Sample(server_cpu, database_cpu, rate, outcome.p50, outcome.p99)

    def _requests(self, operation: BenchmarkOperation, server: RunningServer) -> list[str]:
        return [operation.request(server.name, customer) for customer in self.customers]


def _load(job: LoadJob, cores: Cores) -> LoadResult:
    with pinned(cores.load):
        load = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
    output, _ = load.communicate(json.dumps(asdict(job)))
    if load.returncode:
        raise AnswersDiffer("The load generator failed: a server closed a connection.")
    return LoadResult(**json.loads(output))


def medians(samples: Sequence[Sample]) -> Sample:
    """The medians of each field."""
    columns = zip(*(asdict(sample).values() for sample in samples), strict=True)
    return Sample(*(median(column) for column in columns))


def ratio(
    rounds: Sequence[Mapping[str, Sample]], server: str, to: str, cost: CostMetric = server_only
) -> float:
    """The ratio of two servers' CPU per request: the median over the rounds."""
    return median(cost(round_[server]) / cost(round_[to]) for round_ in rounds)


def difference(first: object, second: object) -> str:
    """The first line that differs between two answers."""
    lines = (
        json.dumps(answer, ensure_ascii=False, indent=0).split("\n") for answer in (first, second)
    )
    return next(
        f"{first_line!r} and {second_line!r}"
        for first_line, second_line in zip_longest(*lines)
        if first_line != second_line
    )
