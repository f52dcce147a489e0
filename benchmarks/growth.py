"""`python -m benchmarks.growth`: what one customer's questions cost among few and among many.

Makes the demo's supplier at two sizes (kept in the folder, so that a second run is quick), then
asks the same of both, in turn, with the reader of production and no HTTP around it. What is
compared is the CPU of our process and of PostgreSQL's, and the pages that PostgreSQL looks at.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import processes
from benchmarks.questions import QUESTIONS, LookUp, Question
from benchmarks.suppliers import Supplier, disk_size, fill, settle, supplier
from lk_graphql import database
from lk_graphql.demo.data.growth import GrowthSize
from lk_graphql.demo.postgres import embedded

RESULTS = Path(__file__).parent / "growth.md"
ALLOWED = 1.2


@dataclass(frozen=True)
class Cost:
    """Of one answer: milliseconds of our CPU and of PostgreSQL's, and pages."""

    ours: float
    theirs: float
    pages: float


@dataclass(frozen=True)
class Line:
    """What a question costs among few and among many; `ratio` is that of all CPU together."""

    title: str
    few: Cost
    many: Cost
    ratio: float

    def cells(self) -> tuple[str, ...]:
        few, many = self.few, self.many
        return (
            self.title,
            *(f"{one.ours:.3f} + {one.theirs:.3f}" for one in (few, many)),
            f"{self.ratio:.2f}",
            *(f"{one.pages:.0f}" for one in (few, many)),
        )


async def measured(
    question: Question | LookUp, both: tuple[Supplier, Supplier], rounds: int
) -> Line:
    """One turn to warm up, then the two in turn; the ratio is the median of the rounds'."""
    for one in both:
        await one.cpu(question)
    turns = [[await one.cpu(question) for one in both] for _ in range(rounds)]
    few, many = [
        Cost(
            median(turn[place][0] for turn in turns),
            median(turn[place][1] for turn in turns),
            await one.pages(question),
        )
        for place, one in enumerate(both)
    ]
    ratio = median(sum(many) / sum(few) for few, many in turns)
    return Line(question.title, few, many, ratio)


async def compared(dsns: Mapping[int, str], askers: int, rounds: int) -> list[Line]:
    await database.open_models(next(iter(dsns.values())))  # a reader checks its types by them
    try:
        async with AsyncExitStack() as stack:
            few, many = [
                await stack.enter_async_context(supplier(dsn, accounts, askers))
                for accounts, dsn in dsns.items()
            ]
            return [await measured(question, (few, many), rounds) for question in QUESTIONS]
    finally:
        await database.close_models()


def columns(dsns: Mapping[int, str]) -> list[str]:
    names = [f"{accounts:,}" for accounts in dsns]
    return ["", *(f"ms at {n}" for n in names), "×", *(f"pages at {n}" for n in names)]


def show(lines: Sequence[Line], header: Sequence[str]) -> None:
    table = Table(*header)
    for line in lines:
        table.add_row(*line.cells())
    console = Console()
    console.print(table)
    dearer = [line.title for line in lines if line.ratio > ALLOWED]
    console.print(f"Over {ALLOWED} ×: {', '.join(dearer) or 'none'}.")


def write(lines: Sequence[Line], header: Sequence[str], conditions: Sequence[str]) -> None:
    """`growth.md`."""
    rows = (header, ["---"] * len(header), *(line.cells() for line in lines))
    text = [
        "# What growth costs",
        "",
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with `python -m benchmarks.growth`.",
        *(f"- {condition}" for condition in conditions),
        "- ms: CPU of our process + of PostgreSQL's for one answer. ×: both together, the median",
        f"  of the rounds' ratios; {ALLOWED} is allowed. A page has 8 KiB.",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    RESULTS.write_text("\n".join(text) + "\n")


def main(
    folder: Annotated[Path, typer.Argument(help="Where the databases are kept: some 12 GB.")],
    *,
    few: Annotated[int, typer.Option(help="Accounts of the small supplier.")] = 10_000,
    many: Annotated[int, typer.Option(help="Accounts of the large one.")] = 1_000_000,
    months: Annotated[int, typer.Option(help="Billed months of an account.")] = 3,
    askers: Annotated[int, typer.Option(help="How many customers ask.")] = 300,
    rounds: Annotated[int, typer.Option(help="How often each asks.")] = 15,
) -> None:
    """Measure what a customer's questions cost among few accounts and among many."""
    for accounts in (few, many):
        with embedded(folder / str(accounts)) as dsn:
            asyncio.run(settle(dsn))
        with embedded(folder / str(accounts)) as dsn:
            asyncio.run(fill(dsn, GrowthSize(accounts, months)))
    with ExitStack() as stack:
        dsns = {n: stack.enter_context(embedded(folder / str(n))) for n in (few, many)}
        disturbance = processes.disturbance()
        lines = asyncio.run(compared(dsns, askers, rounds))
        sizes = [f"{n:,} accounts in {asyncio.run(disk_size(dsn))}" for n, dsn in dsns.items()]
    conditions = [
        f"{processes.description()}.",
        f"{'; '.join(sizes)}. {askers} customers of each, {rounds} times.",
        *filter(None, [disturbance]),
    ]
    show(lines, columns(dsns))
    write(lines, columns(dsns), conditions)


if __name__ == "__main__":
    typer.run(main)
