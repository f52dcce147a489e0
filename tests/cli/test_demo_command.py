"""`lk demo`, from start to stop, as a newcomer runs it; and what `lk serve` refuses."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.cli_process import LK, environment, lk, wait_for

SIGN_IN = """mutation { sessionCreate(
  input: { email: "demo@example.com", password: "Demo12345", delivery: BEARER }) { token } }"""
DASHBOARD = "{ viewer { accounts { number invoices(first: 6) { total lines { amount } } } } }"


def refusal(folder: Path, *words: str, **variables: str) -> str:
    done = lk(*words, folder=folder, **variables)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def demo(server_folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A running demo with its data in `server_folder`, and its output in `printed` there.

    Without GraphiQL, whose files would have to be downloaded.
    """
    with (server_folder / "printed").open("w") as printed:
        process = subprocess.Popen(
            [*LK, "demo"], cwd=server_folder,
            env=environment(LK_PORT=str(port), LK_GRAPHIQL="false"),
            stdout=printed, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        yield process
        process.kill()
        process.wait()


def test_the_demo_serves_a_dashboard_and_leaves_nothing_running(
    demo: subprocess.Popen[str], server_folder: Path, port: int
):
    wait_for(f"http://127.0.0.1:{port}", lambda: demo.poll() is None)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        answer = client.post("/graphql", json={"query": SIGN_IN}).json()
        client.headers["Authorization"] = f"Bearer {answer['data']['sessionCreate']['token']}"
        accounts = client.post("/graphql", json={"query": DASHBOARD}).json()["data"]["viewer"]
        assert client.get("/dev/mail").status_code == 200
    assert [len(account["invoices"]) for account in accounts["accounts"]] == [6, 6, 6]
    assert (server_folder / ".lk" / "secret_key").stat().st_mode & 0o777 == 0o600
    note = server_folder / ".lk" / "postgres" / "postmaster.pid"
    assert note.exists()
    demo.send_signal(signal.SIGINT)
    assert demo.wait(30) == 0
    assert not note.exists()
    printed = (server_folder / "printed").read_text()
    assert f"http://127.0.0.1:{port}/dev/mail" in printed
    assert "demo@example.com   Demo12345" in printed


def test_the_demo_is_for_this_machine_only(tmp_path: Path):
    error = refusal(tmp_path, "demo", LK_HOST="0.0.0.0")
    assert error.startswith("The demo listens only on this machine, not on 0.0.0.0: unset LK_HOST.")
    assert not (tmp_path / ".lk").exists()


def test_a_port_in_use_is_reported_before_any_change(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        error = refusal(tmp_path, "demo", LK_PORT=str(port))
    assert error.startswith(f"Can't listen on 127.0.0.1:{port}: Address already in use.")
    assert not (tmp_path / ".lk").exists()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_production_refuses_to_start_half_configured(command: str, tmp_path: Path):
    error = refusal(tmp_path, command, LK_SMTP_URL="smtp://mail.example.com")
    assert [line.split()[0] for line in error.splitlines()] == [
        "LK_DATABASE_URL",
        "LK_SECRET_KEY",
        "LK_PUBLIC_URL",
    ]
