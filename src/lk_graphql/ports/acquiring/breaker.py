"""A circuit breaker."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

FAILURES: Final = 5
COOLDOWN_SECONDS: Final = 15.0


class BreakerOpen(Exception):
    """Raised instead of a request, after too many consecutive failures."""


class Breaker:
    """Opens after `failures` in a row for `cooldown` seconds; then one request is let through.

    The state is per process and not persistent: it only shortens waits.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        cooldown: float = COOLDOWN_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._max_failures = failures
        self._cooldown = cooldown
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0

    @asynccontextmanager
    async def guard(self, failure: type[Exception]) -> AsyncGenerator[None]:
        """Run the block and count its `failure`s. Raises `BreakerOpen`."""
        if self._failures >= self._max_failures:
            if self._clock() < self._open_until:
                raise BreakerOpen
            self._open_until = self._clock() + self._cooldown  # the others still fail
        try:
            yield
        except failure:
            self._failures += 1
            self._open_until = self._clock() + self._cooldown
            raise
        self._failures = 0
