"""The faults of a cluster: each is inflicted, and mended before it returns."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random

from benchmarks.cluster.nodes import Cluster, Node
from benchmarks.cluster.plan import ClusterFault, Round
from benchmarks.faults.faults import Inflicted
from benchmarks.faults.gates import GateMode
from benchmarks.faults.services import Service, Services
from benchmarks.faults.system import LkProcess, Program, revive

_MOMENT = 3.0
"""Seconds from which to twice which a fault comes, under load."""
_RESTART_SECONDS = 1.0
"""After which a service manager starts what was killed."""
_AWAY_SECONDS = 10.0
_CUT_SECONDS = 25.0
_FULL_SECONDS = 20.0
_FAILOVER_SECONDS = 60.0
_LINGER_SECONDS = 5.0
"""For which the old primary stays away when there is a new one."""
_HEALTHY_SECONDS = 150.0


@dataclass(frozen=True)
class ClusterInflictor:
    """Inflicts faults on the parts of a cluster."""

    cluster: Cluster
    etcd: Program
    haproxy: Program
    redis: Program
    servers: list[LkProcess]
    workers: list[LkProcess]
    services: Services

    def revive(self) -> list[str]:
        return revive([*self.servers, *self.workers])

    async def inflict(self, step: Round, rng: Random) -> Inflicted:
        """Inflict a fault, mend it, and wait until the cluster has a synchronous standby again."""
        await asyncio.sleep((1 + rng.random()) * _MOMENT)
        primary = await self.cluster.primary()
        if primary is None:
            return Inflicted(("there was no primary before the fault",))
        began = asyncio.get_running_loop().time()
        await self._faults[step.fault](primary, rng)
        is_healthy = await self.cluster.wait_until_healthy(_HEALTHY_SECONDS)
        now = await self.cluster.primary()
        note = "failover" if now is not None and now is not primary else ""
        text = f"{_HEALTHY_SECONDS:.0f} s after the fault the cluster isn't healthy"
        return Inflicted(() if is_healthy else (text,), began, note)

    @property
    def _faults(self) -> Mapping[ClusterFault, Callable[[Node, Random], Awaitable[None]]]:
        return {
            ClusterFault.PRIMARY_KILLED: self._kill_primary,
            ClusterFault.PATRONI_KILLED: self._kill_patroni,
            ClusterFault.PATRONI_LOST: self._lose_patroni,
            ClusterFault.PRIMARY_FROZEN: self._freeze,
            ClusterFault.PRIMARY_CUT_OFF: self._cut_off,
            ClusterFault.REPLICATION_CUT: self._cut_replication,
            ClusterFault.STANDBY_KILLED: self._kill_standby,
            ClusterFault.DISK_FULL: self._fill_disk,
            ClusterFault.ETCD_KILLED: lambda _, __: _restart(self.etcd, _AWAY_SECONDS),
            ClusterFault.HAPROXY_KILLED: lambda _, __: _restart(self.haproxy, _RESTART_SECONDS),
            ClusterFault.API_KILLED: lambda _, rng: _restart(rng.choice(self.servers)),
            ClusterFault.WORKER_KILLED: lambda _, rng: _restart(rng.choice(self.workers)),
            ClusterFault.REDIS_KILLED: lambda _, __: _restart(self.redis, _AWAY_SECONDS),
            ClusterFault.S3_KILLED: self._kill_store,
        }

    async def _kill_primary(self, primary: Node, _: Random) -> None:
        primary.kill_postmaster()
        await asyncio.sleep(_RESTART_SECONDS)

    async def _kill_standby(self, primary: Node, _: Random) -> None:
        self.cluster.other(primary).kill_postmaster()
        await asyncio.sleep(_RESTART_SECONDS)

    async def _kill_patroni(self, primary: Node, _: Random) -> None:
        primary.kill_patroni()
        await asyncio.sleep(_RESTART_SECONDS)
        primary.revive()

    async def _lose_patroni(self, primary: Node, _: Random) -> None:
        """Nobody starts it, so PostgreSQL goes on as a primary beside the new one."""
        primary.kill_patroni()
        await self._until_replaced(primary)
        primary.revive()

    async def _freeze(self, primary: Node, _: Random) -> None:
        primary.freeze()
        try:
            await self._until_replaced(primary)
        finally:
            primary.thaw()

    async def _cut_off(self, primary: Node, _: Random) -> None:
        primary.cable.cut()
        try:
            await self._until_replaced(primary)
        finally:
            primary.cable.mend()

    async def _cut_replication(self, primary: Node, _: Random) -> None:
        one, two = primary.cable, self.cluster.other(primary).cable
        one.cut_from(two)
        two.cut_from(one)
        try:
            await asyncio.sleep(_CUT_SECONDS)
        finally:
            one.mend_with(two)
            two.mend_with(one)

    async def _fill_disk(self, primary: Node, _: Random) -> None:
        """Patroni doesn't replace a primary that can read."""
        await asyncio.to_thread(primary.fill)
        try:
            await asyncio.sleep(_FULL_SECONDS)
        finally:
            primary.make_room()

    async def _until_replaced(self, primary: Node) -> None:
        await self.cluster.another_primary(primary, _FAILOVER_SECONDS)
        await asyncio.sleep(_LINGER_SECONDS)

    async def _kill_store(self, _: Node, __: Random) -> None:
        """Kill it under load; it is reached again when it has all that it has acknowledged."""
        gate, store = self.services.gates[Service.S3], self.services.store
        store.program.kill()
        await gate.switch(GateMode.DOWN)
        await asyncio.sleep(_RESTART_SECONDS)
        await store.recover()
        await gate.switch(GateMode.UP)


async def _restart(program: Program, after: float = 0) -> None:
    """Kill a program and start it `after` some seconds."""
    program.kill()
    await asyncio.sleep(after)
    program.start()
