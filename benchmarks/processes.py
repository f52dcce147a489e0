"""What Linux knows of processes (/proc), and where they may run."""

import os
import platform
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cores:
    """Who runs where: the server alone on its core, the load and PostgreSQL on the others."""

    server: frozenset[int]
    load: frozenset[int]
    database: frozenset[int]


def share_out() -> Cores:
    """With two cores, the load and PostgreSQL share one. Raises OSError where there is only one."""
    first, *others = sorted(os.sched_getaffinity(0))
    if not others:
        raise OSError("Two cores are needed: one for the server, one for everything else.")
    return Cores(frozenset({first}), frozenset(others[:1]), frozenset(others[1:] or others))


@contextmanager
def pinned(cores: frozenset[int]) -> Generator[None]:
    """Whatever is started in the block, threads and children too, stays on these cores."""
    usual = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, usual)


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found = [pid]
    for member in found:
        found.extend(children.get(member, ()))
    return found


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def cpu_seconds(pid: int) -> dict[int, float]:
    """What the process and each living descendant has spent, user and system time together."""
    return {member: _spent(member) for member in family(pid)}


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """In between. Of a process that ended, nothing is known any more: its share is left out."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


@dataclass(frozen=True)
class Memory:
    """In MiB. PSS counts a page that processes share in parts; only RSS is known everywhere."""

    rss: float
    pss: float


def memory(pid: int) -> Memory:
    """Of the process and its descendants."""
    sizes = {"Rss": 0, "Pss": 0}
    for member in family(pid):
        with suppress(OSError):
            for line in (PROC / str(member) / "smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in sizes:
                    sizes[name] += int(value.split()[0])
    return Memory(sizes["Rss"] / 1024, sizes["Pss"] / 1024)


def peak(pid: int) -> float:
    """The most that a process has ever held (RSS), in MiB; 0 when it has ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def disturbance() -> str:
    """What to know when others keep the machine busy; "" when nobody does."""
    load = os.getloadavg()[0]
    if load < 0.7:
        return ""
    return f"Others kept the machine busy (load average {load:.1f} at the start): all costs more."


def description() -> str:
    """The machine in a line: what its figures may be compared with."""
    names = [
        line.partition(":")[2].strip()
        for line in (PROC / "cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    cores = len(os.sched_getaffinity(0))
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = names[0] if names else platform.machine()
    return f"{model}, {cores} cores, {size:.0f} GiB, Linux {platform.release().split('-')[0]}"


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):  # it may end while we look
            yield int(folder.name), parent(int(folder.name))


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces and brackets: the state first."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _spent(pid: int) -> float:
    """To the nanosecond where the kernel keeps account of its scheduling, else to the tick."""
    with suppress(OSError):
        accounts = (PROC / str(pid) / "task").glob("*/schedstat")
        if nanoseconds := sum(int(account.read_text().split()[0]) for account in accounts):
            return nanoseconds / 1e9
    with suppress(OSError):
        user, system = _stat(pid)[11:13]
        return (int(user) + int(system)) / TICKS
    return 0.0
