"""Deterministic simulation of concurrency and failures, reproducible by its seed.

Actors (starts, callbacks, jobs, staff, billing) run as tasks, but only one runs at a time. Before
each statement, commit and call of the acquirer, an actor waits until the random generator selects
it. An actor that waits for a lock in PostgreSQL isn't selected until it has the lock.

Any waiting actor may be killed: its task is cancelled, and often its connection is terminated. All
actors may be killed at once, as if the process ended, and PostgreSQL may restart. The acquirer
loses, delays and reorders requests and responses; its callbacks arrive late, twice, or never.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from random import Random
from time import monotonic
from typing import Any
from unittest.mock import patch

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper

from lk_graphql.database import raw_sql
from tests.support.database_reset import CLEANER

_ACTOR: ContextVar["SimulatedActor | None"] = ContextVar("actor", default=None)
# PostgreSQL grants a lock when it is released, so a backend with the lock isn't counted
_LOCKED = """SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""
_OTHERS = f"""SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
AND application_name <> '{CLEANER}'"""
_STUCK = 30
"""Seconds after which the simulation is deadlocked."""
_LONG = 0.004
"""Seconds after which a running actor may be waiting for a lock."""


@dataclass
class SimulatedActor:
    """A task that runs one step at a time."""

    name: str
    paused: asyncio.Event
    """Set whenever an actor pauses or ends."""
    task: "asyncio.Task[Any] | None" = None
    resumption: "asyncio.Future[None] | None" = None
    location: str = "the beginning"
    connection: Any = None
    is_killed: bool = False
    is_disconnected: bool = False
    """PostgreSQL restarted: the next statement of its transaction fails."""

    @property
    def is_running(self) -> bool:
        return self.task is not None and not self.task.done() and self.resumption is None


async def step(location: str) -> None:
    """Pause the current actor until it is resumed; return at once outside actors."""
    actor = _ACTOR.get()
    if actor is None or actor.is_killed:
        return
    actor.location = location
    actor.resumption = asyncio.get_running_loop().create_future()
    actor.paused.set()
    await actor.resumption


@dataclass
class Simulation:
    """The actors; `trace` is the order of their steps."""

    rng: Random
    monitor: asyncpg.Connection
    kill_rate: float
    actors: list[SimulatedActor] = field(default_factory=list[SimulatedActor])
    trace: list[str] = field(default_factory=list[str])
    failures: list[BaseException] = field(default_factory=list[BaseException])
    kills: int = 0
    paused: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0
    _waiting: list[SimulatedActor] = field(default_factory=list[SimulatedActor])
    """Actors that waited for a lock after the last step; they may still wait."""

    def enter(self, name: str, act: Callable[[], Awaitable[Any]]) -> None:
        self._count += 1
        actor = SimulatedActor(f"{name}{self._count}", self.paused)

        async def play() -> None:
            _ACTOR.set(actor)
            await step("the beginning")
            await act()

        actor.task = asyncio.create_task(play())
        actor.task.add_done_callback(lambda _: self.paused.set())
        self.actors.append(actor)

    async def move(self, times: int) -> None:
        """Resume random actors for a number of steps, or until no actor is left."""
        for _ in range(times):
            await self._settle()
            paused = [actor for actor in self.actors if actor.resumption]
            if not paused:
                return
            actor = self.rng.choice(paused)
            is_kill = self.rng.random() < self.kill_rate
            self.trace.append(
                f"{actor.name} {'is killed at' if is_kill else '->'} {actor.location}"
            )
            await (self._kill(actor) if is_kill else self._resume(actor))
        await self._settle()

    async def finish(self) -> None:
        while self.actors:
            await self.move(100)

    async def _resume(self, actor: SimulatedActor) -> None:
        resumption, actor.resumption = actor.resumption, None
        if resumption:
            resumption.set_result(None)

    async def _kill(self, actor: SimulatedActor) -> None:
        """Kill an actor as if its process ended; half of the connections are terminated."""
        self.kills += 1
        actor.is_killed, actor.resumption = True, None
        if actor.connection is not None and self.rng.random() < 0.5:
            await self._end(actor.connection)
        if actor.task:
            actor.task.cancel()

    async def _end(self, connection: Any) -> None:
        try:
            pid = connection.get_server_pid()
        except asyncpg.InterfaceError:
            return  # the connection is back in the pool, and may have another user
        await self._terminate([pid])

    async def _terminate(self, pids: list[int]) -> None:
        """Terminate backends and wait for their end, polling more often than PostgreSQL."""
        await self.monitor.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid", pids
        )
        while any(map(_is_running, pids)):  # noqa: ASYNC110 - there is no event for their end
            await asyncio.sleep(0.001)

    async def kill_all(self) -> None:
        """Kill all paused actors, as if the process ended."""
        self.trace.append("all are killed")
        for actor in [actor for actor in self.actors if actor.resumption]:
            await self._kill(actor)
        await self._settle()

    async def restart_database(self) -> None:
        """Terminate all connections, as if PostgreSQL restarted."""
        self.trace.append("PostgreSQL restarts")
        for actor in self.actors:
            has_connection = actor.connection is not None or actor.location == "begin"
            actor.is_disconnected = has_connection or actor.is_running
        await self._terminate([row["pid"] for row in await self.monitor.fetch(_OTHERS)])
        for _ in range(5):  # the loop reads the ends of the connections from the sockets
            await asyncio.sleep(0)
        await self._settle()

    async def _settle(self) -> None:
        """Wait until every actor is paused, or waits for a lock of a paused actor."""
        started = monotonic()
        while running := [actor for actor in self.actors if actor.is_running]:
            assert monotonic() - started < _STUCK, [
                (actor.name, actor.location) for actor in running
            ]
            if running == self._waiting or not await self._wait_for_pause():
                self._waiting = []
                if await self.monitor.fetchval(_LOCKED) >= len(running):
                    self._waiting = running
                    break
        for actor in [actor for actor in self.actors if actor.task and actor.task.done()]:
            self.actors.remove(actor)
            self._note_end(actor)

    async def _wait_for_pause(self) -> bool:
        """Wait for a pause; False after `_LONG`."""
        self.paused.clear()
        try:
            async with asyncio.timeout(_LONG):
                return await self.paused.wait()
        except TimeoutError:
            return False

    def _note_end(self, actor: SimulatedActor) -> None:
        if actor.task is None or actor.task.cancelled():
            return
        failure = actor.task.exception()
        # a terminated connection makes its actor fail
        is_excused = actor.is_killed or actor.is_disconnected
        if failure is not None and not is_excused:
            self.failures.append(failure)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # the process of another user
        return True
    return True


@asynccontextmanager
async def stepping() -> AsyncGenerator[None]:
    """Make every statement and commit of Tortoise a step of its actor."""

    def stepped(cls: type[Any], name: str, label: str) -> Any:
        original = getattr(cls, name)

        @wraps(original)
        async def wrapper(self: Any, *arguments: Any) -> Any:
            await step(f"{label}{_first_words(*arguments)}")
            result = await original(self, *arguments)
            _note_connection(self, name)
            return result

        return patch.object(cls, name, wrapper)

    fetch = raw_sql.fetch

    async def stepped_fetch(sql: str, *arguments: object) -> list[Any]:
        await step(_first_words(sql))
        return await fetch(sql, *arguments)

    with (
        # the pool's reset of a released connection takes as long as a statement
        patch.object(asyncpg.Connection, "get_reset_query", _no_reset),
        stepped(AsyncpgDBClient, "execute_query", ""),
        stepped(AsyncpgDBClient, "execute_insert", ""),
        stepped(AsyncpgDBClient, "execute_query_dict", ""),
        patch.object(raw_sql, "fetch", stepped_fetch),
        stepped(TransactionWrapper, "begin", "begin"),
        stepped(TransactionWrapper, "commit", "commit"),
    ):
        yield


def _first_words(sql: str = "", *_: object) -> str:
    """Return a statement's first words."""
    return " ".join(sql.split()[:3])[:40]


def _no_reset(_: asyncpg.Connection) -> str:
    return ""


def _note_connection(client: Any, name: str) -> None:
    """Record the connection of an actor's transaction, to terminate it when the actor is killed."""
    actor = _ACTOR.get()
    if actor is not None and name in {"begin", "commit"}:
        is_outer = not isinstance(getattr(client, "_parent", None), TransactionWrapper)
        if is_outer:
            actor.connection = getattr(client, "_connection") if name == "begin" else None  # noqa: B009
