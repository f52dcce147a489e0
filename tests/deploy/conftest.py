"""`lk serve` behind a proxy, which runs by its sample in `deploy/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from lk_graphql.demo.postgres import temporary
from tests.support.cli_process import lk, start_lk, wait_for
from tests.support.proxies import HOST, PROXIES, Proxy, program
from tests.support.sandbox_acquirer import free_port

EMAIL, PASSWORD = "anna@example.com", "Kuzbass42"
CUSTOMER = "127.0.0.2"
"""The address of the test's client, which isn't the proxy's."""
SETUP = (
    ("migrate", "up"),
    ("documents", "publish", "src/lk_graphql/demo/documents"),
    (
        *("user", "create", EMAIL, "--last-name", "Петрова", "--first-name", "Анна"),
        *("--patronymic", "", "--phone", "+79135554433", "--password", PASSWORD),
    ),
)


@dataclass
class Server:
    """A running `lk serve` of a database with one customer."""

    port: int
    settings: dict[str, str]
    log: Path


@dataclass(frozen=True)
class Site:
    """The cabinet as customers reach it: by TLS, through the proxy."""

    proxy: Proxy
    http: httpx.Client

    def post(self, query: str, token: str = "") -> httpx.Response:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return self.http.post("/graphql", json={"query": query}, headers=headers)


@pytest.fixture(scope="module", params=PROXIES)
def installed(request: pytest.FixtureRequest) -> str:
    """The name of an installed proxy; a missing one skips the test before a server starts."""
    program(request.param)
    return request.param


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log, port = tmp_path_factory.mktemp("serve") / "log", free_port()
    with temporary() as dsn:
        for words in SETUP:
            done = lk(*words, LK_DATABASE_URL=dsn)
            assert done.returncode == 0, done.stderr
        settings = {
            "LK_DATABASE_URL": dsn,
            "LK_SMTP_URL": "smtp://127.0.0.1:1",
            "LK_SECRET_KEY": "k" * 32,
            "LK_PUBLIC_URL": f"https://{HOST}",
            "LK_TRUSTED_PROXIES": "127.0.0.1",
            "LK_FORWARDED_HEADER": "x-forwarded-for",
            "LK_PORT": str(port),
            "LK_SUBSCRIPTION_KEEPALIVE_INTERVAL": "0.2",
        }
        process = start_lk("serve", log=log, **settings)
        try:
            wait_for(f"http://127.0.0.1:{port}", process.is_alive)
            yield Server(port, settings, log)
        finally:
            process.terminate()
            process.join(30)


@pytest.fixture(scope="module")
def site(
    installed: str, server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("proxy")
    with PROXIES[installed](folder, server.port) as proxy, client(proxy) as http:
        yield Site(proxy, http)


def client(proxy: Proxy) -> httpx.Client:
    """A client that finds the host at the proxy's port."""
    return httpx.Client(
        transport=httpx.HTTPTransport(verify=proxy.trust, local_address=CUSTOMER),
        base_url=f"https://127.0.0.1:{proxy.tls}",
        headers={"host": HOST},
        event_hooks={"request": [_name_host]},
    )


def _name_host(request: httpx.Request) -> None:
    request.extensions["sni_hostname"] = HOST
