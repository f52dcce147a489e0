"""The budget of `make bench`, with the figures of a run.

Costs are ratios to Mercurius with the same duties, measured in the same run (decision 0070).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measure import CostMetric, Sample, medians, ratio, server_and_database, server_only
from benchmarks.processes import Memory
from benchmarks.servers import DUTIES, LK, MERCURIUS_DUTIES, RunningServer

# operation, CPU metric, its description, maximum ratio to the peer's
COSTS: tuple[tuple[str, CostMetric, str, float], ...] = (
    ("dashboard", server_only, "server", 0.20),
    ("readings", server_only, "server", 0.50),
    ("tiny", server_only, "server", 1.0),
    ("dashboard", server_and_database, "server + database", 0.35),
    ("readings", server_and_database, "server + database", 0.85),
    ("tiny", server_and_database, "server + database", 1.1),
    ("submit", server_and_database, "server + database", 3.0),
)
TOGETHER, APART, TOGETHER_RATIO = "start", ("settings", "dashboard"), 1.2
"""A query with two root fields, the queries with one of them each, and the greatest ratio."""
MEMORY = 150.0  # MB
FIRST_ANSWER = 4.0  # seconds
IMPORT = 3.0  # times a COPY of the same rows
MB_PER_MIB = 2**20 / 1e6


@dataclass(frozen=True)
class ServerSize:
    """A server's memory after the run; `server` has its time to the first answer."""

    server: RunningServer
    memory: Memory


@dataclass(frozen=True)
class BudgetLine:
    """A line of the budget and the figure of this run, both in `unit`.

    `by_hand` is the figure of the hand-written server with the same duties; None if there is none
    or it wasn't measured (`--only`).
    """

    line: str
    unit: str
    allowed: float
    measured: float
    by_hand: float | None = None

    @property
    def is_met(self) -> bool:
        return self.measured <= self.allowed

    def figure(self, number: float | None) -> str:
        """A number with its unit; "" for None."""
        if number is None:
            return ""
        return f"{number:.0f} MB" if self.unit == "MB" else f"{number:.2f} {self.unit}"


def cost_lines(rounds: Mapping[str, Sequence[Mapping[str, Sample]]]) -> Iterator[BudgetLine]:
    """The lines of the measured servers, from the rounds of each operation."""
    peer = MERCURIUS_DUTIES
    for operation, cost, description, allowed in COSTS:
        measured = rounds.get(operation)
        if not measured or not {LK.name, peer} <= measured[0].keys():
            continue
        has_duties = DUTIES.name in measured[0]
        by_hand = ratio(measured, DUTIES.name, peer, cost) if has_duties else None
        figure = ratio(measured, LK.name, peer, cost)
        yield BudgetLine(f"{operation}: {description}", "×", allowed, figure, by_hand)


def together_lines(rounds: Mapping[str, Sequence[Mapping[str, Sample]]]) -> Iterator[BudgetLine]:
    """The start page against its two halves, each in a request of its own."""
    costs = [
        medians([round_[LK.name] for round_ in rounds[name]]).server
        for name in (TOGETHER, *APART)
        if name in rounds and rounds[name] and LK.name in rounds[name][0]
    ]
    if len(costs) == 1 + len(APART):
        together, *apart = costs
        line = f"{TOGETHER}: server, against {' and '.join(APART)} apart"
        yield BudgetLine(line, "×", TOGETHER_RATIO, together / sum(apart))


def process_lines(sizes: Sequence[ServerSize]) -> Iterator[BudgetLine]:
    """The lines for memory and start of the project's server, if it was measured."""
    for size in sizes:
        if size.server.name == LK.name:
            megabytes = size.memory.rss * MB_PER_MIB
            yield BudgetLine("memory after this run (RSS)", "MB", MEMORY, megabytes)
            yield BudgetLine("start to first answer", "s", FIRST_ANSWER, size.server.seconds)


def import_line(times: float) -> BudgetLine:
    return BudgetLine("import against a COPY of the same rows", "×", IMPORT, times)
