"""`make year`: play seeds, tell what they found, and go on where the last run ended.

Outcomes are kept in `.lk/year.jsonl`, a line a seed, with a fingerprint of the sources: a seed that
was played on the same sources isn't played again.
"""

import gc
import io
import json
import multiprocessing
import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import takewhile
from multiprocessing.context import SpawnProcess
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory

import uvloop
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from lk_graphql import logs
from tests.support.seeds import seeds_in

from .composition import installed, production
from .cost import core_seconds
from .deployment import Deploy, YearClock
from .driver import play
from .faketime import NoFaketime, postgres, shared_clock
from .installation import Template, database_server, prepared
from .processes import processes

ROOT = Path(__file__).parents[2]
RECORD = ROOT / ".lk" / "year.jsonl"
DEFAULT = "1..20"


@dataclass(frozen=True)
class Played:
    """A seed's outcome as it is recorded; `seconds` are those of a core."""

    sources: str
    seed: int
    seconds: float
    events: dict[str, int]
    violations: list[tuple[str, str, list[str]]]
    """Kind, line, and the events before it."""
    crash: str = ""


def main() -> int:
    arguments = _arguments()
    console = Console()
    if arguments.processes:
        return _play_processes(console, arguments)
    sources = fingerprint()
    known = (
        {}
        if arguments.again
        else {one.seed: one for one in recorded() if one.sources == sources and not one.crash}
    )
    wanted = [*seeds_in(arguments.seeds)]
    outcomes = {seed: known[seed] for seed in wanted if seed in known}
    left = [seed for seed in wanted if seed not in outcomes]
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("seeds", total=len(wanted), completed=len(outcomes))
        until = time.monotonic() + arguments.minutes * 60
        for outcome in played(left, sources, min(arguments.jobs, len(left) or 1), until):
            outcomes[outcome.seed] = outcome
            _keep(outcome)
            progress.advance(task)
            _tell(progress.console, outcome, with_events=arguments.events)
    _summary(console, [*outcomes.values()])
    if missing := len(wanted) - len(outcomes):
        console.print(
            f"{missing} seeds weren't played: their {arguments.minutes:g} minutes were over."
        )
    return int(any(one.violations or one.crash for one in outcomes.values()))


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="make year", description="A supplier's year, by seeds.")
    parser.add_argument("seeds", nargs="?", default=DEFAULT, help="a number, n, or a..b")
    parser.add_argument("--again", action="store_true", help="play recorded seeds, too")
    parser.add_argument("--events", action="store_true", help="print the events before each line")
    parser.add_argument(
        "--processes", action="store_true", help="whole processes in faked time; not recorded"
    )
    parser.add_argument("--months", type=int, default=12, help="of a seed of processes")
    parser.add_argument("--jobs", type=int, default=2, help="seeds at once")
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="after which no seed is begun"
    )
    return parser.parse_args()


def fingerprint() -> str:
    """A hash of all that can change an outcome."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.j2")]
    files += [*(ROOT / "tests" / "year").rglob("*.py"), *(ROOT / "migrations").rglob("*.py")]
    digest = sha256()
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def recorded() -> Iterator[Played]:
    lines = RECORD.read_text("utf-8").splitlines() if RECORD.exists() else []
    for line in lines:
        yield Played(**json.loads(line))


def _keep(outcome: Played) -> None:
    RECORD.parent.mkdir(exist_ok=True)
    with RECORD.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")


# Playing


def played(seeds: list[int], sources: str, jobs: int, until: float) -> Iterator[Played]:
    """Outcomes as they come: of this process, or of as many as there are `jobs`.

    `until`: of the monotonic clock, which processes share.
    """
    if not seeds:
        return
    if jobs == 1:
        yield from _played_here(_begun(iter(seeds), until), sources)
        return
    # each seed's servers are new threads: glibc would keep some megabytes for every one of them
    os.environ.setdefault("MALLOC_ARENA_MAX", "1")
    context = multiprocessing.get_context("spawn")
    todo: Queue[int | None] = context.Queue()
    done: Queue[Played | None] = context.Queue()
    for seed in [*seeds, *([None] * jobs)]:
        todo.put(seed)
    players = [
        context.Process(target=_work, args=(todo, done, sources, until), daemon=False)
        for _ in range(jobs)
    ]
    for player in players:
        player.start()
    ended = 0
    while ended < jobs:
        if outcome := _next(done, players):
            yield outcome
        else:
            ended += 1
    todo.cancel_join_thread()
    for player in players:
        player.join()


def _begun(seeds: Iterator[int], until: float) -> Iterator[int]:
    return takewhile(lambda _: time.monotonic() < until, seeds)


def _next(done: "Queue[Played | None]", players: list[SpawnProcess]) -> Played | None:
    """The next outcome, or `None` of a player that ends.

    Raises `RuntimeError` when nobody is left who could send one.
    """
    while True:
        try:
            return done.get(timeout=5)
        except Empty:
            if not any(player.is_alive() for player in players):
                raise RuntimeError("the processes that played have ended") from None


def _work(
    todo: "Queue[int | None]", done: "Queue[Played | None]", sources: str, until: float
) -> None:
    """Play seeds until none is left; a killed parent couldn't record the outcomes of others."""
    parent = multiprocessing.parent_process()
    seeds = takewhile(lambda _: parent is None or parent.is_alive(), iter(todo.get, None))
    for outcome in _played_here(_begun(seeds, until), sources):
        done.put(outcome)
    done.put(None)


def _played_here(seeds: Iterator[int], sources: str) -> Iterator[Played]:
    """On an installation that is made once."""
    with TemporaryDirectory() as folder, database_server() as server:
        template = prepared(server, Path(folder))
        gc.freeze()  # what is imported stays, as in `lk serve`; once, or the garbage of seeds stays
        for seed in seeds:
            yield play_one(template, seed, sources)


@dataclass(frozen=True)
class How:
    """In this process, in a time that stands still between events; or otherwise."""

    clock: YearClock | None = None
    months: int = 12
    deploy: Deploy = production


def play_one(template: Template, seed: int, sources: str, how: How = How()) -> Played:
    """Play a seed in this process, which must have no other application open."""
    log, began = io.BytesIO(), core_seconds()
    logs.configure(log, "error")
    events: Counter[str] = Counter()
    violations: list[tuple[str, str, list[str]]] = []
    crash = ""
    try:
        with installed(template, how.clock) as installation:
            outcome = uvloop.run(play(installation, seed, months=how.months, deploy=how.deploy))
    except Exception as error:  # noqa: BLE001 - the run goes on with the next seed
        crash = f"{type(error).__name__}: {error}"
    else:
        events = outcome.counts
        violations = [(one.kind, str(one), [*one.events]) for one in outcome.violations]
    violations += logged(seed, log.getvalue())
    seconds = round(core_seconds() - began, 2)
    return Played(sources, seed, seconds, dict(events), violations, crash)


def _play_processes(console: Console, arguments: Namespace) -> int:
    """Play seeds with `lk` and PostgreSQL as processes, one after another."""
    outcomes: list[Played] = []
    try:
        with (
            TemporaryDirectory() as folder,
            shared_clock() as clock,
            postgres(clock) as server,
        ):
            template = prepared(server, Path(folder))
            for seed in seeds_in(arguments.seeds):
                how = How(clock, arguments.months, processes)
                outcomes.append(play_one(template, seed, "processes", how))
                _tell(console, outcomes[-1], with_events=arguments.events)
    except NoFaketime as missing:
        console.print(str(missing), markup=False)
        return 1
    _summary(console, outcomes)
    return int(any(one.violations or one.crash for one in outcomes))


def logged(seed: int, log: bytes) -> list[tuple[str, str, list[str]]]:
    """Errors in the cabinet's own log: each is a fault of the server that somebody met."""
    lines: list[str] = []
    for line in log.decode().splitlines():
        entry = json.loads(line)
        text = entry.get("exception") or ""
        lines.append(f"{entry.get('event')} {text.strip().rpartition(chr(10))[2]}".strip())
    return [("LOGGED", f"seed {seed} LOGGED {line}", []) for line in dict.fromkeys(lines)]


# The end


def _tell(console: Console, outcome: Played, *, with_events: bool) -> None:
    for _, line, events in outcome.violations:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        for event in events if with_events else ():
            console.print(f"    {event}", markup=False, soft_wrap=True)
    if outcome.crash:
        console.print(f"seed {outcome.seed} ended: {outcome.crash}", markup=False, soft_wrap=True)


def _summary(console: Console, outcomes: list[Played]) -> None:
    """Seeds, events and seconds; and each kind of violation with the seeds that found it."""
    events = sum(sum(one.events.values()) for one in outcomes)
    seconds = sum(one.seconds for one in outcomes)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    number = len(outcomes) or 1
    console.print(
        f"{len(outcomes)} seeds on {commit}, {events:,} events,"
        f" {seconds / number:.1f} core-seconds a seed."
    )
    found = Table("Kind", "Times", "Seeds", "First")
    by_kind = Counter(kind for one in outcomes for kind, _, _ in one.violations)
    for kind, times in by_kind.most_common():
        seeds = sorted({one.seed for one in outcomes if kind in _kinds(one.violations)})
        found.add_row(kind, str(times), str(len(seeds)), str(seeds[0]))
    if by_kind:
        console.print(found)
    crashed = [one.seed for one in outcomes if one.crash]
    if crashed:
        console.print(f"Ended before their end: {crashed}")
    if not by_kind and not crashed:
        console.print("Nothing was found.")


def _kinds(violations: Iterable[tuple[str, str, list[str]]]) -> set[str]:
    return {kind for kind, _, _ in violations}


if __name__ == "__main__":
    sys.exit(main())
