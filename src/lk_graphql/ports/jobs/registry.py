"""Which jobs there are: a slice's `jobs.py` declares its own."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.ports import Ports


@dataclass(frozen=True)
class JobContext:
    """What a job may use: it has no viewer and no request."""

    ports: Ports
    company: Company
    now: datetime
    """When this attempt began."""
    clock: Clock = utc_now
    """For jobs that last."""


Handler = Callable[..., Awaitable[None]]
"""`async def mail_activation(world: World, *, link_id: UUID) -> None`."""

HandlerT = TypeVar("HandlerT", bound=Handler)


@dataclass(frozen=True)
class Retries:
    """How often a job is tried, and how long it rests in between.

    The rest doubles from `first_rest` up to `longest_rest`; the defaults try for three and a half
    hours, longer than most mail servers are down. After the last attempt the job is a dead letter.
    """

    attempts: int = 12
    first_delay: timedelta = timedelta(seconds=10)
    max_delay: timedelta = timedelta(hours=1)

    def delay_after(self, failures: int, jitter: float) -> timedelta:
        """After the first failure, the second, …; `chance` in [0, 1) spreads it by a quarter.

        Without the spread, all that failed together would come back together.
        """
        doubled = self.first_delay * 2 ** min(failures - 1, 30)
        return min(doubled, self.max_delay) * (0.75 + jitter / 2)


@dataclass(frozen=True)
class Job:
    """A declared job; `ids` are the names of its handler's arguments."""

    name: str
    handler: Handler
    ids: frozenset[str]
    retries: Retries
    time_limit: timedelta
    cron: str | None


JOBS: dict[str, Job] = {}
"""By name. Filled by importing the slices' `jobs.py`, which the composition root does."""


def job(
    name: str,
    *,
    retries: Retries | None = None,
    time_limit: timedelta = timedelta(minutes=5),
    cron: str | None = None,
) -> Callable[[HandlerT], HandlerT]:
    """Declare a job, named `slice.what_it_does`.

    `cron` (minute hour day month weekday, UTC) enqueues it by the clock, once for all workers.
    """

    def declare(handler: HandlerT) -> HandlerT:
        if name in JOBS:
            raise ValueError(f"There are two jobs called {name}")
        ids = _ids(handler)
        if cron and ids:
            raise TypeError(f"The clock has no ids to give to {name}")
        JOBS[name] = Job(name, handler, ids, retries or Retries(), time_limit, cron)
        return handler

    return declare


def _ids(handler: Handler) -> frozenset[str]:
    """Raises TypeError unless the arguments are the world and keys by name."""
    world, *ids = inspect.signature(handler, eval_str=True).parameters.values()
    for parameter in ids:
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.annotation is not UUID:
            raise TypeError(f"{parameter} of a job must be keyword-only and a UUID")
    if world.annotation is not JobContext:
        raise TypeError("The first argument of a job is its World")
    return frozenset(parameter.name for parameter in ids)


def find_job(name: str, ids: dict[str, Any]) -> Job:
    """Raises LookupError for a job that nobody declared, TypeError for ids it doesn't take."""
    if (found := JOBS.get(name)) is None:
        raise LookupError(f"No job is called {name}: is the slice's jobs.py imported?")
    if found.ids != ids.keys() or not all(isinstance(key, UUID) for key in ids.values()):
        raise TypeError(f"{name} takes the UUIDs {sorted(found.ids)}, not {ids}")
    return found
