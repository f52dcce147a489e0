"""The table of a run, for the terminal and for benchmarks/operations.md."""

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from benchmarks.faults.campaign import AT_REST, Result
from benchmarks.processes import description
from benchmarks.report import commit

NOTE = Path(__file__).parents[1] / "operations.md"
_TITLE = "# Operations: measurements\n"
_SECTION = re.compile(r"## Faults\n.*?(?=\n## |\Z)", re.DOTALL)
_COLUMNS = (
    "fault", "times", "first write after, s: median", "95 %", "longest",
    "acknowledged", "unanswered", "of them 500", "slowest answer, s", "violations",
)  # fmt: skip


def read(file: Path, run: str) -> list[Result]:
    """The results of a run."""
    lines = file.read_text().splitlines() if file.exists() else []
    return [result for line in lines if (result := Result(**json.loads(line))).run == run]


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """The cells of each kind of fault, the frequent ones first, and of all together."""
    kinds: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        kinds[result.name].append(result)
    ordered = sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0]))
    return [_row(name, kind) for name, kind in ordered] + [_row("all", results)]


def table(results: Sequence[Result]) -> Table:
    view = Table(*_COLUMNS)
    for row in rows(results):
        view.add_row(*row)
    return view


def write(results: Sequence[Result], command: str) -> None:
    """Replace the section "Faults" of the note."""
    text = NOTE.read_text() if NOTE.exists() else _TITLE
    section = _section(results, command)
    if _SECTION.search(text):
        text = _SECTION.sub(lambda _: section, text)
    else:
        text = f"{text.rstrip()}\n\n{section}"
    NOTE.write_text(text.rstrip() + "\n")


def _section(results: Sequence[Result], command: str) -> str:
    faults = [result for result in results if result.name != AT_REST]
    lines = [
        "## Faults",
        "",
        f"`{command}`, {results[0].at[:10]}, code {commit()}, {description()}.",
        f"{len(faults)} faults under load, from {results[0].at} to {results[-1].at}.",
        "",
        "Real `lk serve` and `lk worker` processes, PostgreSQL, and stand-ins on sockets for",
        "the mail server, SMS gateway, acquirer, virus scanner and object store. After each",
        "fault the calls that were acknowledged since the previous one are looked up in the",
        "database. At rest the queue must be empty, and messages, money, imports and files must",
        "agree with the services.",
        "",
        f"| {' | '.join(_COLUMNS)} |",
        f"|{'---|' * len(_COLUMNS)}",
        *(f"| {' | '.join(row)} |" for row in rows(results)),
        "",
    ]
    skipped = sorted({f"{each.name}: {each.skipped}" for each in results if each.skipped})
    violations = [
        f"step {each.step}, {each.name}: {text}" for each in results for text in each.violations
    ]
    lines += [f"- Skipped: {sentence}." for sentence in skipped]
    lines += [f"- Violation in {text}" for text in violations[:20]]
    return "\n".join(lines).rstrip() + "\n"


def _row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    waits = sorted(each.first_write for each in results if each.first_write is not None)
    return (
        name,
        str(len([each for each in results if not each.skipped])),
        *(
            f"{waits[min(len(waits) - 1, int(len(waits) * part))]:.1f}" if waits else ""
            for part in (0.5, 0.95, 1)
        ),
        str(sum(each.acknowledged for each in results)),
        str(sum(each.unanswered for each in results)),
        str(sum(each.internal_errors for each in results)),
        f"{max(each.slowest for each in results):.1f}",
        str(sum(len(each.violations) for each in results)),
    )
