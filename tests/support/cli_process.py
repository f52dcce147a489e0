"""`lk` as a separate process."""

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

import httpx
import pytest

from lk_graphql.settings import PREFIX
from tests.support.speed import Fork, fork_lk

LK = [sys.executable, "-m", "lk_graphql"]
TIMEOUT = 120  # seconds


def environment(**variables: str) -> dict[str, str]:
    """The environment of the test run with only these settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return inherited | variables


def lk(*words: str, folder: str | Path = ".", **variables: str) -> CompletedProcess[str]:
    """Run a command to its end, with only these settings."""
    with TemporaryDirectory() as scrap:
        out, err = Path(scrap, "out"), Path(scrap, "err")
        settings = environment(COLUMNS="120", **variables)
        process = fork_lk(words, settings, folder=folder, out=out, err=err)
        process.join(TIMEOUT)
        if process.exitcode is None:
            process.kill()
            pytest.fail(f"lk {' '.join(words)} doesn't end")
        return CompletedProcess(words, process.exitcode, out.read_text(), err.read_text())


def start_lk(*words: str, log: Path, **variables: str) -> Fork:
    """Start a command that runs until it is stopped; its output goes to `log`."""
    return fork_lk(words, environment(**variables), out=log, err=log)


def wait_for(url: str, is_running: Callable[[], bool]) -> None:
    """Wait until a server is ready; fail the test if it stops or needs over two minutes."""
    deadline = time.monotonic() + TIMEOUT
    with httpx.Client() as client:  # creating a client takes as long as many requests
        while time.monotonic() < deadline and is_running():
            with suppress(httpx.TransportError):
                if client.get(f"{url}/readyz").is_success:
                    return
            time.sleep(0.1)
    pytest.fail(f"{url} doesn't answer; {'it is still starting' if is_running() else 'it ended'}")
