"""`python -m benchmarks.cluster`: faults of a cluster under load, and what clients saw of them."""

import asyncio
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.cluster import report
from benchmarks.cluster.campaign import Route, running_campaign
from benchmarks.cluster.plan import ClusterFault, Round, plan
from benchmarks.faults.campaign import Result
from benchmarks.faults.faults import Skipped
from benchmarks.faults.report import read

RESULTS = Path(".lk") / "cluster" / "results.jsonl"
LOGS = Path(".lk") / "cluster" / "logs"
console = Console()


async def inflict_all(rounds: list[Round], seed: int, run_name: str, route: Route) -> None:
    """Run the rounds on a new cluster. SIGTERM cancels it."""
    if task := asyncio.current_task():
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with (
        TemporaryDirectory(prefix="lk-cluster-", dir="/tmp", ignore_cleanup_errors=True) as scrap,
        Progress(*columns, TimeRemainingColumn(), console=console) as progress,
    ):
        folder = Path(scrap)
        folder.chmod(0o755)  # noqa: ASYNC240 - PostgreSQL's account reads its disk below
        bar = progress.add_task("", total=len(rounds))
        try:
            async with running_campaign(
                folder, seed, run_name, route, lambda text: progress.update(bar, description=text)
            ) as campaign:
                for step in rounds:
                    progress.update(bar, description=step.name)
                    _note(await campaign.run(step))
                    progress.advance(bar)
                _note(await campaign.settle(rounds[-1]))
        finally:
            _keep_logs(folder)


def _note(result: Result) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    result.append_to(RESULTS)
    first = "never" if result.first_write is None else f"{result.first_write:.1f} s"
    console.print(
        f"{result.step}, {result.name}: first write {first}, pause {result.pause:.1f} s,"
        f" {result.note or 'no failover'}, {result.failures}",
        highlight=False,
    )
    for sentence in result.violations:
        console.print(f"[red]round {result.step}, {result.name}: {sentence}", highlight=False)


def _keep_logs(folder: Path) -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        (LOGS / log.name).write_bytes(log.read_bytes())


def main(
    *,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds, of one fault each.")] = 20,
    only: Annotated[
        list[ClusterFault] | None, typer.Option(help="Only this fault; can be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Determines the order; 0 chooses one.")] = 0,
    route: Annotated[
        Route,
        typer.Option(help="To the primary: by HAProxy, or by both hosts in LK_DATABASE_URL."),
    ] = Route.HAPROXY,
    anew: Annotated[bool, typer.Option("--anew", help="Start over, not resume.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the table to benchmarks/operations.md.")
    ] = False,
) -> None:
    """Break each part of a cluster in turn under load, and look for losses.

    Needs root (network namespaces), Debian's etcd-server, haproxy and redis-server, and Patroni,
    which `make cluster` installs. A run that was interrupted is resumed by the same command with
    its seed. Every round adds a line to .lk/cluster/results.jsonl; logs are in .lk/cluster/logs. A
    round takes about half a minute.
    """
    chosen = seed or int(time.time()) % 100_000
    faults = "".join(f" --only '{fault}'" for fault in only or ())
    way = "" if route is Route.HAPROXY else f" --route {route}"
    command = f"make cluster ROUNDS={rounds} SEED={chosen}"
    if options := f"{faults}{way}".strip():
        command += f' ARGS="{options}"'
    earlier = read(RESULTS, command)
    begun = 0 if anew else len({result.step for result in earlier})
    steps = plan(chosen, rounds, only or ())[begun:]
    console.print(f"{command}: {len(steps)} of {rounds} rounds are left")
    try:
        with suppress(asyncio.CancelledError):
            if steps:
                asyncio.run(inflict_all(steps, chosen, command, route))
    except Skipped as reason:
        console.print(f"Not possible here: {reason}", highlight=False)
        sys.exit(2)
    results = read(RESULTS, command)[len(earlier) if anew else 0 :]
    console.print(report.table(results))
    if write:
        report.write(results, command)
    if any(result.violations for result in results):
        sys.exit(1)


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
