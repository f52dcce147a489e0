"""The steps of a run: which faults, in which order, by a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from benchmarks.faults.gates import GateMode
from benchmarks.faults.services import Service


class Fault(StrEnum):
    """A kind of fault."""

    API_WORKER_KILLED = "API worker killed"
    SERVER_KILLED = "server killed"
    JOB_WORKER_KILLED = "job worker killed"
    DATABASE_RESTARTED = "PostgreSQL restarted"
    DATABASE_CRASHED = "PostgreSQL crashed"
    DATABASE_AWAY = "PostgreSQL away"
    DATABASE_FROZEN = "PostgreSQL frozen"
    SERVICE = "service"
    CLOCK = "clock"
    DISK_FULL = "disk full"


@dataclass(frozen=True)
class Step:
    """A fault at its place in the run; `service` and `mode` are those of a service's fault."""

    number: int
    fault: Fault
    service: Service | None = None
    mode: GateMode | None = None

    @property
    def name(self) -> str:
        return f"{self.service} {self.mode}" if self.service else str(self.fault)

    def rng(self, seed: int) -> Random:
        """The random numbers of this step, the same after a resumption."""
        return Random(f"{seed}/{self.number}")


_KILLS = {
    Fault.API_WORKER_KILLED: 9,
    Fault.JOB_WORKER_KILLED: 9,
    Fault.SERVER_KILLED: 1,
}
_RESTARTS = (Fault.DATABASE_RESTARTED, Fault.DATABASE_CRASHED)
_LONG = (Fault.DATABASE_AWAY, Fault.DATABASE_FROZEN, Fault.CLOCK, Fault.CLOCK, Fault.DISK_FULL)
_SERVICE_MODES = tuple(mode for mode in GateMode if mode is not GateMode.UP)


def plan(seed: int, kills: int, restarts: int, outages: int) -> list[Step]:
    """The steps in random order; each outage round has every service in every mode once."""
    rng = Random(seed)
    steps: list[tuple[Fault, Service | None, GateMode | None]] = []
    kinds: Sequence[Fault] = rng.choices([*_KILLS], [*_KILLS.values()], k=kills)
    steps += [(fault, None, None) for fault in kinds]
    steps += [(rng.choice(_RESTARTS), None, None) for _ in range(restarts)]
    for _ in range(outages):
        steps += [(fault, None, None) for fault in _LONG]
        steps += [(Fault.SERVICE, service, mode) for service in Service for mode in _SERVICE_MODES]
    rng.shuffle(steps)
    return [Step(number, *step) for number, step in enumerate(steps, 1)]
