"""The databases: a primary and a synchronous standby under Patroni, each in its own namespace."""

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.cluster.network import HOME, NODES, Cable
from benchmarks.faults.faults import Skipped
from benchmarks.faults.system import Program
from benchmarks.processes import family
from lk_graphql.demo.postgres import installation

ROOT = Path(__file__).parents[2]
PATRONI = ROOT / ".venv" / "cluster" / "bin" / "patroni"
SAMPLE = ROOT / "deploy" / "patroni.yml"
SUPERUSER = "postgres:secret-postgres"
_DISK = "1200m"
_SMALL = {
    "max_wal_size: 4GB": "max_wal_size: 256MB",
    " wal_keep_size: 4GB": " wal_keep_size: 256MB",
    "slot_wal_keep_size: 8GB": "slot_wal_keep_size: 400MB",
}
_PORT = 8008
_START_SECONDS = 120
_ASK_SECONDS = 2
_STABLE_SECONDS = 7
"""More than Patroni's loop_wait, after which it has seen what happened."""


@dataclass
class Node:
    """A database and its Patroni, on a disk of its own that can be filled."""

    cable: Cable
    disk: Path
    patroni: Program
    _frozen: list[int] = field(default_factory=list[int])

    @property
    def name(self) -> str:
        return self.cable.node

    @property
    def processes(self) -> list[int]:
        """Patroni, the postmaster and all of their children."""
        pids = [self.patroni.pid] if self.patroni.is_running else []
        if postmaster := self.postmaster:
            pids.append(postmaster)
        return list(dict.fromkeys(member for pid in pids for member in family(pid)))

    @property
    def postmaster(self) -> int | None:
        with suppress(OSError, ValueError, IndexError):
            return int((self.disk / "data" / "postmaster.pid").read_text().split()[0])
        return None

    def kill_patroni(self) -> None:
        """Kill Patroni alone: PostgreSQL goes on."""
        if self.patroni.process:
            with suppress(ProcessLookupError):
                os.kill(self.patroni.pid, signal.SIGKILL)
            self.patroni.process.wait()

    def kill_postmaster(self) -> None:
        if postmaster := self.postmaster:
            os.kill(postmaster, signal.SIGKILL)

    def freeze(self) -> None:
        """Stop all processes without an end, as a lost host or a hanging disk."""
        self._frozen = self.processes
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)
        self._frozen = []

    def fill(self) -> None:
        """Leave no room on the disk."""
        with suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(2**20))

    def make_room(self) -> None:
        self._ballast.unlink(missing_ok=True)

    def revive(self) -> None:
        """Start Patroni if it has ended, as a service manager does."""
        if not self.patroni.is_running:
            self.patroni.start()

    def stop(self) -> None:
        self.thaw()
        self.patroni.stop()
        if postmaster := self.postmaster:
            with suppress(ProcessLookupError):
                os.kill(postmaster, signal.SIGQUIT)

    @property
    def _ballast(self) -> Path:
        return self.disk / "ballast"

    def _signal(self, number: signal.Signals) -> None:
        for process in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(process, number)


@dataclass(frozen=True)
class Cluster:
    """Both nodes; Patroni's own interface says which one is the primary."""

    nodes: dict[str, Node]
    http: httpx.AsyncClient

    @property
    def addresses(self) -> str:
        """The hosts for an address of PostgreSQL."""
        return ",".join(f"{address}:5432" for address in NODES.values())

    async def primary(self) -> Node | None:
        """The node that holds the lock, by its own word."""
        for node in self.nodes.values():
            if await self._get(node, "primary") is not None:
                return node
        return None

    def other(self, node: Node) -> Node:
        return next(each for each in self.nodes.values() if each is not node)

    async def is_healthy(self) -> bool:
        """Whether a primary answers and has a standby that is synchronous and streams."""
        primary = await self.primary()
        if primary is None or await self._get(self.other(primary), "sync") is None:
            return False
        view: dict[str, Any] = await self._get(primary, "cluster") or {}
        members: list[dict[str, Any]] = view.get("members", [])
        states = {(member["role"], member.get("state")) for member in members}
        return states == {("leader", "running"), ("sync_standby", "streaming")}

    async def wait_until_healthy(self, seconds: float) -> bool:
        """Whether it became healthy and stayed so; nodes whose Patroni has ended are started."""
        loop = asyncio.get_running_loop()
        healthy_since, end = loop.time(), loop.time() + seconds
        while loop.time() < healthy_since + _STABLE_SECONDS:
            await asyncio.sleep(0.3)
            for node in self.nodes.values():
                node.revive()
            if not await self.is_healthy():
                healthy_since = loop.time()
            if loop.time() > end:
                return False
        return True

    async def another_primary(self, than: Node, seconds: float) -> bool:
        """Wait until another node is the primary; whether that happened."""
        end = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end:
            for node in self.nodes.values():
                if node is not than and await self._get(node, "primary") is not None:
                    return True
            await asyncio.sleep(0.2)
        return False

    async def _get(self, node: Node, path: str) -> Any:
        """Patroni's answer; None if it isn't 200, or there is none."""
        try:
            answer = await self.http.get(f"http://{node.cable.address}:{_PORT}/{path}")
        except httpx.HTTPError:
            return None
        return answer.json() if answer.status_code == 200 else None


@asynccontextmanager
async def running_cluster(folder: Path, cables: dict[str, Cable]) -> AsyncGenerator[Cluster]:
    """A healthy cluster on empty disks. Raises `Skipped` without Patroni."""
    if not PATRONI.exists():
        raise Skipped("Patroni isn't installed: `make cluster` does it, into .venv/cluster")
    owner = installation.owner_of(folder / "none")
    if owner is None:
        raise Skipped("the nodes run under an account of their own: run it as root")
    installation.allow_traversal(PATRONI.with_name("python").resolve())
    async with httpx.AsyncClient(trust_env=False, timeout=_ASK_SECONDS) as http:
        with ExitStack() as stack:
            nodes = {
                name: stack.enter_context(_node(cable, folder / name, owner.pw_uid, owner.pw_gid))
                for name, cable in cables.items()
            }
            cluster = Cluster(nodes, http)
            nodes["db1"].patroni.start()  # the first one makes the database
            async with asyncio.timeout(_START_SECONDS):
                while await cluster.primary() is None:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.2)
            if not await cluster.wait_until_healthy(_START_SECONDS):
                raise TimeoutError(f"the cluster didn't start; see {folder}/db1.log")
            yield cluster


@contextmanager
def _node(cable: Cable, disk: Path, user: int, group: int) -> Generator[Node]:
    disk.mkdir()
    with _mounted(disk):
        file = disk / "patroni.yml"
        file.write_text(configuration(cable, disk))
        for path in (disk, file):
            os.chown(path, user, group)
        disk.chmod(0o700)
        account = (f"--reuid={user}", f"--regid={group}", "--clear-groups")
        words = (*cable.words, "setpriv", *account, str(PATRONI), str(file))
        environment = {"LC_ALL": "C", "PATH": os.environ["PATH"], "HOME": str(disk)}
        node = Node(cable, disk, Program(words, disk.with_suffix(".log"), environment))
        try:
            yield node
        finally:
            node.stop()


def configuration(cable: Cable, disk: Path) -> str:
    """The sample, for this node."""
    changes = {
        "10.0.0.1:": f"{HOME}:",
        "10.0.0.11": cable.address,
        "10.0.0.0/24": f"{HOME.rpartition('.')[0]}.0/24",
        "name: db1": f"name: {cable.node}",
        "/var/lib/postgresql/18/lk": f"{disk}/data",
        "/usr/lib/postgresql/18/bin": str(installation.PROGRAMS),
        "/var/lib/postgresql/18/patroni.pgpass": f"{disk}/pgpass",
        "/var/run/postgresql": str(disk),
        **_SMALL,
    }
    text = SAMPLE.read_text()
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"{SAMPLE} has no {old}")
        text = text.replace(old, new)
    return text


@contextmanager
def _mounted(disk: Path) -> Generator[None]:
    """A small disk in memory. Raises `Skipped`."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    command = [mount or "mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(disk)]
    if not (mount and umount) or subprocess.call(command, stderr=subprocess.DEVNULL):
        raise Skipped("this user can't mount a tmpfs, which is the disk of a node")
    try:
        yield
    finally:
        subprocess.run([umount, "--lazy", str(disk)], check=True)
