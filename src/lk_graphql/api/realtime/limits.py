"""Limits and time-outs of subscription connections."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from lk_graphql.api.request_errors import TooManyConnections


@dataclass(frozen=True)
class ConnectionLimits:
    """Limits per process; times are in seconds.

    `per_address` is high because customers may share an address; sessions are limited by
    `per_session`.
    """

    total: int = 2000
    per_address: int = 100
    per_session: int = 20
    operations: int = 50
    """Concurrent operations on one WebSocket."""
    init_timeout: float = 10.0
    """From the WebSocket's opening to `connection_init`."""
    keepalive_interval: float = 12.0
    """Between comments of an idle event stream: proxies close idle connections after a minute."""
    send_timeout: float = 30.0
    """The longest time for which a client may leave a result unread."""
    session_check_interval: float = 3.0
    """Between checks of the sessions of open connections."""


class ConnectionLimiter:
    """Counts the connections to this process by address and by session."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._counts: Counter[str | bytes] = Counter()
        self._total = 0

    @contextmanager
    def for_connection(self, address: str) -> Generator[None]:
        """Count a connection. Raises `TooManyConnections`."""
        if self._total >= self._limits.total:
            raise TooManyConnections(self._limits.total)
        with self._count(address, self._limits.per_address):
            self._total += 1
            try:
                yield
            finally:
                self._total -= 1

    @contextmanager
    def for_session(self, token_hash: bytes) -> Generator[None]:
        """Count a session's connection. Raises `TooManyConnections`."""
        with self._count(token_hash, self._limits.per_session):
            yield

    @contextmanager
    def _count(self, key: str | bytes, limit: int) -> Generator[None]:
        if self._counts[key] >= limit:
            raise TooManyConnections(limit)
        self._counts[key] += 1
        try:
            yield
        finally:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]
