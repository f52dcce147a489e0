"""`make payments`: play seeds of the payment simulation, and go on where the last run ended.

Outcomes are kept in `.lk/payments.jsonl`, a line for each seed; a seed that has a line isn't played
again, so a run may be stopped at any time. Delete the file after a change of the code. Each of the
`--jobs` has a PostgreSQL of its own.
"""

import gc
import json
import multiprocessing
import sys
from argparse import ArgumentParser
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import process_time

import asyncpg
import uvloop
from rich.console import Console

from lk_graphql import database as models
from lk_graphql.database import migrations
from lk_graphql.demo.postgres import temporary
from lk_graphql.hooks import load_hooks
from tests.payments.test_simulation import SimulationRunner, check
from tests.support.database_reset import install_empty_function
from tests.support.seeds import seeds_in

RECORD = Path(__file__).parents[2] / ".lk" / "payments.jsonl"
console = Console()
SHOWN = 100
"""Seeds between lines of progress."""


def main() -> int:
    parser = ArgumentParser(prog="make payments", description="Payments with failures, by seeds.")
    parser.add_argument("seeds", help="a number, n, or a..b")
    parser.add_argument("--jobs", type=int, default=2, help="seeds at once")
    arguments = parser.parse_args()
    wanted, played = seeds_in(arguments.seeds), {outcome["seed"] for outcome in _recorded()}
    left = [seed for seed in wanted if seed not in played]
    console.print(f"{len(wanted) - len(left):,} seeds are recorded, {len(left):,} are left.")
    context = multiprocessing.get_context("spawn")
    players = [
        context.Process(target=_play_all, args=(left[job :: arguments.jobs],))
        for job in range(min(arguments.jobs, len(left)))
    ]
    for player in players:
        player.start()
    for player in players:
        player.join()
    outcomes = [outcome for outcome in _recorded() if outcome["seed"] in wanted]
    failed = [outcome for outcome in outcomes if outcome["failure"]]
    for outcome in failed:
        console.print(f"SEED={outcome['seed']} SEEDS=1: {outcome['failure']}")
    console.print(f"{len(outcomes):,} of {len(wanted):,} seeds, {len(failed)} failures.")
    return int(len(outcomes) < len(wanted) or bool(failed))


def _play_all(seeds: Sequence[int]) -> None:
    with temporary() as dsn:
        uvloop.run(_play(dsn, seeds))


async def _play(dsn: str, seeds: Sequence[int]) -> None:
    RECORD.parent.mkdir(exist_ok=True)
    async with _runner(dsn) as runner:
        gc.freeze()  # what every seed uses needn't be looked through again
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
    connection = await asyncpg.connect(dsn)
    # a connection lives for some 60 statements, and most are planned for each execution
    await connection.execute("ALTER ROLE CURRENT_USER SET plan_cache_mode = force_generic_plan")
    await models.open_models(dsn)
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
