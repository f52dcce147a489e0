"""`make payments`: play seeds of the payment simulation, and go on where the last run ended.

Outcomes are kept in `.lk/payments.jsonl`, a line for each seed; a seed that has a line isn't played
again, so a run may be stopped at any time. Delete the file after a change of the code.
"""

import asyncio
import json
import sys
from argparse import ArgumentParser
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import process_time

import asyncpg
from rich.console import Console

from lk_graphql import database as models
from lk_graphql.database import migrations
from lk_graphql.demo.postgres import temporary
from lk_graphql.hooks import load_hooks
from tests.payments.test_simulation import SimulationRunner, check
from tests.support.database_reset import install_empty_function

RECORD = Path(__file__).parents[2] / ".lk" / "payments.jsonl"
console = Console()
SHOWN = 100
"""Seeds between lines of progress."""


def main() -> int:
    parser = ArgumentParser(prog="make payments", description="Payments with failures, by seeds.")
    parser.add_argument("last", type=int, help="the last seed, from 1 on")
    last: int = parser.parse_args().last
    played = {outcome["seed"]: outcome for outcome in _recorded()}
    left = [seed for seed in range(1, last + 1) if seed not in played]
    console.print(f"{len(played):,} seeds are recorded, {len(left):,} are left.")
    with temporary() as dsn:
        asyncio.run(_play(dsn, left))
    failed = [outcome for outcome in _recorded() if outcome["failure"]]
    for outcome in failed:
        console.print(f"SEED={outcome['seed']} SEEDS=1: {outcome['failure']}")
    console.print(f"{last:,} seeds, {len(failed)} failures.")
    return int(bool(failed))


async def _play(dsn: str, seeds: list[int]) -> None:
    RECORD.parent.mkdir(exist_ok=True)
    async with _runner(dsn) as runner:
        with RECORD.open("a", encoding="utf-8") as file:
            for number, seed in enumerate(seeds, 1):
                started = process_time()
                failure = await _failure(runner, seed)
                seconds = round(process_time() - started, 3)
                outcome = {"seed": seed, "seconds": seconds, "failure": failure}
                file.write(json.dumps(outcome, ensure_ascii=False) + "\n")
                file.flush()
                if failure or number % SHOWN == 0:
                    console.print(f"seed {seed}: {failure or 'all right so far'}")


async def _failure(runner: SimulationRunner, seed: int) -> str:
    """The violated invariant, or the error; empty if all is right."""
    try:
        await check(await runner.play(seed))
    except Exception as error:  # noqa: BLE001 - recorded, and the next seed is played
        return f"{type(error).__name__}: {error}"[:500]
    return ""


@asynccontextmanager
async def _runner(dsn: str) -> AsyncGenerator[SimulationRunner]:
    """The simulation in a database of its own."""
    await migrations.migrate(dsn)
    load_hooks()
    await models.open_models(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        await install_empty_function(connection)
        yield SimulationRunner(connection, dsn)
    finally:
        await connection.close()
        await models.close_models()


def _recorded() -> Iterator[dict[str, object]]:
    if RECORD.exists():
        for line in RECORD.read_text("utf-8").splitlines():
            yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
