"""The time that a core worked for this process and for what it has started (Linux)."""

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def core_seconds() -> float:
    """User and system time of this process and all below it, PostgreSQL's backends with them.

    Each process counts the children that it has waited for; those that still run are added. Where
    there is no /proc, only the process itself and its ended children count.
    """
    ticks, children = _processes()
    if not ticks:
        return sum(os.times()[:4])
    total, below = 0, [os.getpid()]
    while below:
        process = below.pop()
        total += ticks.get(process, 0)
        below += children[process]
    return total / os.sysconf("SC_CLK_TCK")


def _processes() -> tuple[dict[int, int], dict[int, list[int]]]:
    """The ticks of each process and of its ended children, and who was started by whom."""
    ticks: dict[int, int] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for folder in _PROC.glob("[0-9]*"):
        with suppress(OSError):  # it has ended since
            # after the name, which may contain anything: state, parent, …, four times (proc(5))
            values = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks[int(folder.name)] = sum(map(int, values[11:15]))
            children[int(values[1])].append(int(folder.name))
    return ticks, children
