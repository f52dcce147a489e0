"""Does the server grow? 100,000 requests of 5,000 documents, few of which are asked for often."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks import budget
from benchmarks.measure import Bench
from benchmarks.operations import OPERATIONS, Operation, http_request, variables
from benchmarks.processes import memory
from benchmarks.seed import Customer
from benchmarks.servers import Running

REQUESTS, DOCUMENTS, STEP = 100_000, 5_000, 10_000
LARGEST = budget.MEMORY / budget.MB_PER_MIB
GROWTH = 1.05  # from the middle of the run to its end
READS = [operation for operation in OPERATIONS if operation.name != "submit"]
SECONDS = 600.0  # for a step, at most


@dataclass(frozen=True)
class Soaked:
    """RSS in MiB: at the start, then after each step."""

    sizes: Sequence[float]

    @property
    def verdict(self) -> str:
        """In a sentence; the middle is where all documents that are often asked for are known."""
        start, middle, end = self.sizes[0], self.sizes[len(self.sizes) // 2], self.sizes[-1]
        kept = end <= LARGEST and end <= middle * GROWTH
        return (
            f"{'kept' if kept else 'missed'}: {start:.0f} MiB RSS at the start, {middle:.0f} in the"
            f" middle, {end:.0f} after {REQUESTS:,} requests of {DOCUMENTS:,} documents"
            f" ({LARGEST:.0f} MiB and no growth are allowed)"
        )


def soak(bench: Bench, server: Running) -> Iterator[float]:
    """The size at the start and after each step. Raises `Disagreement` when a request fails."""
    yield memory(server.pid).rss
    chance = random.Random(7)
    numbers = [*range(DOCUMENTS), *(_favourite(chance) for _ in range(REQUESTS - DOCUMENTS))]
    chance.shuffle(numbers)
    for start in range(0, REQUESTS, STEP):
        asked = [
            _asked(number, chance.choice(bench.customers))
            for number in numbers[start : start + STEP]
        ]
        bench.put(server, asked, SECONDS, at_most=STEP)
        yield memory(server.pid).rss


def _favourite(chance: random.Random) -> int:
    """Half of all requests are for a sixteenth of the documents."""
    return int(DOCUMENTS * chance.random() ** 4)


def _asked(number: int, customer: Customer) -> str:
    document = _own(READS[number % len(READS)], number)
    asked = {"query": document, "variables": variables(document, "lk", customer)}
    return http_request(json.dumps(asked), customer.token)


def _own(operation: Operation, number: int) -> str:
    """The operation as another client would have written it: its own name, one alias more."""
    name = operation.name.capitalize()
    document = operation.document("lk").replace(f"query {name}", f"query {name}{number}")
    return document.replace("{", f"{{\n  mine{number}: viewer {{ id }}", 1)
