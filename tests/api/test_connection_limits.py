"""Places of subscription connections: guests' networks, sessions, and the share kept for them."""

from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.api.realtime.limits import ConnectionLimiter, ConnectionSlot
from lk_graphql.api.request_errors import TooManyConnections
from tests.api.endpoint_client import OPTIONS

LIMITS = replace(OPTIONS.realtime, total=20, per_address=5, per_session=3, guest_share=0.5)


def place(stack: ExitStack, limiter: ConnectionLimiter, address: str, token: bytes | None = None):
    return stack.enter_context(limiter.place(address, token))


def test_all_addresses_of_a_64_share_their_places():
    limiter = ConnectionLimiter(LIMITS)
    with ExitStack() as stack:
        for number in range(5):
            place(stack, limiter, f"2001:db8:1:1::{number}")
        assert not limiter.has_capacity_for_guest("2001:db8:1:1:ffff::1")
        with pytest.raises(TooManyConnections):
            place(stack, limiter, "2001:db8:1:1:ffff::1")
        place(stack, limiter, "2001:db8:1:2::1")
        place(stack, limiter, "::ffff:203.0.113.7")
    assert limiter.has_capacity_for_guest("2001:db8:1:1:ffff::1")


def test_some_connections_are_reserved_for_sessions():
    limiter = ConnectionLimiter(LIMITS)
    with ExitStack() as stack:
        for number in range(10):
            place(stack, limiter, f"203.0.113.{number}")
        assert not limiter.has_capacity_for_guest("198.51.100.1")
        with pytest.raises(TooManyConnections):
            place(stack, limiter, "198.51.100.1")
        for number in range(10):
            place(stack, limiter, "198.51.100.1", b"session %d" % number)
        with pytest.raises(TooManyConnections):
            place(stack, limiter, "198.51.100.1", b"one more")


def test_a_proved_session_frees_the_place_of_its_network():
    """Hundreds of customers behind one address may have their sockets."""
    limiter = ConnectionLimiter(LIMITS)
    with ExitStack() as stack:
        for number in range(15):
            place(stack, limiter, "203.0.113.7").take(b"session %d" % number)
        assert limiter.has_capacity_for_guest("203.0.113.7")


class Step(NamedTuple):
    """An act of a connection: opened by a network, proved as a session's, or closed."""

    act: str
    number: int


STEPS = st.lists(
    st.builds(Step, st.sampled_from(["open", "early", "prove", "close"]), st.integers(0, 7)),
    max_size=120,
)


class Connections:
    """Open connections and the keys under which they should be counted."""

    def __init__(self, limiter: ConnectionLimiter) -> None:
        self._limiter = limiter
        self.open: list[tuple[ExitStack, ConnectionSlot, str | bytes]] = []

    def take(self, step: Step) -> None:
        network, token = f"203.0.113.{step.number}", b"session %d" % step.number
        if step.act in {"open", "early"}:
            stack, chosen = ExitStack(), token if step.act == "early" else None
            held = stack.enter_context(self._limiter.place(network, chosen))
            self.open.append((stack, held, chosen or network))
        elif self.open:
            stack, held, _ = self.open.pop(step.number % len(self.open))
            if step.act == "close":
                stack.close()
                return
            try:
                held.take(token)
            except TooManyConnections:
                stack.close()  # as the connection is
            else:
                self.open.append((stack, held, token))

    def close(self) -> None:
        for stack, _, _ in self.open:
            stack.close()


@given(STEPS)
def test_any_order_of_connections_keeps_the_limits(steps: list[Step]):
    limiter = ConnectionLimiter(LIMITS)
    connections = Connections(limiter)
    for step in steps:
        with suppress(TooManyConnections):
            connections.take(step)
        keys = [key for _, _, key in connections.open]
        assert len(keys) <= LIMITS.total
        assert sum(isinstance(key, str) for key in keys) <= 10
        assert all(keys.count(key) <= (5 if isinstance(key, str) else 3) for key in keys)
    connections.close()

    with ExitStack() as stack:  # all places are free again
        for number in range(10):
            place(stack, limiter, f"198.51.100.{number}")
        for number in range(10):
            place(stack, limiter, "198.51.100.1", b"%d" % number)
