"""The report: tables for the terminal, and `results.md` with the conditions."""

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
from benchmarks.budget import BudgetLine, ServerSize
from benchmarks.measure import Sample, medians, ratio
from benchmarks.operations import BenchmarkOperation
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
class MeasuredOperation:
    """An operation and its rounds."""

    operation: BenchmarkOperation
    rounds: Rounds


def rows(measured: MeasuredOperation, titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """A row of texts for each server, in the order of COLUMNS."""
    for name, title in titles.items():
        samples = [round_[name] for round_ in measured.rounds if name in round_]
        if not samples:
            continue
        sample = medians(samples)
        has_limit = measured.operation.has_peers
        cost_ratio = f"{ratio(measured.rounds, name, 'limit'):.2f}" if has_limit else ""
        yield (
            title, f"{sample.server:.3f}", cost_ratio, f"{sample.database:.3f}",
            f"{sample.rate:,.0f}", f"{sample.p50:.1f}", f"{sample.p99:.1f}",
        )  # fmt: skip


def budget_lines(
    all_measured: Sequence[MeasuredOperation],
    sizes: Sequence[ServerSize],
    imported: float | None = None,
) -> list[BudgetLine]:
    """The budget lines measured by this run; `imported` is the ratio of an import."""
    rounds = {measured.operation.name: measured.rounds for measured in all_measured}
    lines = [
        *budget.cost_lines(rounds),
        *budget.together_lines(rounds),
        *budget.process_lines(sizes),
    ]
    return lines if imported is None else [*lines, budget.import_line(imported)]


def show(
    all_measured: Sequence[MeasuredOperation],
    titles: Mapping[str, str],
    sizes: Sequence[ServerSize],
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
        console.print(size_text(size))


def show_budget(lines: Sequence[BudgetLine]) -> None:
    table = Table(*BUDGET_COLUMNS, title=BUDGET_TITLE, box=box.SIMPLE_HEAD, pad_edge=False)
    table.title_justify = "left"
    for line in lines:
        table.add_row(*_cells(line), style="" if line.is_met else "red")
    Console().print(table)


def write(
    all_measured: Sequence[MeasuredOperation],
    titles: Mapping[str, str],
    facts: Sequence[str],
    budget: Sequence[BudgetLine],
    conditions: Sequence[str],
) -> None:
    """Write `results.md` after a full run; `facts` are sentences outside the tables."""
    lines = ["# What it costs", "", f"Measured on {datetime.now(UTC):%Y-%m-%d}."]
    lines += [*(f"- {condition}" for condition in conditions), ""]
    for measured in all_measured:
        lines += [f"## {measured.operation.title}", "", _row(COLUMNS), _row(["---"] * len(COLUMNS))]
        lines += [*map(_row, rows(measured, titles)), ""]
    lines += ["## Memory, start, and work beside requests", ""]
    lines += [*(f"- {fact}" for fact in facts), ""]
    lines += ["## Budget", "", f"{BUDGET_TITLE}.", ""]
    lines += [_row(BUDGET_COLUMNS), _row(["---"] * len(BUDGET_COLUMNS))]
    lines += [_row(_cells(line_)) for line_ in budget]
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
    """The measured commit, as named by git."""
    process = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return process.stdout.strip() or "unknown"


def size_text(size: ServerSize) -> str:
    return (
        f"{size.server.server.title}: {size.memory.rss:.0f} MiB RSS, {size.memory.pss:.0f} MiB PSS;"
        f" first answer {size.server.seconds:.2f} s after its start"
    )


def _cells(line: BudgetLine) -> Sequence[str]:
    numbers = (line.allowed, line.by_hand, line.measured)
    return (line.line, *map(line.figure, numbers), "kept" if line.is_met else "missed")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
