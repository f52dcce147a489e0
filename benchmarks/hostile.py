"""`python -m benchmarks.hostile`: what hostile requests cost the server and their clients.

Measures the CPU time of generated requests, in the server's thread and in PostgreSQL, per point
that they are charged, against the dashboard of the benchmarks, which is remembered.
`--attack` measures how long healthy clients wait while others spend all their points.
"""

import asyncio
import gc
import heapq
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from operator import attrgetter
from time import thread_time
from typing import Annotated, Any

import orjson
import structlog
import typer
from prometheus_client import CollectorRegistry
from pydantic import SecretStr
from rich.console import Console
from starlette.types import ASGIApp, Message, Scope

from benchmarks import attack, processes, seed
from benchmarks.hostile_documents import HostileGenerator, HostileRequest
from benchmarks.operations import OPERATIONS, TINY
from benchmarks.servers import running
from lk_graphql import app, settings
from lk_graphql.demo.postgres import temporary
from lk_graphql.schema import graphql_schema

CUSTOMERS = 100
DASHBOARD_EVERY = 7
"""The dashboard is measured among the others, so that neither has warmer caches."""
SUSPECTS = 60
"""The worst requests, which are measured again: a collection of garbage may have hit them."""
MAX_RATIO = 10.0
console = Console(soft_wrap=True)


@dataclass(frozen=True)
class Charged:
    """CPU milliseconds and points of a request."""

    request: HostileRequest
    server: float
    database: float
    points: int
    outcome: str

    @property
    def per_point(self) -> float:
        return (self.server + self.database) / max(self.points, 0.5)


@dataclass(frozen=True)
class InProcessServer:
    """The application in this process, with the processes of its PostgreSQL."""

    application: ASGIApp
    backends: Sequence[int]
    token: str

    async def measured(self, request: HostileRequest, *, as_guest: bool = False) -> Charged:
        body = request.body if request.body is not None else orjson.dumps(request.json)
        scope = _scope("" if as_guest else self.token)
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        before, started = self._database_seconds(), thread_time()
        await self.application(scope, receive, send)
        seconds = thread_time() - started
        database = self._database_seconds() - before
        answer: dict[str, Any] = orjson.loads(b"".join(part.get("body", b"") for part in sent))
        cost = answer["extensions"]["cost"]
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        points = cost["requested"] + cost["compile"]
        outcome = codes[0] if codes else "OK"
        return Charged(request, seconds * 1000, database * 1000, points, outcome)

    def _database_seconds(self) -> float:
        return sum(processes.spent_by(pid) for pid in self.backends)


def _scope(token: str) -> Scope:
    headers = [(b"host", b"lk.example.com"), (b"content-type", b"application/json")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "https",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("203.0.113.7", 50000),
        "server": ("lk.example.com", 443),
    }


@asynccontextmanager
async def serving(dsn: str) -> AsyncGenerator[InProcessServer]:
    """The application as `lk serve` builds it, but for its log and the size of a bucket."""
    chosen = settings.read(
        database_url=SecretStr(dsn),
        secret_key=SecretStr("k" * 32),
        smtp_url=SecretStr("smtp://127.0.0.1:1"),
        public_url="https://lk.example.com",
        database_connections=2,
        cost_limit=10**9,
    )
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    facts = await seed.facts(dsn)
    ports = app.build_ports(chosen)
    async with app.open_state(chosen, ports, app.utc_now) as state:
        application = app.create_app(
            chosen, ports=ports, engine=state.engine, registry=CollectorRegistry()
        )
        token = facts.customers[0].token
        warm = InProcessServer(application, (), token)
        await warm.measured(HostileRequest("warm-up", "{viewer{email}}"))
        await warm.measured(
            HostileRequest("warm-up", "mutation{noticesMarkRead(input:{ids:[]}){__typename}}")
        )
        gc.freeze()  # as `lk serve` does
        yield InProcessServer(application, processes.family(facts.postmaster), token)


async def worst(server: InProcessServer, count: int, seed_: int) -> tuple[Charged, list[Charged]]:
    """The usual request between the others, and the worst, most expensive per point first."""
    usual = HostileRequest("dashboard", OPERATIONS[0].document("lk"))
    dashboards: list[Charged] = []
    measured: list[Charged] = []
    for number, request in enumerate(HostileGenerator(graphql_schema, seed_).requests(count)):
        measured.append(await server.measured(request, as_guest=number % 5 == 0))
        if number % DASHBOARD_EVERY == 0:
            dashboards.append(await server.measured(usual))
    suspects = heapq.nlargest(SUSPECTS, measured, key=_per_point)
    again = [await measured_again(server, suspect) for suspect in suspects]
    typical = sorted(dashboards, key=_per_point)[len(dashboards) // 2]
    return typical, sorted(again, key=_per_point, reverse=True)


_per_point = attrgetter("per_point")


async def measured_again(server: InProcessServer, suspect: Charged) -> Charged:
    """The median of three more measurements, as for the dashboard, each with a new text."""
    samples: list[Charged] = []
    for number in range(3):
        name = f"again{number}_{id(suspect)}_q"
        query = suspect.request.query.replace("query q", f"query {name}")
        query = query.replace("mutation q", f"mutation {name}")
        operation_name = suspect.request.operation_name
        if operation_name:
            operation_name = name + operation_name[1:]
        request = HostileRequest(
            suspect.request.family,
            query,
            suspect.request.variables,
            operation_name,
            suspect.request.body,
            suspect.request.extensions,
        )
        samples.append(await server.measured(request))
    return sorted(samples, key=_per_point)[1]


async def compare(dsn: str, count: int, seed_: int) -> float:
    """Print the worst requests. Returns their ratio to the dashboard."""
    async with serving(dsn) as server:
        usual, found = await worst(server, count, seed_)
    console.print(f"dashboard: {_text(usual)}")
    families: dict[str, Charged] = {}
    for item in found:
        families.setdefault(item.request.family, item)
    for item in families.values():
        console.print(f"{item.per_point / usual.per_point:5.1f} × {_text(item)}")
    ratio = found[0].per_point / usual.per_point
    verdict = "kept" if ratio <= MAX_RATIO else "missed"
    console.print(
        f"{verdict}: the worst of {count:,} requests takes {ratio:.1f} × the CPU time per point"
        f" of the dashboard ({MAX_RATIO:.0f} × is allowed)"
    )
    return ratio


def _text(item: Charged) -> str:
    request = item.request
    sample = request.query or repr(request.body)
    return (
        f"{item.per_point * 1000:6.2f} µs a point: {item.server:.2f} + {item.database:.2f} ms,"
        f" {item.points} points, {item.outcome}, {request.family},"
        f" {len(sample)} characters: {sample[:70]!r}"
    )


def attacked(dsn: str, seconds: float) -> attack.AttackResult:
    """Healthy clients beside attackers, with the server on a core of its own."""
    cores = processes.assign_cores()
    facts = asyncio.run(seed.facts(dsn))
    ready = TINY.request("lk", facts.customers[0])
    with running(attack.SERVER, dsn, cores.server, ready) as server, processes.pinned(cores.load):
        return asyncio.run(attack.measured(server, facts.customers, seconds))


def main(
    *,
    count: Annotated[int, typer.Option(min=1, help="Number of requests.")] = 10_000,
    seed_: Annotated[int, typer.Option("--seed", help="Another seed makes other requests.")] = 1,
    attack_: Annotated[
        bool, typer.Option("--attack", help="Measure healthy clients beside attackers instead.")
    ] = False,
    seconds: Annotated[float, typer.Option(help="Duration of the attack.")] = 60.0,
    database: Annotated[str, typer.Option(help="A database that `benchmarks` has seeded.")] = "",
) -> None:
    """Measure hostile requests against the dashboard, or healthy clients beside attackers.

    Takes some minutes. Exit code 1 means that the budget is missed.
    """
    if warning := processes.disturbance():
        console.print(f"[yellow]{warning}")
    with ExitStack() as stack:
        dsn = database or asyncio.run(
            seed.seed(stack.enter_context(temporary()), seed.SeedSize(CUSTOMERS))
        )
        if attack_:
            result = attacked(dsn, seconds)
            console.print(result.line)
            is_kept = result.ratio <= attack.MAX_DELAY and not result.failures
        else:
            is_kept = asyncio.run(compare(dsn, count, seed_)) <= MAX_RATIO
    if not is_kept:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
