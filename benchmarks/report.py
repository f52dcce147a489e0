"""The figures: one table for the terminal, and `results.md` with how they came about."""

import json
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks import node, processes
from benchmarks.measure import Sample, medians, ratio
from benchmarks.operations import Operation
from benchmarks.servers import ROOT, Running

RESULTS = Path(__file__).parent / "results.md"
PYTHON_PACKAGES = ("asyncpg", "graphql-core", "orjson", "strawberry-graphql", "uvicorn", "uvloop")
NODE_PACKAGES = ("fastify", "mercurius", "postgraphile")
COLUMNS = ("", "server ms", "× by hand", "DB ms", "answers/s", "p50 ms", "p99 ms")
BUDGET_COLUMNS = ("", "allowed", "by hand with our duties", "found", "")
# Of the servers' CPU a request: operation, against whom, at most how many times as much
BUDGET = (
    ("dashboard", "limit", 1.2),
    ("readings", "limit", 1.2),
    ("tiny", "limit", 1.2),
    ("dashboard", "mercurius", 0.2),
    ("readings", "mercurius", 0.2),
    ("tiny", "mercurius", 1.0),
    ("submit", "mercurius", 1.0),
)

Rounds = Sequence[Mapping[str, Sample]]


@dataclass(frozen=True)
class Measured:
    """An operation and its rounds."""

    operation: Operation
    rounds: Rounds


@dataclass(frozen=True)
class Verdict:
    """A line of the budget and what was measured.

    `floor` is what is by hand with our duties; None where that wasn't asked (`--only`).
    """

    line: str
    allowed: float
    floor: float | None
    found: float

    @property
    def kept(self) -> bool:
        return self.found <= self.allowed


@dataclass(frozen=True)
class Size:
    """A server's memory when it had answered everything, and its time to the first answer."""

    server: Running
    memory: processes.Memory


def rows(measured: Measured, titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """A row for each server, the cells as texts, in the order of COLUMNS."""
    for name, title in titles.items():
        samples = [one[name] for one in measured.rounds if name in one]
        if not samples:
            continue
        m = medians(samples)
        times = ratio(measured.rounds, name, "limit")
        yield (
            title, f"{m.server:.3f}", f"{times:.2f}", f"{m.database:.3f}",
            f"{m.rate:,.0f}", f"{m.p50:.1f}", f"{m.p99:.1f}",
        )  # fmt: skip


def verdicts(all_measured: Sequence[Measured]) -> Iterator[Verdict]:
    """The lines of the budget that this run can judge."""
    rounds = {measured.operation.name: measured.rounds for measured in all_measured}
    for operation, against, allowed in BUDGET:
        ran = rounds.get(operation)
        if ran and {"lk", against} <= ran[0].keys():
            line = f"{operation}: server CPU against {against}"
            floor = ratio(ran, "duties", against) if "duties" in ran[0] else None
            yield Verdict(line, allowed, floor, ratio(ran, "lk", against))


def show(
    all_measured: Sequence[Measured], titles: Mapping[str, str], sizes: Sequence[Size]
) -> None:
    console = Console()
    for measured in all_measured:
        table = Table(*COLUMNS, title=measured.operation.title, box=box.SIMPLE_HEAD, pad_edge=False)
        table.title_justify = "left"
        table.columns[0].min_width = 16
        for column in table.columns[1:]:
            column.justify = "right"
        for cells in rows(measured, titles):
            table.add_row(*cells)
        console.print(table)
    console.print("CPU a request, medians of the rounds; × is the median of each round's ratio.")
    for size in sizes:
        console.print(told(size))
    for verdict in verdicts(all_measured):
        mark = "[green]kept[/]" if verdict.kept else "[red]missed[/]"
        floor = verdict.floor
        beside = "" if floor is None else f"; by hand with our duties {floor:.2f} ×"
        console.print(
            f"{mark}  {verdict.line}: {verdict.found:.2f} × of {verdict.allowed} × allowed{beside}"
        )


def write(
    all_measured: Sequence[Measured],
    titles: Mapping[str, str],
    facts: Sequence[str],
    conditions: Sequence[str],
) -> None:
    """`results.md`, from a full run; `facts` are what tables don't hold, a sentence each."""
    lines = ["# What it costs", "", f"Measured on {datetime.now(UTC):%Y-%m-%d}."]
    lines += [*(f"- {condition}" for condition in conditions), ""]
    for measured in all_measured:
        lines += [f"## {measured.operation.title}", "", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
        lines += [*map(_row, rows(measured, titles)), ""]
    lines += ["## Memory, start, and work beside requests", ""]
    lines += [*(f"- {fact}" for fact in facts), ""]
    lines += ["## Budget", "", _row(BUDGET_COLUMNS), _row(["---"] * len(BUDGET_COLUMNS))]
    lines += [_row(_judged(verdict)) for verdict in verdicts(all_measured)]
    RESULTS.write_text("\n".join(lines) + "\n")


def versions(postgresql: str, node_version: str | None) -> str:
    names = [f"Python {platform.python_version()}", f"PostgreSQL {postgresql}"]
    names += [f"{name} {version(name)}" for name in PYTHON_PACKAGES]
    if node_version:
        lock = json.loads((node.PEERS / "package-lock.json").read_text())["packages"]
        names.append(f"Node {node_version}")
        names += [f"{name} {lock[f'node_modules/{name}']['version']}" for name in NODE_PACKAGES]
    return ", ".join(names)


def commit() -> str:
    """The code that was measured, as git names it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stdout.strip() or "unknown"


def told(size: Size) -> str:
    return (
        f"{size.server.server.title}: {size.memory.rss:.0f} MiB RSS, {size.memory.pss:.0f} MiB PSS;"
        f" first answer {size.server.seconds:.2f} s after its start"
    )


def _judged(verdict: Verdict) -> Sequence[str]:
    times = (verdict.allowed, verdict.floor, verdict.found)
    ratios = ("" if one is None else f"{one:.2f} ×" for one in times)
    return (verdict.line, *ratios, "kept" if verdict.kept else "**missed**")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
