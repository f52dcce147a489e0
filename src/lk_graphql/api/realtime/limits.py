"""Limits and timeouts of subscription connections."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from lk_graphql.api.request_errors import TooManyConnections
from lk_graphql.kit.addresses import client_network


@dataclass(frozen=True)
class ConnectionLimits:
    """Limits per process; times are in seconds.

    Connections without a session, or with one that isn't verified yet, are limited to `per_address`
    for each client's network (`client_network`), and to the share `guest_share` of the total. The
    rest is reserved for sessions; each session is limited to `per_session`.
    """

    total: int
    keepalive_interval: float
    """Between comments of an idle event stream; proxies close idle connections after a minute."""
    per_address: int = 100
    per_session: int = 20
    guest_share: float = 0.75
    guest_idle: float = 30.0
    """The longest time for which a guest's WebSocket may run no operation."""
    operations: int = 50
    """Concurrent operations on one WebSocket."""
    init_timeout: float = 10.0
    """From the WebSocket's opening to `connection_init`."""
    send_timeout: float = 30.0
    """The longest time for which a client may leave a result unread."""
    session_check_interval: float = 3.0
    """Between checks of the sessions of open connections."""


class ConnectionLimiter:
    """Counts the connections to this process, of sessions and of guests' networks."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self._limits = limits
        self._counts = Counter[str | bytes]()
        self._guests = 0
        self._most_guests = max(1, int(limits.total * limits.guest_share))

    @contextmanager
    def place(self, address: str, token_hash: bytes | None = None) -> Generator["ConnectionSlot"]:
        """Hold a place for a verified session or a guest. Raises `TooManyConnections`."""
        place = ConnectionSlot(self)
        place.take(token_hash or client_network(address))
        try:
            yield place
        finally:
            place.free()

    def has_capacity_for_guest(self, address: str) -> bool:
        network = client_network(address)
        is_full = self._guests >= self._most_guests or self._is_full
        return not is_full and self._counts[network] < self._limits.per_address

    def add(self, key: str | bytes) -> None:
        """Count a connection of a session's token or of a network."""
        is_guest = isinstance(key, str)
        limit = self._limits.per_address if is_guest else self._limits.per_session
        if self._counts[key] >= limit:
            raise TooManyConnections(limit)
        if self._is_full or (is_guest and self._guests >= self._most_guests):
            raise TooManyConnections(self._most_guests if is_guest else self._limits.total)
        self._counts[key] += 1
        self._guests += is_guest

    def remove(self, key: str | bytes) -> None:
        self._guests -= isinstance(key, str)
        self._counts[key] -= 1
        if not self._counts[key]:
            del self._counts[key]

    @property
    def _is_full(self) -> bool:
        return self._counts.total() >= self._limits.total


class ConnectionSlot:
    """The place of one connection, which moves from its network to its session."""

    def __init__(self, limiter: ConnectionLimiter) -> None:
        self._limiter = limiter
        self._key: str | bytes | None = None

    @property
    def is_guest(self) -> bool:
        return isinstance(self._key, str)

    def take(self, key: str | bytes) -> None:
        """Move the place to another key. Raises `TooManyConnections`."""
        if key != self._key:
            self.free()
            self._limiter.add(key)
            self._key = key

    def free(self) -> None:
        if self._key is not None:
            self._limiter.remove(self._key)
            self._key = None
