"""Undo each mend in turn: the year has to fail within 50 seeds.

`python -m tests.year.undone` copies the sources, puts a row's defect back in, and plays seeds on
the copy until a violation of an expected kind. Outcomes are kept in `.lk/year_undone.jsonl`: a mend
that was found is not played again, unless `--again` says so.
"""

import io
import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory

import uvloop

from lk_graphql import logs

from .composition import installed
from .cost import core_seconds
from .driver import play
from .installation import Template, database_server, prepared
from .mends import MENDS, Mend
from .run import ROOT, logged
from .world import Found, Violation

RECORD = ROOT / ".lk" / "year_undone.jsonl"
SEEDS = 50
COPIED = ("src", "migrations", "examples")


@dataclass(frozen=True)
class Outcome:
    """The first violation of an expected kind; without one, `seed` is None."""

    name: str
    seed: int | None
    violation: str
    seconds: float


def main() -> int:
    parser = ArgumentParser(prog="tests.year.undone", description=__doc__)
    parser.add_argument("names", nargs="*", help="beginnings of names, such as D5")
    parser.add_argument("--again", action="store_true", help="play what was found, too")
    parser.add_argument("--jobs", type=int, default=2, help="mends at once")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="the last seed")
    parser.add_argument("--here", nargs=3, help="mend, server, invitation: play it in this process")
    parser.add_argument("--table", action="store_true", help="print the table only")
    arguments = parser.parse_args()
    if arguments.here is not None:
        name, server, invitation = arguments.here
        _tell(json.dumps(asdict(_play(name, server, invitation, arguments.seeds))))
        return 0
    known = {} if arguments.again else {one.name: one for one in recorded() if one.seed}
    wanted = [mend for mend in MENDS if mend.name.startswith((*arguments.names,) or "")]
    left = [mend for mend in wanted if mend.name not in known and not arguments.table]
    for outcome in _outcomes(left, arguments.jobs, arguments.seeds):
        known[outcome.name] = outcome
        _tell(_row(outcome))
    _tell(table(known))
    return int(any(mend.name not in known or not known[mend.name].seed for mend in wanted))


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def recorded() -> Iterator[Outcome]:
    lines = RECORD.read_text("utf-8").splitlines() if RECORD.exists() else []
    for line in lines:
        yield Outcome(**json.loads(line))


def table(outcomes: dict[str, Outcome]) -> str:
    head = "| mend undone | seed | violation | seconds |\n| --- | --- | --- | --- |"
    return "\n".join([head, *(_row(outcomes[m.name]) for m in MENDS if m.name in outcomes)])


def _row(outcome: Outcome) -> str:
    seed = outcome.seed or "none"
    return f"| {outcome.name} | {seed} | {outcome.violation} | {outcome.seconds:.0f} |"


# In a process of its own, on the changed copy


def _outcomes(mends: Sequence[Mend], jobs: int, seeds: int) -> Iterator[Outcome]:
    """In all processes the same server, which has the template of each seed's database."""
    if not mends:
        return
    with (
        TemporaryDirectory() as folder,
        database_server() as server,
        ThreadPoolExecutor(jobs) as pool,
    ):
        template = prepared(server, Path(folder))
        undone = [pool.submit(_undo, mend, template, seeds) for mend in mends]
        for one in as_completed(undone):
            outcome = one.result()
            RECORD.parent.mkdir(exist_ok=True)
            with RECORD.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
            yield outcome


def _undo(mend: Mend, template: Template, seeds: int) -> Outcome:
    """Play a mend on sources without it. Of sources that don't even start the error is told."""
    with TemporaryDirectory() as folder:
        for name in COPIED:
            copytree(ROOT / name, Path(folder, name), ignore=ignore_patterns("__pycache__"))
        changed = Path(folder, mend.file)
        changed.write_text(without(mend, changed.read_text("utf-8")), "utf-8")
        place = (mend.name, template.server, template.invitation)
        done = subprocess.run(
            [sys.executable, "-m", "tests.year.undone", "--here", *place, "--seeds", str(seeds)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(Path(folder, "src"))},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        return Outcome(mend.name, None, done.stderr[-300:].replace("\n", " "), 0)
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


def without(mend: Mend, text: str) -> str:
    """The text of the mend's file with the defect. Raises `ValueError` unless it is there."""
    if text.count(mend.now) != 1:
        raise ValueError(
            f"{mend.name}: its text stands {text.count(mend.now)} times in {mend.file}"
        )
    return text.replace(mend.now, mend.undone)


def _play(name: str, server: str, invitation: str, seeds: int) -> Outcome:
    mend = next(mend for mend in MENDS if mend.name == name)

    def is_expected(violation: Violation) -> bool:
        return f"{violation.kind} {violation.subject}".startswith(mend.found)

    began = core_seconds()
    with _template(mend, server, invitation) as template:
        for seed in range(1, seeds + 1):
            log = io.BytesIO()
            logs.configure(log, "error")
            try:
                with installed(template) as installation:
                    uvloop.run(play(installation, seed, until=is_expected))
            except Found as found:
                shown = f"{found.violation.kind} {found.violation.subject}".strip()
                return Outcome(name, seed, shown, core_seconds() - began)
            for kind, line, _ in logged(seed, log.getvalue()):
                if kind.startswith(mend.found):
                    return Outcome(name, seed, line[:60], core_seconds() - began)
    return Outcome(name, None, "", core_seconds() - began)


@contextmanager
def _template(mend: Mend, server: str, invitation: str) -> Generator[Template]:
    """The one that the given server has, or one of its own for what the migrations bring."""
    if mend.file.startswith("migrations"):
        with TemporaryDirectory() as folder, database_server() as own:
            yield prepared(own, Path(folder))
    else:
        yield Template(server, "year", invitation)


if __name__ == "__main__":
    sys.exit(main())
