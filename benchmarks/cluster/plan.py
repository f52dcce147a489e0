"""The rounds of a run: which fault, in which order, by a seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class ClusterFault(StrEnum):
    """A fault of a part of the cluster."""

    PRIMARY_KILLED = "primary killed"
    PATRONI_KILLED = "Patroni killed"
    PATRONI_LOST = "Patroni killed for long"
    PRIMARY_FROZEN = "primary frozen"
    PRIMARY_CUT_OFF = "primary cut off"
    REPLICATION_CUT = "replication cut"
    STANDBY_KILLED = "standby killed"
    DISK_FULL = "disk full"
    ETCD_KILLED = "etcd killed"
    HAPROXY_KILLED = "HAProxy killed"
    API_KILLED = "API process killed"
    WORKER_KILLED = "worker killed"
    REDIS_KILLED = "Redis killed"
    S3_KILLED = "S3 killed"


@dataclass(frozen=True)
class Round:
    """A fault at its place in the run."""

    number: int
    fault: ClusterFault

    @property
    def name(self) -> str:
        return str(self.fault)

    def rng(self, seed: int) -> Random:
        """The random numbers of this round, the same after a resumption."""
        return Random(f"{seed}/{self.number}")


def plan(seed: int, rounds: int, only: Sequence[ClusterFault] = ()) -> list[Round]:
    """The rounds: all faults in turn, in another order each time."""
    rng, faults = Random(seed), list[ClusterFault]()
    while len(faults) < rounds:
        turn = [*(only or ClusterFault)]
        rng.shuffle(turn)
        faults += turn
    return [Round(number, fault) for number, fault in enumerate(faults[:rounds], 1)]
