"""The memory test: 100,000 requests of 5,000 documents, of which a few are frequent."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import budget
from benchmarks.measure import Bench
from benchmarks.operations import OPERATIONS, BenchmarkOperation, http_request, variables
from benchmarks.processes import memory
from benchmarks.seed import SeededCustomer
from benchmarks.servers import RunningServer

REQUESTS, DOCUMENTS, STEP = 100_000, 5_000, 10_000
MAX_SIZE = budget.MEMORY / budget.MB_PER_MIB
GROWTH = 1.05  # from the middle of the run to its end
READS = [operation for operation in OPERATIONS if operation.name != "submit"]
SECONDS = 600.0  # for a step, at most


@dataclass(frozen=True)
class SoakResult:
    """RSS in MiB: at the start, then after each step."""

    sizes: Sequence[float]

    @property
    def verdict(self) -> str:
        """The result in a sentence; in the middle, all frequent documents are cached."""
        start, middle, end = self.sizes[0], self.sizes[len(self.sizes) // 2], self.sizes[-1]
        is_met = end <= MAX_SIZE and end <= middle * GROWTH
        outcome = "kept" if is_met else "missed"
        return (
            f"{outcome}: {start:.0f} MiB RSS at the start, {middle:.0f} in the middle, {end:.0f}"
            f" after {REQUESTS:,} requests of {DOCUMENTS:,} documents"
            f" ({MAX_SIZE:.0f} MiB and no growth are allowed)"
        )


def soak(bench: Bench, server: RunningServer) -> Iterator[float]:
    """The size at the start and after each step. Raises `AnswersDiffer` if a request fails."""
    yield memory(server.pid).rss
    rng = random.Random(7)
    numbers = [*range(DOCUMENTS), *(_skewed_number(rng) for _ in range(REQUESTS - DOCUMENTS))]
    rng.shuffle(numbers)
    for start in range(0, REQUESTS, STEP):
        requests = [
            _request(number, rng.choice(bench.customers))
            for number in numbers[start : start + STEP]
        ]
        bench.run_load(server, requests, SECONDS, at_most=STEP)
        yield memory(server.pid).rss


def _skewed_number(rng: random.Random) -> int:
    """The number of a document; half of all are among the first sixteenth."""
    return int(DOCUMENTS * rng.random() ** 4)


def _request(number: int, customer: SeededCustomer) -> str:
    document = _variant(READS[number % len(READS)], number)
    body = {"query": document, "variables": variables(document, "lk", customer)}
    return http_request(json.dumps(body), customer.token)


def _variant(operation: BenchmarkOperation, number: int) -> str:
    """The operation as a different document: another name, and one more alias."""
    name = operation.name.capitalize()
    document = operation.document("lk").replace(f"query {name}", f"query {name}{number}")
    return document.replace("{", f"{{\n  mine{number}: viewer {{ id }}", 1)
