"""Settings that shorten the suite: examples, garbage collection, processors, forked `lk` processes.

A pytest plugin, named in tests/conftest.py. It doesn't import the application, because
multiprocessing imports this module again in every process that `fork_lk` starts.
"""

import gc
import os
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess as Fork
from pathlib import Path

__all__ = ["Fork", "fork_lk"]

_FORKSERVER = get_context("forkserver")
_FORKSERVER.set_forkserver_preload(["aerich", "typer", "lk_graphql.app"])


EXAMPLES_OF_A_PROPERTY = 30
"""The number of examples in the suite; `make fuzz` uses EXAMPLES (docs/decisions/0165)."""


def pytest_configure() -> None:
    """Disable garbage collection during imports; a hook, so as not to affect `fork_lk`."""
    gc.disable()
    from hypothesis import settings  # noqa: PLC0415 - `fork_lk` doesn't need it

    chosen = int(os.environ.get("EXAMPLES", "0")) or EXAMPLES_OF_A_PROPERTY
    settings.register_profile("suite", max_examples=chosen, deadline=None)
    settings.load_profile("suite")


def pytest_collection_finish() -> None:
    """Exclude all imported objects from garbage collection, and collect less often."""
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """The number of processors and one more, because workers sometimes wait for other processes."""
    return (os.cpu_count() or 1) + 1


def fork_lk(
    arguments: Sequence[str],
    variables: dict[str, str],
    *,
    folder: str | Path = ".",
    out: Path,
    err: Path,
) -> Fork:
    """Start `lk` with only these environment variables; its output is appended to the files.

    The process is forked from a server that has imported the application, because the import takes
    longer than most commands.
    """
    process = _FORKSERVER.Process(
        target=_run_lk, args=(arguments, variables, folder, out, err), daemon=True
    )
    process.start()
    return process


def _run_lk(
    arguments: Sequence[str], variables: dict[str, str], folder: str | Path, out: Path, err: Path
) -> None:
    for descriptor, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = ["lk", *arguments]

    from lk_graphql.cli import main  # noqa: PLC0415 - it reads the environment

    main()
