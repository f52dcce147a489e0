"""The store of shared budgets: its answers, and its addresses with TLS."""

import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from lk_graphql.kit.errors import Unavailable
from lk_graphql.ports.valkey import ValkeyBudgets
from tests.support.sandbox_acquirer import free_port
from tests.support.valkey_server import CERTIFICATE, ValkeyServer, valkey_server

KEY = "lk:budget:0123456789abcdef0123456789abcdef"
SECONDS = 1000
AUTHORITY = f"ssl_ca_certs={quote(str(CERTIFICATE))}"


@pytest.fixture(scope="module")
def valkey() -> Generator[ValkeyServer]:
    with valkey_server(tls_port=free_port()) as server:
        yield server


@asynccontextmanager
async def store_at(url: str) -> AsyncGenerator[ValkeyBudgets]:
    store = ValkeyBudgets(url)
    yield store
    await store.close()


@pytest.mark.parametrize("scheme", ["valkeys", "rediss"])
async def test_budgets_are_shared_by_tls_with_a_verified_certificate(
    valkey: ValkeyServer, scheme: str
):
    valkey.client.flushall()
    url = f"{scheme}://localhost:{valkey.tls_port}/0?{AUTHORITY}"
    async with store_at(url) as one, store_at(url) as other:
        (first,) = await one.charge([(KEY, SECONDS * 1000)])
        (second,) = await other.charge([(KEY, SECONDS * 1000)])

    assert first == SECONDS * 1000
    assert (2 * SECONDS - 60) * 1000 < second <= 2 * SECONDS * 1000


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("valkeys://localhost:{port}/0", "CERTIFICATE_VERIFY_FAILED"),
        (f"valkeys://0.0.0.0:{{port}}/0?{AUTHORITY}", "IP address mismatch"),
        ("valkey://localhost:{port}/0", "Connection"),
    ],
)
async def test_a_certificate_that_doesn_t_prove_the_server_is_refused(
    valkey: ValkeyServer, address: str, message: str
):
    async with store_at(address.format(port=valkey.tls_port)) as store:
        with pytest.raises(Unavailable) as outage:
            await store.charge([(KEY, 1000)])

    assert message in str(outage.value.__cause__)


async def test_the_documented_rights_are_enough(valkey: ValkeyServer):
    text = Path("docs/scale-out.md").read_text()  # noqa: ASYNC240
    (rights,) = re.findall(r"\| rights \| `(.*)` \|", text)
    valkey.client.execute_command("ACL", "SETUSER", "lk", "on", "nopass", *rights.split())
    async with store_at(f"valkeys://lk:any@localhost:{valkey.tls_port}/0?{AUTHORITY}") as store:
        (time,) = await store.charge([(KEY, 1000)])
        with pytest.raises(Unavailable) as outage:
            await store.charge([("other", 1000)])

    assert time >= 1000
    assert "permission" in str(outage.value.__cause__)
