"""The operators' port of `lk serve` and `lk worker`, as processes."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server

import httpx
import pytest
import pytest_asyncio
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from lk_graphql import server
from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service.consents import publish
from lk_graphql.kit.errors import CommandError
from lk_graphql.server import Address
from tests.support.cli_process import LK, TIMEOUT, environment, lk, wait_for
from tests.support.sandbox_acquirer import free_port

CONNECTIONS = 'lk_graphql_subscription_connections{transport="websocket"}'


@pytest_asyncio.fixture
async def settings(database: str) -> dict[str, str]:
    await publish(demo_documents())
    return {
        "LK_DATABASE_URL": database,
        "LK_SMTP_URL": "smtp://127.0.0.1:1",
        "LK_SECRET_KEY": "k" * 32,
        "LK_PUBLIC_URL": "http://127.0.0.1",
        "LK_PORT": str(free_port()),
        "LK_METRICS_PORT": str(free_port()),
    }


@contextmanager
def running(command: str, log: Path, settings: dict[str, str]) -> Generator[str]:
    """The operators' address of a running command."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [*LK, command], env=environment(**settings), stdout=output, stderr=output
        )
    try:
        yield f"http://127.0.0.1:{settings['LK_METRICS_PORT']}"
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def sample(url: str, name: str) -> float | None:
    """The value of a sample, named as Prometheus's text names it."""
    with httpx.Client(trust_env=False) as http:
        text = http.get(f"{url}/metrics").text
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else None


def memory(url: str) -> dict[int, float]:
    """The memory of each of a server's processes."""
    with httpx.Client(trust_env=False) as http:
        text = http.get(f"{url}/metrics").text
    found = re.findall(r'^process_resident_memory_bytes\{pid="(\d+)"\} (\S+)$', text, re.MULTILINE)
    return {int(pid): float(size) for pid, size in found}


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            if condition():
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_metrics_are_served_at_their_own_port_only(
    settings: dict[str, str], tmp_path: Path, workers: str
):
    customers = f"http://127.0.0.1:{settings['LK_PORT']}"
    with running("serve", tmp_path / "log", settings | {"LK_WORKERS": workers}) as operators:
        wait_for(customers, lambda: True)
        with httpx.Client(trust_env=False) as http:
            for _ in range(10):
                body = {"query": "{ __typename }"}
                assert http.post(f"{customers}/graphql", json=body).status_code == 200
            hidden = http.get(f"{customers}/metrics")
            health = http.get(f"{operators}/healthz")

        count = "lk_graphql_request_duration_seconds_count"
        labels = '{kind="query",outcome="OK",path="plan"}'
        assert sample(operators, count + labels) == 10
    assert (hidden.status_code, health.text) == (404, "alive\n")


def test_a_port_of_metrics_in_use_is_an_error():
    with create_server(("127.0.0.1", 0)) as other:
        address = Address(*other.getsockname())
        refusal = f"Can't listen on 127.0.0.1:{address.port}"
        with pytest.raises(CommandError, match=refusal), server.monitored(address):
            pytest.fail("It serves nothing.")


def test_gauges_end_with_their_process_and_each_process_reports_its_memory(
    settings: dict[str, str], tmp_path: Path
):
    log = tmp_path / "log"
    with running("serve", log, settings | {"LK_WORKERS": "2"}) as operators, ExitStack() as stack:
        wait_for(f"http://127.0.0.1:{settings['LK_PORT']}", lambda: True)
        until(lambda: len(memory(operators)) == 2)
        before = memory(operators)
        for _ in range(6):
            url = f"ws://127.0.0.1:{settings['LK_PORT']}/graphql"
            stack.enter_context(connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]))
        assert sample(operators, CONNECTIONS) == 6

        for pid in before:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(memory(operators).keys() - before) == 2)

        assert not sample(operators, CONNECTIONS)
        assert memory(operators).keys().isdisjoint(before)
    assert all(50 * 2**20 < size < 500 * 2**20 for size in before.values())


def test_a_worker_reports_its_queue_and_its_health(settings: dict[str, str], tmp_path: Path):
    with running("worker", tmp_path / "log", settings) as operators:
        until(lambda: bool(sample(operators, "lk_graphql_monitor_timestamp_seconds")))
        due = sample(operators, 'lk_graphql_queued_jobs{kind="jobs.prune",state="dead"}')
        with httpx.Client(trust_env=False) as http:
            health = http.get(f"{operators}/healthz")
    assert due == 0
    assert (health.status_code, health.text) == (200, "alive\n")


def test_a_port_that_another_process_has_is_named_with_its_setting(settings: dict[str, str]):
    port = int(settings["LK_METRICS_PORT"])
    with create_server(("127.0.0.1", port)):
        refused = lk("worker", **settings)
    assert refused.returncode == 1
    assert f"Can't listen on 127.0.0.1:{port}" in refused.stderr
    assert "export LK_METRICS_PORT=" in refused.stderr
