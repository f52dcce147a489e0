"""The registry of jobs; the `jobs.py` of each slice declares its own."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.kit.ids import new_key
from lk_graphql.ports import Ports


@dataclass(frozen=True)
class JobContext:
    """The resources of a job, which has no viewer and no request."""

    ports: Ports
    company: Company
    now: datetime
    """The start of this attempt."""
    clock: Clock = utc_now
    """The clock of long jobs, for which `now` is not exact enough."""
    key: UUID = field(default_factory=new_key)
    """Equal for all attempts of a job: an idempotency key for other services."""


Handler = Callable[..., Awaitable[None]]
"""`async def mail_activation(context: JobContext, *, link_id: UUID) -> None`."""

HandlerT = TypeVar("HandlerT", bound=Handler)


@dataclass(frozen=True)
class Retries:
    """The number of attempts of a job, and the delays between them.

    The delay doubles from `first_delay` up to `max_delay`. The defaults cover three and a half
    hours, longer than most outages of mail servers. After the last attempt the job is a dead
    letter.
    """

    attempts: int = 12
    first_delay: timedelta = timedelta(seconds=10)
    max_delay: timedelta = timedelta(hours=1)

    def delay_after(self, failures: int, jitter: float) -> timedelta:
        """The delay after the first, second, … failure; `jitter` in [0, 1) varies it by 25 %.

        Without jitter, jobs that failed together would be retried together.
        """
        doubled = self.first_delay * 2 ** min(failures - 1, 30)
        return min(doubled, self.max_delay) * (0.75 + jitter / 2)


DOUBTFUL_RETRIES = Retries(attempts=3, first_delay=timedelta(minutes=10))
"""The attempts at a `DoubtfulError`: now, after ten minutes, after half an hour."""


@dataclass(frozen=True)
class Job:
    """A declared job; `ids` are the names of its handler's arguments."""

    name: str
    handler: Handler
    ids: frozenset[str]
    retries: Retries
    time_limit: timedelta
    cron: str | None
    drops: tuple[type[Exception], ...]


JOBS: dict[str, Job] = {}
"""By name, filled by `load_hooks`, which imports the slices' `jobs.py`."""


def job(
    name: str,
    *,
    retries: Retries | None = None,
    time_limit: timedelta = timedelta(minutes=5),
    cron: str | None = None,
    drops: tuple[type[Exception], ...] = (),
) -> Callable[[HandlerT], HandlerT]:
    """Declare a job, named `slice.action`.

    `cron` (minute hour day month weekday, UTC) is a schedule; all workers enqueue one job a time.
    A job whose last attempt raises one of `drops` is deleted instead of becoming a dead letter,
    because something else enqueues it again.
    """

    def declare(handler: HandlerT) -> HandlerT:
        if name in JOBS:
            raise ValueError(f"There are two jobs called {name}")
        ids = _ids(handler)
        if cron and ids:
            raise TypeError(f"A scheduled job takes no ids: {name}")
        JOBS[name] = Job(name, handler, ids, retries or Retries(), time_limit, cron, drops)
        return handler

    return declare


def _ids(handler: Handler) -> frozenset[str]:
    """Raises TypeError unless the parameters are the context and keyword-only keys."""
    context, *ids = inspect.signature(handler, eval_str=True).parameters.values()
    for parameter in ids:
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.annotation is not UUID:
            raise TypeError(f"{parameter} of a job must be keyword-only and a UUID")
    if context.annotation is not JobContext:
        raise TypeError("The first parameter of a job is its JobContext")
    return frozenset(parameter.name for parameter in ids)


def find_job(name: str, ids: dict[str, Any]) -> Job:
    """Raises LookupError for an undeclared job, TypeError for other ids than the declared ones."""
    if (declared := JOBS.get(name)) is None:
        raise LookupError(f"No job is called {name}: is the slice's jobs.py imported?")
    if declared.ids != ids.keys() or not all(isinstance(key, UUID) for key in ids.values()):
        raise TypeError(f"{name} takes the UUIDs {sorted(declared.ids)}, not {ids}")
    return declared
