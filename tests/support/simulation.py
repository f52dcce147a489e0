"""A world for payments that goes wrong on purpose, the same way for the same seed.

Actors (starts, callbacks, jobs, staff, billing) run as tasks, but only one moves at a time: each
waits before every statement, commit and call of the acquirer until the seeded dice name it. Who
waits for a lock in PostgreSQL is left out until it is free. Any waiting actor may die: its task is
cancelled, and often its connection terminated from outside. So may all of them at once, as when a
process is killed; and PostgreSQL may restart under those who live. The acquirer loses, delays and
reorders what is asked and what it answers; its callbacks come late, twice, or never.
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

_ACTOR: ContextVar["SimulatedActor | None"] = ContextVar("actor", default=None)
# who gives a lock away marks it as granted: nobody is seen to wait who doesn't any more
_LOCKED = """SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""
_OTHERS = """SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""
_STUCK = 30
"""Seconds after which somebody waits for what will never come."""
_LONG = 0.004
"""Seconds after which somebody who hasn't stopped yet may be waiting for a lock."""


@dataclass
class SimulatedActor:
    """A task that moves when it is told to."""

    name: str
    stirred: asyncio.Event
    """Set whenever somebody on the stage stops."""
    task: "asyncio.Task[Any] | None" = None
    gate: "asyncio.Future[None] | None" = None
    place: str = "the beginning"
    connection: Any = None
    is_dead: bool = False
    is_cut_off: bool = False
    """PostgreSQL restarted under it: whatever it does next in its transaction fails."""

    @property
    def is_running(self) -> bool:
        return self.task is not None and not self.task.done() and self.gate is None


async def step(place: str) -> None:
    """Wait for one's turn; at once for whoever is no actor."""
    actor = _ACTOR.get()
    if actor is None or actor.is_dead:
        return
    actor.place = place
    actor.gate = asyncio.get_running_loop().create_future()
    actor.stirred.set()
    await actor.gate


@dataclass
class Simulation:
    """Where the actors move; `trace` is the order in which they did."""

    dice: Random
    monitor: asyncpg.Connection
    deadly: float
    actors: list[SimulatedActor] = field(default_factory=list[SimulatedActor])
    trace: list[str] = field(default_factory=list[str])
    failures: list[BaseException] = field(default_factory=list[BaseException])
    deaths: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    _made: int = 0
    _waiting: list[SimulatedActor] = field(default_factory=list[SimulatedActor])
    """Who waited for a lock when all had come to rest: they may still."""

    def enter(self, name: str, act: Callable[[], Awaitable[Any]]) -> None:
        self._made += 1
        actor = SimulatedActor(f"{name}{self._made}", self.stirred)

        async def play() -> None:
            _ACTOR.set(actor)
            await step("the beginning")
            await act()

        actor.task = asyncio.create_task(play())
        actor.task.add_done_callback(lambda _: self.stirred.set())
        self.actors.append(actor)

    async def move(self, times: int) -> None:
        """Let somebody take a step, so many times or until nobody is left."""
        for _ in range(times):
            await self._settle()
            waiting = [actor for actor in self.actors if actor.gate]
            if not waiting:
                return
            actor = self.dice.choice(waiting)
            dies = self.dice.random() < self.deadly
            self.trace.append(f"{actor.name} {'dies at' if dies else '->'} {actor.place}")
            await (self._kill(actor) if dies else self._resume(actor))
        await self._settle()

    async def finish(self) -> None:
        while self.actors:
            await self.move(100)

    async def _resume(self, actor: SimulatedActor) -> None:
        gate, actor.gate = actor.gate, None
        if gate:
            gate.set_result(None)

    async def _kill(self, actor: SimulatedActor) -> None:
        """As a process dies: nothing more is done, and PostgreSQL sees its connection go."""
        self.deaths += 1
        actor.is_dead, actor.gate = True, None
        if actor.connection is not None and self.dice.random() < 0.5:
            await self._end(actor.connection)
        if actor.task:
            actor.task.cancel()

    async def _end(self, connection: Any) -> None:
        try:
            pid = connection.get_server_pid()
        except asyncpg.InterfaceError:
            return  # it is back in the pool, and others' by now
        await self._terminate([pid])

    async def _terminate(self, pids: list[int]) -> None:
        """PostgreSQL would wait, too, but looks every tenth of a second only."""
        await self.monitor.execute(
            "SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid", pids
        )
        while any(map(_is_there, pids)):  # noqa: ASYNC110 - nobody tells of their end
            await asyncio.sleep(0.001)

    async def kill_all(self) -> None:
        """The process dies."""
        self.trace.append("everybody dies")
        for actor in [one for one in self.actors if one.gate]:
            await self._kill(actor)
        await self._settle()

    async def restart_database(self) -> None:
        """As PostgreSQL restarts: every connection is gone; whoever has none doesn't notice."""
        self.trace.append("PostgreSQL restarts")
        for actor in self.actors:
            has_connection = actor.connection is not None or actor.place == "begin"
            actor.is_cut_off = has_connection or actor.is_running
        await self._terminate([row["pid"] for row in await self.monitor.fetch(_OTHERS)])
        for _ in range(5):  # until their ends have been read from the sockets
            await asyncio.sleep(0)
        await self._settle()

    async def _settle(self) -> None:
        """Until everybody waits for the dice, or for somebody who does."""
        started = monotonic()
        while running := [actor for actor in self.actors if actor.is_running]:
            assert monotonic() - started < _STUCK, [(one.name, one.place) for one in running]
            if running == self._waiting or not await self._stirs():
                self._waiting = []
                if await self.monitor.fetchval(_LOCKED) >= len(running):
                    self._waiting = running
                    break
        for actor in [one for one in self.actors if one.task and one.task.done()]:
            self.actors.remove(actor)
            self._note_end(actor)

    async def _stirs(self) -> bool:
        """Whether somebody stops before long."""
        self.stirred.clear()
        try:
            async with asyncio.timeout(_LONG):
                return await self.stirred.wait()
        except TimeoutError:
            return False

    def _note_end(self, actor: SimulatedActor) -> None:
        if actor.task is None or actor.task.cancelled():
            return
        failure = actor.task.exception()
        is_excused = actor.is_dead or actor.is_cut_off  # they fail over cut connections
        if failure is not None and not is_excused:
            self.failures.append(failure)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another account's
        return True
    return True


@asynccontextmanager
async def stepping() -> AsyncGenerator[None]:
    """Let every statement and commit of the models be a step of its actor."""

    def stepped(cls: type[Any], name: str, label: str) -> Any:
        original = getattr(cls, name)

        @wraps(original)
        async def wrapper(self: Any, *arguments: Any) -> Any:
            await step(f"{label}{_begins(*arguments)}")
            result = await original(self, *arguments)
            _note_connection(self, name)
            return result

        return patch.object(cls, name, wrapper)

    fetch = raw_sql.fetch

    async def stepped_fetch(sql: str, *arguments: object) -> list[Any]:
        await step(_begins(sql))
        return await fetch(sql, *arguments)

    with (
        # what a pool does to a connection that comes back costs as much as a statement
        patch.object(asyncpg.Connection, "get_reset_query", _no_reset),
        stepped(AsyncpgDBClient, "execute_query", ""),
        stepped(AsyncpgDBClient, "execute_insert", ""),
        stepped(AsyncpgDBClient, "execute_query_dict", ""),
        patch.object(raw_sql, "fetch", stepped_fetch),
        stepped(TransactionWrapper, "begin", "begin"),
        stepped(TransactionWrapper, "commit", "commit"),
    ):
        yield


def _begins(sql: str = "", *_: object) -> str:
    """A statement's first words."""
    return " ".join(sql.split()[:3])[:40]


def _no_reset(_: asyncpg.Connection) -> str:
    return ""


def _note_connection(client: Any, name: str) -> None:
    """Remember on which connection an actor has a transaction, to be able to cut it."""
    actor = _ACTOR.get()
    if actor is not None and name in {"begin", "commit"}:
        is_outer = not isinstance(getattr(client, "_parent", None), TransactionWrapper)
        if is_outer:
            actor.connection = getattr(client, "_connection") if name == "begin" else None  # noqa: B009
