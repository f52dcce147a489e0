"""What our server offers besides ASGI's messages: a body that is here, an answer in one piece.

A message is a coroutine, a dictionary and a turn through the server's state: the four of a request
take 30 µs of 200 in uvicorn, which also writes an answer's head and body to the network apart.
Under another server, or with a client who is slow, the messages are used.
"""

from typing import Protocol

WHOLE = "lk.whole"
"""In the scope, where the server offers it."""


class Whole(Protocol):
    """One request and its answer."""

    def body(self) -> bytes | None:
        """All of the request's body, once; None while some of it is still to come."""
        ...

    def answer(self, head: bytes, *body: bytes) -> bool:
        """Write a 200 with these lines in its head, each ended by CR LF, and a body of these parts.

        False, and nothing is written, where the client must be waited for.
        """
        ...
