"""`python -m benchmarks.faults`: faults under load, and what became of acknowledged writes."""

import asyncio
import json
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.faults import report
from benchmarks.faults.campaign import Campaign, Result, Scale, running_campaign
from benchmarks.faults.plan import Step, plan

HOME = Path(".lk") / "faults"
console = Console()


@dataclass(frozen=True)
class Run:
    """A run that can be resumed: its steps are a function of these numbers."""

    seed: int
    kills: int
    restarts: int
    outages: int
    customers: int
    started: str
    done: int = 0

    @property
    def steps(self) -> list[Step]:
        return plan(self.seed, self.kills, self.restarts, self.outages)

    @property
    def folder(self) -> Path:
        return HOME.resolve() / f"seed-{self.seed}"

    @property
    def command(self) -> str:
        return (
            f"make faults SEED={self.seed} KILLS={self.kills} RESTARTS={self.restarts}"
            f" OUTAGES={self.outages}"
        )

    def save(self, done: int) -> None:
        (self.folder / "run.json").write_text(json.dumps(asdict(replace(self, done=done))))


def opened(run: Run, *, anew: bool) -> Run:
    """The unfinished run of the same numbers, else the new one on an empty folder."""
    file = run.folder / "run.json"
    if file.exists() and not anew:
        earlier = Run(**json.loads(file.read_text()))
        resumed = replace(run, started=earlier.started, done=earlier.done)
        if resumed == earlier and earlier.done < len(run.steps):
            console.print(f"Resuming after step {earlier.done} of {len(run.steps)}")
            return earlier
    shutil.rmtree(run.folder, ignore_errors=True)
    run.folder.mkdir(parents=True)
    run.save(0)
    return run


async def inflict_all(run: Run, *, keep_going: bool, results: Path) -> None:
    """Run the remaining steps, up to a violation unless `keep_going`. SIGTERM cancels it."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    scale = Scale(customers=run.customers)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        bar = progress.add_task("", total=len(run.steps), completed=run.done)

        def note(text: str) -> None:
            progress.update(bar, description=text)

        async with running_campaign(run.folder, run.seed, scale, run.started, note) as campaign:
            for step in run.steps[run.done :]:
                note(f"{step.name}; {campaign.writers.ledger.count} acknowledged")
                outcomes = await _outcomes(campaign, step, is_last=step.number == len(run.steps))
                progress.advance(bar)
                run.save(step.number)
                for outcome in outcomes:
                    outcome.append_to(results)
                    _print(outcome)
                if not keep_going and any(outcome.violations for outcome in outcomes):
                    return
            progress.print(f"Refusals by rules: {campaign.writers.refusals or 'none'}")


async def _outcomes(campaign: Campaign, step: Step, *, is_last: bool) -> Sequence[Result]:
    outcomes = [await campaign.run(step)]
    if is_last or step.number % campaign.scale.settle_every == 0:
        outcomes.append(await campaign.settle(step))
    return outcomes


def _print(result: Result) -> None:
    if result.skipped:
        console.print(f"step {result.step}, {result.name}: skipped, {result.skipped}")
    for sentence in result.violations:
        console.print(f"[red]step {result.step}, {result.name}: {sentence}", highlight=False)


def main(  # noqa: PLR0913 - one argument for each option
    *,
    kills: Annotated[int, typer.Option(min=0, help="Processes to kill.")] = 100,
    restarts: Annotated[int, typer.Option(min=0, help="Restarts of PostgreSQL.")] = 10,
    outages: Annotated[
        int,
        typer.Option(min=0, help="Rounds of all outages: services, database, clock, disk."),
    ] = 1,
    seed: Annotated[int, typer.Option(help="Determines the steps; 0 chooses one.")] = 0,
    customers: Annotated[int, typer.Option(min=50, help="Customers who write.")] = 2000,
    anew: Annotated[bool, typer.Option("--anew", help="Start over, not resume.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Don't stop at the first violation.")
    ] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the table to benchmarks/operations.md.")
    ] = False,
) -> None:
    """Kill processes, restart PostgreSQL and break services under load, and look for losses.

    Each fault is followed by a comparison of the database with what clients were told. A run that
    was interrupted is resumed by the same command. Every fault adds a line to
    .lk/faults/results.jsonl. 1,000 kills and 100 restarts take about three quarters of an hour on
    two idle cores.
    """
    chosen = seed or int(time.time()) % 100_000
    started = time.strftime("%Y-%m-%dT%H:%M:%S")
    run = opened(Run(chosen, kills, restarts, outages, customers, started), anew=anew)
    results = HOME / "results.jsonl"
    console.print(f"{run.command}: {len(run.steps)} faults; data in {run.folder}")
    with suppress(asyncio.CancelledError):
        asyncio.run(inflict_all(run, keep_going=keep_going, results=results))
    outcomes = report.read(results, run.started)
    console.print(report.table(outcomes))
    if write:
        report.write(outcomes, run.command)
    if any(outcome.violations for outcome in outcomes):
        console.print(f"[red]Violations. To repeat: {run.command} ARGS=--anew", highlight=False)
        sys.exit(1)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
