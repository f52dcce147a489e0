"""CPU, memory and affinity of processes, from Linux's /proc."""

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
    """The cores of each part: the server alone on one, the load and PostgreSQL on the others."""

    server: frozenset[int]
    load: frozenset[int]
    database: frozenset[int]


def assign_cores() -> Cores:
    """Assign cores; of two, the load and PostgreSQL share one. Raises OSError for one core."""
    first, *others = sorted(os.sched_getaffinity(0))
    if not others:
        raise OSError("Two cores are needed: one for the server, one for everything else.")
    return Cores(frozenset({first}), frozenset(others[:1]), frozenset(others[1:] or others))


@contextmanager
def pinned(cores: frozenset[int]) -> Generator[None]:
    """Pin threads and processes started in the block to these cores."""
    previous = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, previous)


def family(pid: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    pids = [pid]
    for pid_ in pids:
        pids.extend(children.get(pid_, ()))
    return pids


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def cpu_seconds(pid: int) -> dict[int, float]:
    """User and system time of the process and of each running descendant."""
    return {member: spent_by(member) for member in family(pid)}


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """CPU seconds between two measurements, without processes that have ended."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


@dataclass(frozen=True)
class Memory:
    """In MiB. PSS divides shared pages between processes; some kernels provide only RSS."""

    rss: float
    pss: float


def memory(pid: int) -> Memory:
    """The memory of the process and its descendants."""
    sizes = {"Rss": 0, "Pss": 0}
    for member in family(pid):
        with suppress(OSError):
            for line in (PROC / str(member) / "smaps_rollup").read_text().splitlines():
                name, _, value = line.partition(":")
                if name in sizes:
                    sizes[name] += int(value.split()[0])
    return Memory(sizes["Rss"] / 1024, sizes["Pss"] / 1024)


def peak(pid: int) -> float:
    """A process's peak RSS in MiB; 0 if it has ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def disturbance() -> str:
    """A warning about other load on the machine; "" without it."""
    load = os.getloadavg()[0]
    if load < 0.7:
        return ""
    return f"The machine had other load (load average {load:.1f} at the start): costs are higher."


def description() -> str:
    """The machine in one line."""
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
        with suppress(OSError):  # it may end meanwhile
            yield int(folder.name), parent(int(folder.name))


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may contain spaces and brackets; the state is first."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def spent_by(pid: int) -> float:
    """A process's CPU seconds, in nanoseconds or, without scheduler statistics, in ticks."""
    with suppress(OSError):
        accounts = (PROC / str(pid) / "task").glob("*/schedstat")
        if nanoseconds := sum(int(account.read_text().split()[0]) for account in accounts):
            return nanoseconds / 1e9
    with suppress(OSError):
        user, system = _stat(pid)[11:13]
        return (int(user) + int(system)) / TICKS
    return 0.0
