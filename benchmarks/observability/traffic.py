"""Readers beside the writers of the faults kit: queries, files, subscriptions, and mistakes."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from benchmarks.operations import OPERATIONS, BenchmarkOperation, variables
from benchmarks.seed import SeededCustomer

_PAUSE = 0.25
"""Seconds between two requests of a reader, the longest."""
_QUERIES = [operation for operation in OPERATIONS if operation.name != "submit"]
_SIGN_IN = BenchmarkOperation("signin", "Sign-in")
_RECEIPTS = "{ viewer { accounts { invoices(first: 4) { receiptUrl } } } }"
_CHANGES = "subscription { accountChanged { number balance { amountDue } } }"


@dataclass(frozen=True)
class Readers:
    """Clients of one server; `run` never returns."""

    http: httpx.AsyncClient
    customers: list[SeededCustomer]
    rng: Random

    async def run(self, readers: int, subscribers: int) -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(readers):
                tasks.create_task(self._repeat())
            for customer in self.customers[:subscribers]:
                tasks.create_task(self._subscribe(customer))

    async def _repeat(self) -> None:
        kinds, weights = (
            (self._read, self._receipt, self._mistake, self._wrong_password),
            (80, 4, 4, 4),
        )
        while True:
            (kind,) = self.rng.choices(kinds, weights)
            with suppress(httpx.HTTPError, KeyError, TypeError):  # an outage of the run
                await kind(self.rng.choice(self.customers))
            await asyncio.sleep(self.rng.random() * _PAUSE)

    async def _read(self, customer: SeededCustomer) -> None:
        operation = self.rng.choice(_QUERIES)
        document = operation.document("lk")
        await self._post(document, customer.token, variables(document, "lk", customer))

    async def _receipt(self, customer: SeededCustomer) -> None:
        answer = await self._post(_RECEIPTS, customer.token)
        accounts = answer["data"]["viewer"]["accounts"]
        urls = [bill["receiptUrl"] for account in accounts for bill in account["invoices"]]
        path = httpx.URL(self.rng.choice(urls)).raw_path.decode()
        await self.http.get(path, headers={"authorization": f"Bearer {customer.token}"})

    async def _mistake(self, customer: SeededCustomer) -> None:
        """A session that has ended, and an operation that isn't valid."""
        await self._post("{ viewer { email } }", customer.token[::-1])
        await self._post("{ viewer { surname } }", customer.token)

    async def _wrong_password(self, _: SeededCustomer) -> None:
        email = f"customer{self.rng.randint(1, 9)}@example.com"
        await self._post(_SIGN_IN.document("lk"), "", {"email": email, "password": "Kuzbass41"})

    async def _subscribe(self, customer: SeededCustomer) -> None:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {customer.token}"}
        body = {"query": _CHANGES}
        while True:
            with suppress(httpx.HTTPError):
                request = self.http.stream("POST", "/graphql", json=body, headers=headers)
                async with request as answer:
                    async for _ in answer.aiter_bytes():
                        pass
            await asyncio.sleep(1)

    async def _post(
        self, document: str, token: str, values: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        address = ".".join(str(self.rng.randint(1, 250)) for _ in range(4))
        bearer = {"authorization": f"Bearer {token}"} if token else {}
        answer = await self.http.post(
            "/graphql",
            json={"query": document, "variables": values or {}},
            headers={"x-forwarded-for": address} | bearer,
        )
        return json.loads(answer.content)
