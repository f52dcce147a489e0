"""A world for payments that goes wrong on purpose, the same way for the same seed.

Actors (starts, callbacks, jobs, staff, billing) run as tasks, but only one moves at a time: each
waits before every statement, commit and call of the acquirer until the seeded dice name it. Who
waits for a lock in PostgreSQL is left out until it is free. Any waiting actor may die: its task is
cancelled, and often its connection terminated from outside. The acquirer loses, delays and
reorders what is asked and what it answers; its callbacks come late, twice, or never.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from random import Random
from typing import Any
from unittest.mock import patch

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper

_ACTOR: ContextVar["Actor | None"] = ContextVar("actor", default=None)
_LOCKED = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@dataclass
class Actor:
    """A task that moves when it is told to."""

    name: str
    task: "asyncio.Task[Any] | None" = None
    gate: "asyncio.Future[None] | None" = None
    place: str = "the beginning"
    connection: Any = None
    is_dead: bool = False

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
    await actor.gate


@dataclass
class Stage:
    """Where the actors move; `trace` is the order in which they did."""

    dice: Random
    monitor: asyncpg.Connection
    deadly: float
    actors: list[Actor] = field(default_factory=list[Actor])
    trace: list[str] = field(default_factory=list[str])
    failures: list[BaseException] = field(default_factory=list[BaseException])
    deaths: int = 0
    _made: int = 0

    def enter(self, name: str, act: Callable[[], Awaitable[Any]]) -> None:
        self._made += 1
        actor = Actor(f"{name}{self._made}")

        async def play() -> None:
            _ACTOR.set(actor)
            await step("the beginning")
            await act()

        actor.task = asyncio.create_task(play())
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

    async def _resume(self, actor: Actor) -> None:
        gate, actor.gate = actor.gate, None
        if gate:
            gate.set_result(None)

    async def _kill(self, actor: Actor) -> None:
        """As a process dies: nothing more is done, and PostgreSQL sees its connection go."""
        self.deaths += 1
        actor.is_dead, actor.gate = True, None
        if actor.connection is not None and self.dice.random() < 0.5:
            pid = actor.connection.get_server_pid()
            await self.monitor.execute("SELECT pg_terminate_backend($1, 1000)", pid)
        if actor.task:
            actor.task.cancel()

    async def _settle(self) -> None:
        """Until everybody waits for the dice, or for somebody who does."""
        patience = 0
        while running := [actor for actor in self.actors if actor.is_running]:
            await asyncio.sleep(0 if patience < 50 else 0.002)
            patience += 1
            if patience > 55 and await self.monitor.fetchval(_LOCKED) >= len(running):
                break
        for actor in [one for one in self.actors if one.task and one.task.done()]:
            self.actors.remove(actor)
            self._note_end(actor)

    def _note_end(self, actor: Actor) -> None:
        if actor.task is None or actor.task.cancelled():
            return
        failure = actor.task.exception()
        if failure is not None and not actor.is_dead:  # the dead fail over cut connections
            self.failures.append(failure)


@asynccontextmanager
async def stepping() -> AsyncGenerator[None]:
    """Let every statement and commit of the models be a step of its actor."""

    def stepped(cls: type[Any], name: str, label: str) -> Any:
        original = getattr(cls, name)

        @wraps(original)
        async def wrapper(self: Any, *arguments: Any) -> Any:
            words = str(arguments[0]).split() if arguments else []
            await step(f"{label}{' '.join(words[:3])[:40]}")
            result = await original(self, *arguments)
            _note_connection(self, name)
            return result

        return patch.object(cls, name, wrapper)

    with (
        stepped(AsyncpgDBClient, "execute_query", ""),
        stepped(AsyncpgDBClient, "execute_insert", ""),
        stepped(AsyncpgDBClient, "execute_query_dict", ""),
        stepped(TransactionWrapper, "begin", "begin"),
        stepped(TransactionWrapper, "commit", "commit"),
    ):
        yield


def _note_connection(client: Any, name: str) -> None:
    """Remember on which connection an actor has a transaction, to be able to cut it."""
    actor = _ACTOR.get()
    if actor is not None and name in {"begin", "commit"}:
        is_outer = not isinstance(getattr(client, "_parent", None), TransactionWrapper)
        if is_outer:
            actor.connection = getattr(client, "_connection") if name == "begin" else None  # noqa: B009
