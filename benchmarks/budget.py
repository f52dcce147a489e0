"""The budget of `make bench`, and what a run found for each of its lines.

Costs are ratios to Mercurius with the same duties, measured in the same run (decision 0070).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import Cost, Sample, ratio, server_and_database, server_only
from benchmarks.processes import Memory
from benchmarks.servers import DUTIES, LK, MERCURIUS_DUTIES, Running

# Operation, CPU of which processes, at most how many times the peer's
COSTS: tuple[tuple[str, Cost, str, float], ...] = (
    ("dashboard", server_only, "server", 0.20),
    ("readings", server_only, "server", 0.50),
    ("tiny", server_only, "server", 1.0),
    ("dashboard", server_and_database, "server + database", 0.35),
    ("readings", server_and_database, "server + database", 0.85),
    ("tiny", server_and_database, "server + database", 1.1),
    ("submit", server_and_database, "server + database", 3.0),
)
MEMORY = 150.0  # MB
FIRST_ANSWER = 4.0  # seconds
IMPORT = 3.0  # times a COPY of the same rows
MB_PER_MIB = 2**20 / 1e6


@dataclass(frozen=True)
class Size:
    """A server's memory when it had answered everything, and its time to the first answer."""

    server: Running
    memory: Memory


@dataclass(frozen=True)
class Finding:
    """A line of the budget and the figure of this run, both in `unit`.

    `by_hand` is the same figure of the hand-written server with the same duties; None where it
    doesn't exist or wasn't measured (`--only`).
    """

    line: str
    unit: str
    allowed: float
    found: float
    by_hand: float | None = None

    @property
    def kept(self) -> bool:
        return self.found <= self.allowed

    def figure(self, number: float | None) -> str:
        """As text with its unit; "" for None."""
        if number is None:
            return ""
        return f"{number:.0f} MB" if self.unit == "MB" else f"{number:.2f} {self.unit}"


def cost_findings(rounds: Mapping[str, Sequence[Mapping[str, Sample]]]) -> Iterator[Finding]:
    """For the rounds of each operation. Lines whose servers weren't measured are left out."""
    peer = MERCURIUS_DUTIES
    for operation, cost, description, allowed in COSTS:
        measured = rounds.get(operation)
        if not measured or not {LK.name, peer} <= measured[0].keys():
            continue
        has_duties = DUTIES.name in measured[0]
        by_hand = ratio(measured, DUTIES.name, peer, cost) if has_duties else None
        found = ratio(measured, LK.name, peer, cost)
        yield Finding(f"{operation}: {description}", "×", allowed, found, by_hand)


def process_findings(sizes: Sequence[Size]) -> Iterator[Finding]:
    """Memory and start of the project's server, if it was measured."""
    for size in sizes:
        if size.server.name == LK.name:
            megabytes = size.memory.rss * MB_PER_MIB
            yield Finding("memory after this run (RSS)", "MB", MEMORY, megabytes)
            yield Finding("start to first answer", "s", FIRST_ANSWER, size.server.seconds)


def import_finding(times: float) -> Finding:
    return Finding("import against a COPY of the same rows", "×", IMPORT, times)
