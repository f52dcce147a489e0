"""The network of the databases: a namespace of its own for each, so that cables can be cut."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from benchmarks.faults.faults import Skipped

_BRIDGE = "lkcluster"
HOME = "10.77.0.1"
"""The address of all else: etcd, HAProxy, `lk`."""
NODES = {"db1": "10.77.0.11", "db2": "10.77.0.12"}
_NOBODY = "02:00:00:00:00:99"
"""A hardware address that no one has: what is sent there is lost without a word."""


@dataclass(frozen=True)
class Cable:
    """The link of a node to the bridge."""

    node: str

    @property
    def address(self) -> str:
        return NODES[self.node]

    @property
    def namespace(self) -> str:
        return f"{_BRIDGE}-{self.node}"

    @property
    def words(self) -> tuple[str, ...]:
        """The words before a command that make it run in the node's namespace."""
        return (_ip(), "netns", "exec", self.namespace)

    def cut(self) -> None:
        """Lose all that the node sends and gets."""
        _run("link", "set", self._outer, "down")

    def mend(self) -> None:
        _run("link", "set", self._outer, "up")

    def cut_from(self, other: "Cable") -> None:
        """Lose what the node sends to another one."""
        words = ("dev", "eth0", "lladdr", _NOBODY, "nud", "permanent")
        self._run_inside("neigh", "replace", other.address, *words)

    def mend_with(self, other: "Cable") -> None:
        self._run_inside("neigh", "del", other.address, "dev", "eth0")

    @property
    def _outer(self) -> str:
        return f"lk-{self.node}"

    def lay(self) -> None:
        _run("netns", "add", self.namespace)
        _run("link", "add", self._outer, "type", "veth", "peer", "name", "eth0",
             "netns", self.namespace)  # fmt: skip
        _run("link", "set", self._outer, "master", _BRIDGE, "up")
        self._run_inside("addr", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            self._run_inside("link", "set", device, "up")

    def remove(self) -> None:
        """The namespace's end removes both ends of the cable."""
        subprocess.run([_ip(), "netns", "del", self.namespace], check=False, capture_output=True)

    def _run_inside(self, *words: str) -> None:
        _run("-netns", self.namespace, *words)


@contextmanager
def network() -> Generator[dict[str, Cable]]:
    """The cables by node. Raises `Skipped` where this user may make no namespaces."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise Skipped(
            "the nodes need network namespaces: run it as root, with iproute2"
            " (apt install iproute2)"
        )
    cables = {node: Cable(node) for node in NODES}
    _remove_bridge()
    with ExitStack() as stack:
        _run("link", "add", _BRIDGE, "type", "bridge")
        stack.callback(_remove_bridge)
        _run("addr", "add", f"{HOME}/24", "dev", _BRIDGE)
        _run("link", "set", _BRIDGE, "up")
        for cable in cables.values():
            cable.remove()  # of a run that was killed
            stack.callback(cable.remove)
            cable.lay()
        yield cables


def _remove_bridge() -> None:
    subprocess.run([_ip(), "link", "del", _BRIDGE], check=False, capture_output=True)


def _run(*words: str) -> None:
    done = subprocess.run([_ip(), *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise Skipped(f"ip {' '.join(words)}: {done.stderr.strip()}")


def _ip() -> str:
    return shutil.which("ip") or "ip"
