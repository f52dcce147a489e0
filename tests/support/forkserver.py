"""Processes that begin with the application imported: alone, that takes longer than most commands.

A server, which has imported it and done nothing else, is forked for each of them. What they run
are modules as light as this one: multiprocessing imports the module anew in every process.
"""

import os
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess as Fork
from pathlib import Path

__all__ = ["Fork", "fork_lk"]

_SERVER = get_context("forkserver")
_SERVER.set_forkserver_preload(["aerich", "typer", "lk_graphql.app"])


def fork_lk(
    words: Sequence[str],
    variables: dict[str, str],
    *,
    folder: str | Path = ".",
    out: Path,
    err: Path,
) -> Fork:
    """Start `lk` with these `variables` and no others; what it prints is added to the files."""
    process = _SERVER.Process(target=_lk, args=(words, variables, folder, out, err), daemon=True)
    process.start()
    return process


def _lk(
    words: Sequence[str], variables: dict[str, str], folder: str | Path, out: Path, err: Path
) -> None:
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["lk", *words]

    from lk_graphql.cli import main  # noqa: PLC0415 - it looks at the environment

    main()
