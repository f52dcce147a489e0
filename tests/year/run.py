"""`make year`: play seeds, tell what they found, and go on where the last run ended.

Outcomes are kept in `.lk/year.jsonl`, a line a seed, with a fingerprint of the sources: a seed that
was played on the same sources isn't played again.
"""

import io
import json
import multiprocessing
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
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

from .composition import installed
from .cost import core_seconds
from .driver import play

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
    sources = fingerprint()
    known = {} if arguments.again else {p.seed: p for p in recorded() if p.sources == sources}
    wanted = [*seeds_in(arguments.seeds)]
    outcomes = {seed: known[seed] for seed in wanted if seed in known}
    left = [seed for seed in wanted if seed not in outcomes]
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("seeds", total=len(wanted), completed=len(outcomes))
        for outcome in played(left, sources, min(arguments.jobs, len(left) or 1)):
            outcomes[outcome.seed] = outcome
            _keep(outcome)
            progress.advance(task)
            for _, line, events in outcome.violations:
                progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
                for event in events if arguments.events else ():
                    progress.console.print(f"    {event}", markup=False, soft_wrap=True)
            if outcome.crash:
                progress.console.print(f"seed {outcome.seed} ended: {outcome.crash}", markup=False)
    _summary(console, [*outcomes.values()])
    return int(any(one.violations or one.crash for one in outcomes.values()))


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="make year", description="A supplier's year, by seeds.")
    parser.add_argument("seeds", nargs="?", default=DEFAULT, help="a number, n, or a..b")
    parser.add_argument("--again", action="store_true", help="play recorded seeds, too")
    parser.add_argument("--events", action="store_true", help="print the events before each line")
    parser.add_argument("--jobs", type=int, default=2, help="seeds at once")
    return parser.parse_args()


def seeds_in(text: str) -> range:
    """`7` are the seeds 1 to 7, `3..5` those from 3 to 5."""
    first, dots, last = text.partition("..")
    return range(int(first), int(last) + 1) if dots else range(1, int(first) + 1)


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


def played(seeds: list[int], sources: str, jobs: int) -> Iterator[Played]:
    """Outcomes as they come; each process has an installation of its own."""
    context = multiprocessing.get_context("spawn")
    todo: Queue[int | None] = context.Queue()
    done: Queue[Played] = context.Queue()
    for seed in [*seeds, *([None] * jobs)]:
        todo.put(seed)
    processes = [
        context.Process(target=_work, args=(todo, done, sources), daemon=False)
        for _ in range(jobs if seeds else 0)
    ]
    for process in processes:
        process.start()
    for _ in seeds:
        yield _next(done, processes)
    for process in processes:
        process.join()


def _next(done: "Queue[Played]", processes: list[SpawnProcess]) -> Played:
    """The next outcome. Raises `RuntimeError` when nobody is left who could send one."""
    while True:
        try:
            return done.get(timeout=5)
        except Empty:
            if not any(process.is_alive() for process in processes):
                raise RuntimeError("the processes that played have ended") from None


def _work(todo: "Queue[int | None]", done: "Queue[Played]", sources: str) -> None:
    with TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        while (seed := todo.get()) is not None:
            log, began = io.BytesIO(), core_seconds()
            logs.configure(log, "error")
            events: Counter[str] = Counter()
            violations: list[tuple[str, str, list[str]]] = []
            crash = ""
            try:
                outcome = uvloop.run(play(installation, seed))
            except Exception as error:  # noqa: BLE001 - the run goes on with the next seed
                crash = f"{type(error).__name__}: {error}"
            else:
                events = outcome.counts
                violations = [(one.kind, str(one), [*one.events]) for one in outcome.violations]
            violations += logged(seed, log.getvalue())
            seconds = round(core_seconds() - began, 2)
            done.put(Played(sources, seed, seconds, dict(events), violations, crash))


def logged(seed: int, log: bytes) -> list[tuple[str, str, list[str]]]:
    """Errors in the cabinet's own log: each is a fault of the server that somebody met."""
    lines: list[str] = []
    for line in log.decode().splitlines():
        entry = json.loads(line)
        text = entry.get("exception") or ""
        lines.append(f"{entry.get('event')} {text.strip().rpartition(chr(10))[2]}".strip())
    return [("LOGGED", f"seed {seed} LOGGED {line}", []) for line in dict.fromkeys(lines)]


# The end


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
