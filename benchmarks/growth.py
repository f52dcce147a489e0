"""`python -m benchmarks.growth`: the cost of one customer's queries among few and many accounts.

Makes the demo's supplier at two sizes (kept in the folder, so that a second run is quick), then
runs the same queries on both, in turn, with the production engine and without HTTP. It compares the
CPU of the Python process, the CPU of PostgreSQL, and the pages that PostgreSQL reads.
"""

import asyncio
from collections.abc import Sequence
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
from benchmarks.questions import QUESTIONS, QueryCase, StatementCase
from benchmarks.suppliers import SupplierDatabase, disk_size, fill, settle, supplier
from lk_graphql import database
from lk_graphql.demo.data.growth import GrowthSize
from lk_graphql.demo.postgres import embedded
from lk_graphql.hooks import load_hooks

RESULTS = Path(__file__).parent / "growth.md"
ALLOWED = 1.2


@dataclass(frozen=True)
class QueryCost:
    """Of one answer: milliseconds of CPU in Python and in PostgreSQL, and pages."""

    python: float
    postgresql: float
    pages: float


@dataclass(frozen=True)
class GrowthLine:
    """The costs of a query in each database; `ratio` is the last one's CPU to the first one's."""

    title: str
    costs: Sequence[QueryCost]
    ratio: float

    def cells(self) -> tuple[str, ...]:
        return (
            self.title,
            *(f"{cost.python:.3f} + {cost.postgresql:.3f}" for cost in self.costs),
            f"{self.ratio:.2f}",
            *(f"{cost.pages:.0f}" for cost in self.costs),
        )


async def measured(
    case: QueryCase | StatementCase,
    databases: Sequence[SupplierDatabase],
    rounds: int,
) -> GrowthLine:
    """Warm up, then take the databases in turn; the ratio is the median over the rounds."""
    for database_ in databases:
        await database_.cpu(case)
    turns = [[await database_.cpu(case) for database_ in databases] for _ in range(rounds)]
    costs = [
        QueryCost(
            median(turn[index][0] for turn in turns),
            median(turn[index][1] for turn in turns),
            await database_.pages(case),
        )
        for index, database_ in enumerate(databases)
    ]
    ratio = median(sum(turn[-1]) / sum(turn[0]) for turn in turns)
    return GrowthLine(case.title, costs, ratio)


async def compared(
    databases: Sequence[tuple[int, str]], users: int, rounds: int
) -> list[GrowthLine]:
    """Compare databases, given by their numbers of accounts and addresses."""
    # the engine checks its declarations with the models, and the registries of the slices
    load_hooks()
    await database.open_models(databases[0][1])
    try:
        async with AsyncExitStack() as stack:
            suppliers = [
                await stack.enter_async_context(supplier(dsn, accounts, users))
                for accounts, dsn in databases
            ]
            return [await measured(case, suppliers, rounds) for case in QUESTIONS]
    finally:
        await database.close_models()


def columns(sizes: Sequence[int]) -> list[str]:
    names = [f"{accounts:,}" for accounts in sizes]
    return ["", *(f"ms at {name}" for name in names), "×", *(f"pages at {name}" for name in names)]


def show(lines: Sequence[GrowthLine], header: Sequence[str]) -> None:
    table = Table(*header)
    for line in lines:
        table.add_row(*line.cells())
    console = Console()
    console.print(table)
    over_limit = [line.title for line in lines if line.ratio > ALLOWED]
    console.print(f"Over {ALLOWED} ×: {', '.join(over_limit) or 'none'}.")


def write(lines: Sequence[GrowthLine], header: Sequence[str], conditions: Sequence[str]) -> None:
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
    users: Annotated[int, typer.Option(help="Customers that run the queries.")] = 300,
    rounds: Annotated[int, typer.Option(help="Number of rounds.")] = 15,
) -> None:
    """Measure the cost of a customer's queries among few and many accounts."""
    for accounts in (few, many):
        with embedded(folder / str(accounts)) as dsn:
            asyncio.run(settle(dsn))
        with embedded(folder / str(accounts)) as dsn:
            asyncio.run(fill(dsn, GrowthSize(accounts, months)))
    with ExitStack() as stack:
        dsns = {
            accounts: stack.enter_context(embedded(folder / str(accounts)))
            for accounts in (few, many)
        }
        disturbance = processes.disturbance()
        lines = asyncio.run(compared([*dsns.items()], users, rounds))
        sizes = [
            f"{accounts:,} accounts in {asyncio.run(disk_size(dsn))}"
            for accounts, dsn in dsns.items()
        ]
    conditions = [
        f"{processes.description()}.",
        f"{'; '.join(sizes)}. {users} customers of each, {rounds} times.",
        *filter(None, [disturbance]),
    ]
    show(lines, columns([*dsns]))
    write(lines, columns([*dsns]), conditions)


if __name__ == "__main__":
    typer.run(main)
