"""uvicorn's configuration, and the time limit for request heads."""

import os
from asyncio import Event, TimerHandle
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from lk_graphql.api.realtime.sse import SHUTDOWN

MAX_HEAD_BYTES = 64 * 1024
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
        if self._head_bytes > MAX_HEAD_BYTES:
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


MAX_MESSAGE_BYTES = 256 * 1024
"""The largest WebSocket message; a document has at most 30,000 characters."""


@dataclass(frozen=True)
class ServerOptions:
    """Where to listen, with how many processes, and how long a request's head may take."""

    host: str
    port: int
    workers: int = 1
    header_timeout: float = 10.0


def uvicorn_config(app: Any, listener: ServerOptions) -> uvicorn.Config:
    """Uvicorn's configuration for an application, or for `"package.module:factory"`.

    Whom to believe about the client's address, and what to log of a request, is the application's
    business: uvicorn trusts any proxy on this machine, and logs query strings.
    """
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=listener.host,
        port=listener.port,
        workers=listener.workers,
        loop="uvloop",
        # uvicorn calls it like a class; worker processes get it pickled
        http=cast("Any", partial(HeaderTimeoutProtocol, head_seconds=listener.header_timeout)),
        interface="asgi3",
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
    )


def run(app: Any, listener: ServerOptions) -> bool:
    """Serve until SIGTERM or Ctrl-C; open requests get twenty seconds to end.

    Several workers need a factory's name: each process builds its own application. Returns
    whether it ever started.
    """
    if listener.workers == 1:
        server = uvicorn.Server(uvicorn_config(app, listener))
        with suppress(KeyboardInterrupt):
            server.run()
        return server.started
    with TemporaryDirectory(prefix="lk-metrics-") as folder:
        # prometheus-client adds up the processes' figures there
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        settled = uvicorn_config(app, listener)
        with suppress(KeyboardInterrupt):
            Multiprocess(settled, [settled.bind_socket()]).run()
    return True


@contextmanager
def serve_in_thread(app: Any, listener: ServerOptions) -> Generator[None]:
    """Serve from a thread of its own, with a loop of its own, until the end of the context."""
    server = uvicorn.Server(uvicorn_config(app, listener))
    thread = Thread(target=server.run, name="beside", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
