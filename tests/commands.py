"""`lk` as a process of its own."""

import os
import subprocess
import sys
import time

import httpx
import pytest

from lk_graphql.settings import PREFIX

LK = [sys.executable, "-m", "lk_graphql"]


def environment(**variables: str) -> dict[str, str]:
    """The test run's own, without settings but the given ones."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return ours | variables


def wait_for(url: str, process: subprocess.Popen[str]) -> None:
    """Fails the test when a server isn't ready in two minutes, or stops before."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"{url} doesn't answer (exit code {process.returncode})")
