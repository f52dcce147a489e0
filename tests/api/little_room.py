"""The application with little room, and queries that take it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from lk_graphql import app
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from tests.support.client import SETTINGS, ApiClient

SMALL = "{ viewer { email } }"
LARGE = "{ viewer { accounts { invoices(first: 100) { period lines { amount } } } } }"
WRITE = """mutation { accountRename(input: {
  accountId: "acc_00000000000000000000000000000000", name: "Дача"}) { errors { code } } }"""
SIGN_IN = """mutation { sessionCreate(input: {
  email: "anna@example.com", password: "Kuzbass42", delivery: BEARER}) { errors { code } } }"""
IDLE = {"requests": 0.0, "sign_ins": 0.0}


@dataclass
class Cabinet:
    """The application with room for four requests and one sign-in, and a client of it."""

    http: httpx.AsyncClient
    registry: CollectorRegistry
    database: asyncpg.Connection

    async def send(self, query: str, **headers: str) -> httpx.Response:
        if query is SIGN_IN:  # as a guest, because a sign-in ends the session that comes along
            headers["authorization"] = ""
        return await self.http.post("/graphql", json={"query": query}, headers=headers)

    @asynccontextmanager
    async def blocked(self, *queries: str) -> AsyncGenerator[list[asyncio.Task[httpx.Response]]]:
        """Queries that wait for a lock in the database until the end of the block."""
        async with self.database.transaction():
            await self.database.execute('LOCK TABLE session, "user" IN ACCESS EXCLUSIVE MODE')
            tasks = [asyncio.create_task(self.send(query)) for query in queries]
            while self._begun(tasks) < len(tasks):  # noqa: ASYNC110 - another program's state
                await asyncio.sleep(0.001)
            yield tasks
        await asyncio.gather(*tasks, return_exceptions=True)

    def refused(self) -> dict[str, float]:
        """The number of refused requests by reason."""
        samples = self._samples("lk_graphql_refused_requests_total", "reason")
        return {reason: count for reason, count in samples.items() if count}

    def running(self) -> dict[str, float]:
        """The number of running sign-ins and of other requests."""
        return self._samples("lk_graphql_operations_in_execution", "lane")

    def _begun(self, tasks: list[asyncio.Task[httpx.Response]]) -> float:
        """Count those that are running, or refused already."""
        return sum(self.running().values()) + sum(task.done() for task in tasks)

    def _samples(self, name: str, label: str) -> dict[str, float]:
        return {
            sample.labels[label]: sample.value
            for metric in self.registry.collect()
            for sample in metric.samples
            if sample.name == name
        }


def built(api: ApiClient, engine: QueryEngine, registry: CollectorRegistry) -> Starlette:
    """The application with room for four requests and one sign-in."""
    chosen = SETTINGS.model_copy(update={"max_requests": 4, "max_sign_ins": 1})
    return app.create_app(chosen, ports=api.state.ports, engine=engine, registry=registry)


async def prepare(cabinet: Cabinet, api: ApiClient, customer: Viewer) -> None:
    """Sign the customer in, and send each query once: from now on they are remembered."""
    password_hash = await api.state.ports.passwords.hash("Kuzbass42")
    await User.filter(id=customer.id).update(password_hash=password_hash)
    cabinet.http.headers["authorization"] = f"Bearer {await api.signed_in(customer)}"
    cabinet.http.headers["accept-language"] = "en"
    for query in (SMALL, LARGE, WRITE, SIGN_IN):
        assert (await cabinet.send(query)).status_code == 200
