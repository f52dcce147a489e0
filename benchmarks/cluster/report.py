"""The table of a run, for the terminal and for benchmarks/operations.md."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from rich.table import Table

from benchmarks import processes, report
from benchmarks.faults.campaign import Result
from benchmarks.operations_page import replace_section

TITLE = "Cluster"
_COLUMNS = (
    "fault", "times", "failovers", "first write after, s", "longest without a write, s",
    "acknowledged", "errors that clients saw", "longest request, s", "violations",
)  # fmt: skip
_EXPLANATION = """\
etcd, PostgreSQL 18 with a synchronous standby under Patroni, HAProxy with TLS, two `lk serve`, two
`lk worker`, S3 (moto, with a journal that outlives kills) and Redis, by the samples in `deploy/`,
as a role that owns no tables. Six clients write and repeat each call with its key until it is
answered, and two clients read dashboards. A round is one fault. After it, all acknowledged changes
are looked up row by row. At the end the queue must be empty, and messages, money and files must
agree. The nodes have network namespaces, and disks in memory of 1.2 GB. Seconds count from the
fault. "First write" is the first one sent after the fault (median, and the longest in brackets).
"Longest without a write" is measured until the cluster has a synchronous standby again. Requests
that ended with an error were repeated with their keys."""


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """The cells of each fault, and of all together."""
    kinds: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        kinds[result.name].append(result)
    return [*(_row(name, kind) for name, kind in sorted(kinds.items())), _row("all", results)]


def table(results: Sequence[Result]) -> Table:
    view = Table(*_COLUMNS)
    for row in rows(results):
        view.add_row(*row)
    return view


def write(results: Sequence[Result], command: str) -> None:
    """Replace the section of the page."""
    conditions = [
        f"{processes.description()}; code {report.commit()}, {report.versions('18.6', None)}.",
        f"`{command}`, from {results[0].at} to {results[-1].at}.",
        *filter(None, [processes.disturbance()]),
    ]
    lines = [_EXPLANATION, "", *(f"- {condition}" for condition in conditions), ""]
    lines += [_line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *map(_line, rows(results)), ""]
    lines += [
        f"- Round {each.step}, {each.name}: {text}" for each in results for text in each.violations
    ]
    lines += sorted(
        {f"- Skipped: {each.name}, {each.skipped}." for each in results if each.skipped}
    )
    replace_section(TITLE, "\n".join(lines))


def _row(name: str, results: Sequence[Result]) -> tuple[str, ...]:
    waits = [each.first_write for each in results if each.first_write is not None]
    failures = sum((Counter(each.failures) for each in results), Counter[str]())
    first = f"{median(waits):.1f}" if waits else ""
    if len(waits) > 1:
        first += f" ({max(waits):.1f})"
    return (
        name,
        str(len(results)),
        str(sum(each.note == "failover" for each in results)),
        first,
        f"{max(each.pause for each in results):.1f}",
        str(sum(each.acknowledged for each in results)),
        ", ".join(f"{number} × {code}" for code, number in failures.most_common()) or "none",
        f"{max(each.slowest for each in results):.1f}",
        str(sum(len(each.violations) for each in results)),
    )


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
