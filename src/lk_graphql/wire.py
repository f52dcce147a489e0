"""uvicorn's HTTP protocol with a time and a size limit for the head of a request."""

from asyncio import Event, TimerHandle
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lk_graphql.api.live.events import SHUTDOWN

HEAD_BYTES = 64 * 1024
_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class HeaderTimeoutProtocol(HttpToolsProtocol):
    """Closes connections whose request's head is incomplete after `head_seconds` or HEAD_BYTES.

    uvicorn waits without limit for the first request of a connection and for the end of a head, so
    a few thousand slow clients would hold all its sockets. A head that arrives in one piece, as
    nearly all do, starts no timer; between requests uvicorn's own keep-alive timer runs.
    """

    def __init__(self, *of_uvicorn: Any, head_seconds: float, **named: Any) -> None:
        super().__init__(*of_uvicorn, **named)
        self._head_seconds = head_seconds
        self._head_bytes = 0
        self._head_timer: TimerHandle | None = None
        self._shutdown = Event()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_answering() or self.transport.is_closing() or self._is_upgraded():
            self._stop_timer()
            return
        self._head_bytes += len(data)
        self._start_timer()
        if self._head_bytes > HEAD_BYTES:
            self._reject(_TOO_LARGE)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Set the event that ends event streams; other requests may run to their end."""
        self._shutdown.set()
        super().shutdown()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        cast("dict[str, Any]", self.scope)[SHUTDOWN] = self._shutdown

    def _is_answering(self) -> bool:
        """The last head is complete, and its response isn't."""
        return SHUTDOWN in (self.scope or ()) and not self._is_idle()

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, against uvicorn's annotation
        return cycle is None or cycle.response_complete

    def _is_upgraded(self) -> bool:
        """To a WebSocket, which has a protocol of its own, and pings."""
        return self.transport.get_protocol() is not self

    def _start_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._head_seconds, self._reject, _TIMEOUT)

    def _stop_timer(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _reject(self, response: bytes) -> None:
        self._stop_timer()
        if not self.transport.is_closing():
            if self._is_idle():  # else these bytes would land inside another response
                self.transport.write(response)
            self.transport.close()
