"""The running cluster, `lk` on it, and the clients that read and write."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from random import Random

import asyncpg

from benchmarks.cluster import parts
from benchmarks.cluster.inflictor import ClusterInflictor
from benchmarks.cluster.network import HOME, network
from benchmarks.cluster.nodes import SUPERUSER, Cluster, running_cluster
from benchmarks.faults.campaign import SECRET, SETTINGS, Campaign, Scale
from benchmarks.faults.client import ApiClient, NoAnswer
from benchmarks.faults.ledger import CallKind, Ledger
from benchmarks.faults.seed import DATABASE, Population, populate
from benchmarks.faults.services import running_services
from benchmarks.faults.settlement import Settlement
from benchmarks.faults.system import LkProcess, environment, running, stop_all
from benchmarks.faults.writers import Writers
from lk_graphql.kit.signing import Signer

SCALE = Scale(customers=500, writers=6, limit=40)
_ROLE, _PASSWORD = "lk", "secret-lk"
_READERS = 2
_PAUSE = 0.3
_DASHBOARD = """{ viewer { email accounts { number address balance { amountDue }
  invoices(first: 3) { period total } meters { serial registers { readings(last: 3) { nodes {
  takenOn value } } } } } } }"""


class Route(StrEnum):
    """The way of `lk` to the primary."""

    HAPROXY = "haproxy"
    HOSTS = "hosts"


@asynccontextmanager
async def running_campaign(
    folder: Path, seed: int, run_name: str, route: Route, note: Callable[[str], None]
) -> AsyncGenerator[Campaign]:
    """Start everything, and let the clients read and write. Raises `Skipped`."""
    parts.require_programs()
    rng = Random(seed)
    api1, api2, tls, plain, database, redis = (parts.stable_port(rng) for _ in range(6))
    async with AsyncExitStack() as stack:
        cables = stack.enter_context(network())
        note("Starting etcd, HAProxy and Redis")
        etcd = stack.enter_context(running(parts.etcd(folder)))
        haproxy = stack.enter_context(
            running(parts.haproxy(folder, tls, plain, database, (api1, api2)))
        )
        valkey = stack.enter_context(running(parts.redis(folder, redis)))
        note("Making the primary and its standby")
        cluster = await stack.enter_async_context(running_cluster(folder, cables))
        people = await _fill(cluster, folder)
        services = await stack.enter_async_context(running_services(folder, plain))
        note("Starting lk serve and lk worker")
        hosts = f"{cluster.addresses}/{DATABASE}?sslmode=disable"
        local = f"127.0.0.1:{database}/{DATABASE}"
        place = hosts if route is Route.HOSTS else local
        settings = {
            **SETTINGS,
            **services.settings,
            "LK_DATABASE_URL": f"postgresql://{_ROLE}:{_PASSWORD}@{place}",
            "LK_VALKEY_URL": f"redis://127.0.0.1:{redis}/0",
        }
        servers = [
            LkProcess(
                ("serve",),
                folder / f"serve{port}.log",
                environment(settings | {"LK_PORT": str(port)}),
            )
            for port in (api1, api2)
        ]
        workers = [
            LkProcess(("worker",), folder / f"worker{number}.log", environment(settings))
            for number in range(2)
        ]
        stack.callback(stop_all, [*servers, *workers])
        for process in (*servers, *workers):
            process.start()
        api = ApiClient(f"https://127.0.0.1:{tls}", SCALE.limit, rng)
        stack.push_async_callback(api.close)
        await api.wait_until_ready()
        ledger = Ledger(folder / "ledger.jsonl")
        checker = f"postgresql://{SUPERUSER}@{local}"
        writers = Writers(api, ledger, people, checker, Signer(SECRET.encode()), rng)
        settlement = Settlement(
            checker, ledger, services, len(ledger.acknowledged[CallKind.UPLOAD])
        )
        inflictor = ClusterInflictor(cluster, etcd, haproxy, valkey, servers, workers, services)
        writers.resume(SCALE.writers)
        await stack.enter_async_context(_reading(api, people, rng))
        yield Campaign(run_name, seed, SCALE, inflictor, writers, settlement)
        await writers.pause()


@asynccontextmanager
async def _reading(api: ApiClient, people: Population, rng: Random) -> AsyncGenerator[None]:
    """Customers who read their dashboards for the length of the block."""

    async def read() -> None:
        while True:
            with suppress(NoAnswer):  # which is counted
                await api.ask(_DASHBOARD, rng.choice(people.customers).token)
            await asyncio.sleep(rng.random() * _PAUSE)

    readers = [asyncio.create_task(read()) for _ in range(_READERS)]
    try:
        yield
    finally:
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _fill(cluster: Cluster, folder: Path) -> Population:
    """Make the database, and a role for `lk` that owns nothing."""
    primary = await cluster.primary()
    if primary is None:
        raise TimeoutError("there is no primary")
    place = f"{SUPERUSER}@{primary.cable.address}:5432"
    server, dsn = (
        f"postgresql://{place}/{name}?sslmode=disable" for name in ("postgres", DATABASE)
    )
    people = await populate(server, dsn, SCALE.customers, folder / "people.json")
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE ROLE {_ROLE} LOGIN PASSWORD '{_PASSWORD}'")
    await connection.close()
    command = (sys.executable, "-m", "lk_graphql", "migrate", "grant", _ROLE)
    process = await asyncio.create_subprocess_exec(
        *command, env=environment({"LK_DATABASE_URL": dsn}), stdout=DEVNULL
    )
    if await process.wait():
        raise OSError(f"lk migrate grant failed, on the cluster at {HOME}")
    return people
