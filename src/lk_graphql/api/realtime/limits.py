"""How much of the server one client may hold, and for how long it may say nothing."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from lk_graphql.api.request_errors import TooManyConnections


@dataclass(frozen=True)
class ConnectionLimits:
    """Times are in seconds.

    `per_address` is high: behind one address a whole house may sit. Where a session is known, it
    is `per_session` that counts.
    """

    total: int = 2000
    per_address: int = 100
    per_session: int = 20
    operations: int = 50
    """Running at a time on one WebSocket."""
    init_timeout: float = 10.0
    """From the opened WebSocket to its `connection_init`."""
    keepalive_interval: float = 12.0
    """Between signs of life of an event stream: proxies close what is silent for a minute."""
    send_timeout: float = 30.0
    """How long a client may leave an answer unread."""
    session_check_interval: float = 3.0
    """Between looks whether the sessions of open connections go on."""


class ConnectionLimiter:
    """Who holds how many connections to this process."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._held: Counter[str | bytes] = Counter()
        self._in_all = 0

    @contextmanager
    def for_connection(self, address: str) -> Generator[None]:
        """Raises `TooManyConnections`."""
        if self._in_all >= self._limits.total:
            raise TooManyConnections(self._limits.total)
        with self._hold(address, self._limits.per_address):
            self._in_all += 1
            try:
                yield
            finally:
                self._in_all -= 1

    @contextmanager
    def for_session(self, token_hash: bytes) -> Generator[None]:
        """Raises `TooManyConnections`."""
        with self._hold(token_hash, self._limits.per_session):
            yield

    @contextmanager
    def _hold(self, holder: str | bytes, most: int) -> Generator[None]:
        if self._held[holder] >= most:
            raise TooManyConnections(most)
        self._held[holder] += 1
        try:
            yield
        finally:
            self._held[holder] -= 1
            if not self._held[holder]:
                del self._held[holder]
