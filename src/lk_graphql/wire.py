"""HTTP connections as we want them: patient to a limit, and with whole requests taken whole."""

from asyncio import Event, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from lk_graphql.api.live.events import LEAVING
from lk_graphql.api.whole import WHOLE

HEAD_BYTES = 64 * 1024
_OK = b"HTTP/1.1 200 OK\r\n"
_CLOSE = b"connection: close\r\n"
_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class WholeCycle:
    """`api.whole.Whole` over uvicorn's cycle of a request and its answer."""

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    def body(self) -> bytes | None:
        """What uvicorn's `receive` does when nothing is left to wait for."""
        cycle = self._cycle
        if cycle.more_body or cycle.disconnected:
            return None
        cycle.message_event.clear()
        body, cycle.body = bytes(cycle.body), bytearray()
        return body

    def answer(self, head: bytes, *body: bytes) -> bool:
        """What uvicorn's `send` does with two messages, in one write."""
        cycle = self._cycle
        if cycle.disconnected or cycle.flow.write_paused:
            return False
        cycle.response_started = cycle.response_complete = True
        pieces = [_OK]
        for name, value in cycle.default_headers:
            pieces += (name, b": ", value, b"\r\n")
        pieces += (head, b"\r\n" if cycle.keep_alive else _CLOSE + b"\r\n", *body)
        cycle.transport.write(b"".join(pieces))
        cycle.message_event.set()
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        return True


class PatientProtocol(HttpToolsProtocol):
    """Closes connections whose request's head isn't whole in `head_seconds` or HEAD_BYTES.

    uvicorn waits for ever for the first request of a connection and for the end of a head: a few
    thousand slow clients hold all its sockets. A head that comes whole, as nearly all do, arms no
    timer; between requests uvicorn's own keep-alive timer runs.
    """

    def __init__(self, *of_uvicorn: Any, head_seconds: float, **named: Any) -> None:
        super().__init__(*of_uvicorn, **named)
        self._head_seconds = head_seconds
        self._head_bytes = 0
        self._head_timer: TimerHandle | None = None
        self._leaving = Event()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering() or self.transport.is_closing() or self._is_upgraded():
            self._disarm()
            return
        self._head_bytes += len(data)
        self._arm()
        if self._head_bytes > HEAD_BYTES:
            self._give_up(_TOO_LARGE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Tell whoever answers without an end that it is near; the others have their time."""
        self._leaving.set()
        super().shutdown()

    def on_headers_complete(self) -> None:
        """Offer the whole exchange: what a POST gets always has a body, as a HEAD's hasn't."""
        super().on_headers_complete()
        scope = cast("dict[str, Any]", self.scope)
        scope[LEAVING] = self._leaving
        if scope["method"] == "POST":
            scope[WHOLE] = WholeCycle(self.cycle)

    def _is_answering(self) -> bool:
        """No head is open, and there was more than empty lines."""
        return LEAVING in (self.scope or ()) and not self._is_idle()

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, whatever uvicorn annotates
        return cycle is None or cycle.response_complete

    def _is_upgraded(self) -> bool:
        """To a WebSocket, which has a protocol of its own, and pings."""
        return self.transport.get_protocol() is not self

    def _arm(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._head_seconds, self._give_up, _TIMEOUT)

    def _disarm(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self, farewell: bytes) -> None:
        self._disarm()
        if not self.transport.is_closing():
            if self._is_idle():  # else the bytes would land in another answer's middle
                self.transport.write(farewell)
            self.transport.close()
