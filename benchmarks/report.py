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

from benchmarks import budget, node
from benchmarks.budget import Finding, Size
from benchmarks.measure import Sample, medians, ratio
from benchmarks.operations import Operation
from benchmarks.servers import ROOT

RESULTS = Path(__file__).parent / "results.md"
PYTHON_PACKAGES = ("asyncpg", "graphql-core", "orjson", "strawberry-graphql", "uvicorn", "uvloop")
NODE_PACKAGES = (
    "fastify",
    "@fastify/helmet",
    "@fastify/rate-limit",
    "mercurius",
    "postgraphile",
    "prom-client",
)
COLUMNS = ("", "server ms", "× by hand", "DB ms", "answers/s", "p50 ms", "p99 ms")
BUDGET_TITLE = "lk_graphql; CPU as a ratio to Mercurius with the same duties in the same run"
BUDGET_COLUMNS = ("", "budget", "by hand, same duties", "found", "")

Rounds = Sequence[Mapping[str, Sample]]


@dataclass(frozen=True)
class Measured:
    """An operation and its rounds."""

    operation: Operation
    rounds: Rounds


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


def findings(
    all_measured: Sequence[Measured], sizes: Sequence[Size], imported: float | None = None
) -> list[Finding]:
    """The lines of the budget that this run measured; `imported` is the ratio of an import."""
    rounds = {measured.operation.name: measured.rounds for measured in all_measured}
    found = [*budget.cost_findings(rounds), *budget.process_findings(sizes)]
    return found if imported is None else [*found, budget.import_finding(imported)]


def show(
    all_measured: Sequence[Measured], titles: Mapping[str, str], sizes: Sequence[Size]
) -> None:
    console = Console()
    for measured in all_measured:
        table = Table(*COLUMNS, title=measured.operation.title, box=box.SIMPLE_HEAD, pad_edge=False)
        table.title_justify = "left"
        table.columns[0].min_width = 17
        for column in table.columns[1:]:
            column.justify = "right"
        for cells in rows(measured, titles):
            table.add_row(*cells)
        console.print(table)
    console.print("CPU a request, medians of the rounds; × is the median of each round's ratio.")
    for size in sizes:
        console.print(told(size))


def show_budget(found: Sequence[Finding]) -> None:
    table = Table(*BUDGET_COLUMNS, title=BUDGET_TITLE, box=box.SIMPLE_HEAD, pad_edge=False)
    table.title_justify = "left"
    for finding in found:
        table.add_row(*_cells(finding), style="" if finding.kept else "red")
    Console().print(table)


def write(
    all_measured: Sequence[Measured],
    titles: Mapping[str, str],
    facts: Sequence[str],
    found: Sequence[Finding],
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
    lines += ["## Budget", "", f"{BUDGET_TITLE}.", ""]
    lines += [_row(BUDGET_COLUMNS), _row(["---"] * len(BUDGET_COLUMNS))]
    lines += [_row(_cells(finding)) for finding in found]
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


def _cells(finding: Finding) -> Sequence[str]:
    numbers = (finding.allowed, finding.by_hand, finding.found)
    return (finding.line, *map(finding.figure, numbers), "kept" if finding.kept else "missed")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
