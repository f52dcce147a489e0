"""One cost budget for all processes: each has its part, or they share it in Valkey."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any, Protocol

import httpx
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY
from pydantic import SecretStr
from structlog.testing import capture_logs

from lk_graphql.api import shared_budgets
from lk_graphql.kit.viewer import Viewer
from tests.support.client import URL, ApiClient, build
from tests.support.valkey_server import ValkeyServer, valkey_server

LIMIT, REFILL = 1000, 0.001
NAME = "{ viewer { email } }"
"""Costs a point, like all that waits for something here."""
BILLS = "{ viewer { accounts { invoices(first: 99) { id } } } }"
BILLS_COST = 1 + 5 + 5 * 99
ADDRESS = "203.0.113.7"
OTHERS = (f"198.51.100.{number}" for number in count())


@dataclass
class ServerProcess:
    """An application of its own, as each server process has it."""

    app: Any
    charged: int = 0
    """What requests of guests at `ADDRESS` have cost here."""

    async def post(self, query: str, token: str = "", address: str = ADDRESS) -> dict[str, Any]:
        transport = httpx.ASGITransport(self.app, client=(address, 1))
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with httpx.AsyncClient(transport=transport, base_url=URL, headers=headers) as http:
            return (await http.post("/graphql", json={"query": query})).json()

    async def cost(self, query: str = NAME) -> dict[str, Any]:
        """`extensions.cost` of a guest's request."""
        answer = await self.post(query)
        assert answer["data"] == {"viewer": None}
        cost: dict[str, Any] = answer["extensions"]["cost"]
        self.charged += cost["requested"] + cost["compile"]
        return cost

    async def connected(self) -> None:
        """Wait until it shares budgets; what it has charged before doesn't count."""
        await until(self._is_whole)
        self.charged = 1

    async def _is_whole(self) -> bool:
        return (await self.cost())["limit"] == LIMIT

    async def is_divided(self) -> bool:
        return (await self.cost())["limit"] == LIMIT // 2


class Serve(Protocol):
    """Starts one of two processes; with a URL it shares budgets."""

    async def __call__(self, url: str = "", **chosen: object) -> ServerProcess: ...


@pytest.fixture(scope="module")
def installed() -> Generator[ValkeyServer]:
    with valkey_server() as server:
        yield server


@pytest.fixture
def valkey(installed: ValkeyServer, monkeypatch: pytest.MonkeyPatch) -> ValkeyServer:
    """An empty server, to which processes return soon after an outage."""
    monkeypatch.setattr(shared_budgets, "RETRY_SECONDS", 0.02)
    installed.kill()
    installed.start()
    return installed


@pytest_asyncio.fixture
async def serve(api: ApiClient) -> AsyncGenerator[Serve]:
    async with AsyncExitStack() as stack:

        async def start(url: str = "", **chosen: object) -> ServerProcess:
            limits = {
                "cost_limit": LIMIT, "cost_session_factor": 1, "cost_refill_per_second": REFILL,
                "cost_processes": 2, "valkey_url": SecretStr(url),
            }  # fmt: skip
            app = build(api.state.engine, api.state.ports, api.clock, **limits | chosen)
            await stack.enter_async_context(app.router.lifespan_context(app))
            process = ServerProcess(app)
            for query in (NAME, BILLS):  # which are remembered from now on
                await process.post(query, address=next(OTHERS))
            if url:
                await process.connected()
            return process

        yield start


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what happens soon in the background."""
    for _ in range(100):
        if await holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it doesn't happen")


async def agree(*processes: ServerProcess) -> None:
    """Wait until each process has what is left by the charges of all of them."""
    for process in processes:
        await until(lambda process=process: _agrees(process, processes))


async def _agrees(process: ServerProcess, processes: tuple[ServerProcess, ...]) -> bool:
    cost = await process.cost()
    left = LIMIT - sum(each.charged for each in processes)
    return (cost["limit"], cost["remaining"]) == (LIMIT, left)


async def test_without_a_store_each_process_has_its_part(serve: Serve):
    first, second = await serve(), await serve()

    costs = [await first.cost() for _ in range(3)]
    other = await second.cost()

    assert [(cost["limit"], cost["perSecond"]) for cost in costs] == [(500, 0.0005)] * 3
    assert [cost["remaining"] for cost in costs] == [499, 498, 497]
    assert other["remaining"] == 499


async def test_a_part_that_is_full_is_enough_for_any_operation(serve: Serve):
    """Else many processes would refuse for ever what one of them admits."""
    process = await serve(cost_processes=100)

    cost = await process.cost(BILLS)
    second = await process.post(BILLS)

    assert (cost["requested"], cost["limit"], cost["remaining"]) == (BILLS_COST, LIMIT // 100, 0)
    assert second["errors"][0]["extensions"]["code"] == "RATE_LIMITED"


async def test_with_a_store_processes_share_one_budget(valkey: ValkeyServer, serve: Serve):
    first, second = await serve(valkey.url), await serve(valkey.url)

    await first.cost(BILLS)

    await agree(first, second)
    assert (await second.cost())["perSecond"] == REFILL


async def test_a_session_has_a_budget_of_its_own_in_all_processes(
    valkey: ValkeyServer, serve: Serve, api: ApiClient, anna: Viewer
):
    first, second = await serve(valkey.url), await serve(valkey.url)
    token = await api.signed_in(anna)
    for process in (first, second):
        await process.post(NAME, token)  # proves the session, and is charged to its network
        process.charged += 1

    await first.post(BILLS, token)

    async def is_left() -> bool:
        cost = (await second.post(NAME, token))["extensions"]["cost"]
        return LIMIT - BILLS_COST - 100 < cost["remaining"] < LIMIT - BILLS_COST

    await until(is_left)
    await agree(first, second)


async def test_points_spent_in_one_process_are_refused_in_another(
    valkey: ValkeyServer, serve: Serve
):
    first, second = await serve(valkey.url), await serve(valkey.url)
    await first.cost(BILLS)
    await agree(first, second)

    refusal = await second.post(BILLS)

    (error,) = refusal["errors"]
    left = refusal["extensions"]["cost"]["remaining"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert error["extensions"]["retryAfter"] == pytest.approx((BILLS_COST - left) / REFILL, rel=0.1)
    assert left == LIMIT - first.charged - second.charged


async def test_the_simultaneous_spending_of_three_processes_is_added_up(
    valkey: ValkeyServer, serve: Serve
):
    """Each admits up to the whole budget; all of it has to refill before the next request."""
    processes = [await serve(valkey.url) for _ in range(3)]

    costs = await asyncio.gather(*(process.cost(BILLS) for process in processes))

    assert [cost["requested"] for cost in costs] == [BILLS_COST] * 3
    for process in processes:

        async def owes_the_rest(process: ServerProcess = process) -> bool:
            answer = await process.post(NAME)
            process.charged += "data" in answer
            if "data" in answer:
                return False
            missing = sum(each.charged for each in processes) + 1 - LIMIT
            wait: float = answer["errors"][0]["extensions"]["retryAfter"]
            return missing - 1 < wait * REFILL <= missing

        await until(owes_the_rest)


async def test_invented_tokens_get_no_budget_anywhere(valkey: ValkeyServer, serve: Serve):
    processes = [await serve(valkey.url) for _ in range(2)]
    before = {*valkey.client.keys()}

    for number in range(10):
        for process in processes:
            await process.post(NAME, f"invented-{number}")
            process.charged += 1

    await agree(*processes)
    assert {*valkey.client.keys()} == before


async def test_the_store_knows_no_tokens_and_no_addresses(
    valkey: ValkeyServer, serve: Serve, api: ApiClient, anna: Viewer
):
    process = await serve(valkey.url)
    token = await api.signed_in(anna)
    before = {*valkey.client.keys()}
    for _ in range(3):
        await process.post(NAME, token)

    async def is_stored() -> bool:
        return len({*valkey.client.keys()} - before) == 1

    await until(is_stored)
    (key,) = {*valkey.client.keys()} - before
    assert re.fullmatch(r"lk:budget:[0-9a-f]{32}", key)
    assert key[10:] not in sha256(token.encode()).hexdigest()
    assert valkey.client.get(key) == ""
    assert 0 < valkey.client.pttl(key) <= 3 / REFILL * 1000


async def test_each_process_has_its_part_while_the_store_is_unavailable(
    valkey: ValkeyServer, serve: Serve
):
    first, second = await serve(valkey.url), await serve(valkey.url)
    await first.cost(BILLS)
    await agree(first, second)
    with capture_logs() as lines:
        valkey.kill()
        for process in (first, second):
            await until(process.is_divided)
        costs = [await process.cost() for process in (first, second)]
        unshared = REGISTRY.get_sample_value("lk_graphql_unshared_budgets")

        valkey.start()
        for process in (first, second):
            await process.connected()
        await agree(first, second)

    events = [line["event"] for line in lines if line["event"].startswith("shared_budgets")]
    assert all(150 < cost["remaining"] <= (LIMIT - BILLS_COST) // 2 for cost in costs)
    assert unshared == 1
    assert events == ["shared_budgets.unavailable"] * 2 + ["shared_budgets.available"] * 2
    assert REGISTRY.get_sample_value("lk_graphql_unshared_budgets") == 0


async def test_a_hanging_store_delays_no_request(
    valkey: ValkeyServer, serve: Serve, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lk_graphql.ports.valkey.ANSWER_SECONDS", 0.2)
    process = await serve(valkey.url)
    valkey.freeze()

    costs = [await process.cost() for _ in range(3)]

    assert [cost["limit"] for cost in costs] == [LIMIT] * 3  # it hasn't been noticed yet
    await until(process.is_divided)


async def test_a_server_starts_without_its_store(valkey: ValkeyServer, serve: Serve):
    valkey.kill()
    with capture_logs() as lines:
        process = await serve("", valkey_url=SecretStr(valkey.url))
        costs = [await process.cost() for _ in range(3)]

    outages = [line for line in lines if line["event"] == "shared_budgets.unavailable"]
    assert [cost["limit"] for cost in costs] == [LIMIT // 2] * 3
    assert [line["error"] for line in outages] == ["ConnectionError"]
