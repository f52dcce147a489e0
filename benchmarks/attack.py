"""Healthy clients beside attackers that spend all the points that they get."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter

import orjson

from benchmarks import processes
from benchmarks.hostile_documents import HostileGenerator
from benchmarks.load import is_complete
from benchmarks.operations import OPERATIONS, TINY
from benchmarks.seed import SeededCustomer
from benchmarks.servers import LK, OURS, RunningServer, ServerSpec
from lk_graphql.schema import graphql_schema

ATTACKERS = 8
REQUESTS_PER_SECOND = 20
"""Of all healthy clients, sent whether or not the last one has been answered."""
MAX_DELAY = 2.0
"""The allowed ratio of the healthy clients' 95th percentiles."""
SERVER = ServerSpec(
    LK.name,
    LK.title,
    LK.command,
    {name: text for name, text in OURS.items() if not name.startswith("LK_COST")}
    | {"LK_TRUSTED_PROXIES": "127.0.0.1"},
)
"""With the usual limits, and an address for each client."""


@dataclass
class Attack:
    """The requests of the attackers, counted by outcome."""

    answered: int = 0
    limited: int = 0
    lost: int = 0

    async def run(self, number: int, port: int, customer: SeededCustomer) -> None:
        """Send hostile requests until cancelled; wait as long as the server demands."""
        generator = HostileGenerator(graphql_schema, seed=number)
        token = customer.token if number % 2 else ""
        while True:
            for request in generator.requests(10_000):
                body = request.body if request.body is not None else orjson.dumps(request.json)
                try:
                    answer = await sent(port, with_address(body, token, f"203.0.113.{number}"))
                except OSError:
                    self.lost += 1
                    continue
                if b'"RATE_LIMITED"' in answer:
                    self.limited += 1
                    await asyncio.sleep(retry_after(answer))
                else:
                    self.answered += 1


@dataclass
class HealthyClients:
    """Send dashboards and small queries at a constant rate, each client within its limit."""

    port: int
    requests: list[bytes]
    seconds: list[float] = field(default_factory=list[float])
    failures: int = 0

    async def run(self, duration: float) -> None:
        tasks: list[asyncio.Task[None]] = []
        ends = perf_counter() + duration
        for request in cycle(self.requests):
            if perf_counter() > ends:
                break
            tasks.append(asyncio.create_task(self._send(request)))
            await asyncio.sleep(1 / REQUESTS_PER_SECOND)
        await asyncio.gather(*tasks)

    async def _send(self, request: bytes) -> None:
        started = perf_counter()
        answer = await sent(self.port, request)
        self.seconds.append(perf_counter() - started)
        if not answer.startswith(b"HTTP/1.1 200") or b'"errors":[{' in answer:
            self.failures += 1

    @property
    def p95(self) -> float:
        """In milliseconds."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] * 1000


@dataclass(frozen=True)
class AttackResult:
    """The 95th percentiles in milliseconds, and the server's CPU in cores."""

    alone: float
    attacked: float
    failures: int
    attack: Attack
    cores: float

    @property
    def ratio(self) -> float:
        return self.attacked / self.alone

    @property
    def line(self) -> str:
        verdict = "kept" if self.ratio <= MAX_DELAY and not self.failures else "missed"
        return (
            f"{verdict}: p95 of healthy clients {self.alone:.1f} ms alone,"
            f" {self.attacked:.1f} ms beside {ATTACKERS} attackers ({self.ratio:.2f} ×,"
            f" {MAX_DELAY:.0f} × is allowed), {self.failures} failures;"
            f" {self.attack.answered} hostile requests answered, {self.attack.limited} limited,"
            f" {self.attack.lost} lost; the server took {self.cores * 100:.0f} % of a core"
        )


async def sent(port: int, request: bytes) -> bytes:
    """The answer to a request on a new connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        received = b""
        while not is_complete(received):
            part = await reader.read(65536)
            if not part:
                raise ConnectionError("closed without an answer")
            received += part
        return received
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def with_address(body: bytes, token: str, address: str) -> bytes:
    """An HTTP request as a proxy forwards it for the client at this address."""
    head = (
        "POST /graphql HTTP/1.1",
        "Host: lk.example.com",
        f"X-Forwarded-For: {address}",
        "Content-Type: application/json",
        *([f"Authorization: Bearer {token}"] if token else ()),
        f"Content-Length: {len(body)}",
        "",
        "",
    )
    return "\r\n".join(head).encode() + body


def retry_after(answer: bytes) -> float:
    head = answer.partition(b"\r\n\r\n")[0].lower()
    _, found, value = head.partition(b"\r\nretry-after:")
    return float(value.partition(b"\r\n")[0]) if found else 1.0


async def measured(
    server: RunningServer, customers: list[SeededCustomer], seconds: float
) -> AttackResult:
    """Measure healthy clients alone, then during the attack."""
    healthy = customers[ATTACKERS + 1 :]
    requests = [*healthy_requests(healthy)]
    warm_up = HealthyClients(server.port, requests)
    await warm_up.run(len(requests) / REQUESTS_PER_SECOND)
    alone = HealthyClients(server.port, requests)
    await alone.run(seconds / 2)
    attack, attacked = Attack(), HealthyClients(server.port, requests)
    before = processes.cpu_seconds(server.pid)
    tasks = [
        asyncio.create_task(attack.run(number, server.port, customers[number]))
        for number in range(1, ATTACKERS + 1)
    ]
    await attacked.run(seconds)
    spent = processes.spent(before, processes.cpu_seconds(server.pid))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return AttackResult(alone.p95, attacked.p95, attacked.failures, attack, spent / seconds)


def healthy_requests(customers: Sequence[SeededCustomer]) -> Iterator[bytes]:
    for number, customer in enumerate(customers):
        for operation in (OPERATIONS[0], TINY):
            body = {"query": operation.document("lk"), "operationName": operation.name.capitalize()}
            yield with_address(orjson.dumps(body), customer.token, f"198.51.100.{number}")
