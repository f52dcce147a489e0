"""Leaves somebody alone who doesn't answer anyway."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

FAILURES: Final = 5
COOLDOWN_SECONDS: Final = 15.0


class BreakerOpen(Exception):
    """Not asked: it has failed too often just now."""


class Breaker:
    """After `failures` in a row, nobody is let through for `rest` seconds; then one, to try.

    A process's own: it saves customers a wait and the other side a crowd, and decides nothing
    about money, so it needs to be neither shared nor kept.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        rest: float = COOLDOWN_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._most = failures
        self._rest = rest
        self._clock = clock
        self._failures = 0
        self._closed_until = 0.0

    @asynccontextmanager
    async def guard(self, failure: type[Exception]) -> AsyncGenerator[None]:
        """Run the block and count its `failure`s. Raises `BreakerOpen`."""
        if self._failures >= self._most:
            if self._clock() < self._closed_until:
                raise BreakerOpen
            self._closed_until = self._clock() + self._rest  # this one tries; the others wait on
        try:
            yield
        except failure:
            self._failures += 1
            self._closed_until = self._clock() + self._rest
            raise
        self._failures = 0
