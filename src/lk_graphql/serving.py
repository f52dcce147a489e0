"""uvicorn as we run it: uvloop, httptools, and no patience with clients who never finish."""

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

from lk_graphql.api.live.events import LEAVING

HEAD_BYTES = 64 * 1024
MESSAGE_BYTES = 256 * 1024
"""The largest WebSocket message; a document has at most 30,000 characters."""
_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class PatientProtocol(HttpToolsProtocol):
    """Closes connections whose request's head isn't whole in `head_seconds` or HEAD_BYTES.

    uvicorn waits for ever for the first request of a connection and for the end of a head: a few
    thousand slow clients hold all its sockets. A head that comes whole, as nearly all do, arms no
    timer; between requests uvicorn's own keep-alive timer runs.
    """

    def __init__(self, *of_uvicorn: Any, head_seconds: float, **named: Any) -> None:
        super().__init__(*of_uvicorn, **named)
        self._head_seconds = head_seconds
        self._head_is_open = False
        self._head_bytes = 0
        self._head_timer: TimerHandle | None = None
        self._leaving = Event()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._disarm()  # a WebSocket has its own protocol, and pings
        elif self._head_is_open or self._is_idle():
            self._head_bytes += len(data)
            self._arm()
            if self._head_bytes > HEAD_BYTES:
                self._give_up(_TOO_LARGE)
        else:
            self._disarm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        self._head_is_open = True
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[LEAVING] = self._leaving

    def shutdown(self) -> None:
        """Tell whoever answers without an end that it is near; the others have their time."""
        self._leaving.set()
        super().shutdown()

    def on_headers_complete(self) -> None:
        self._head_is_open = False
        super().on_headers_complete()

    def _is_idle(self) -> bool:
        """Nothing is being answered: what came were only empty lines."""
        cycle: Any = self.cycle  # None before the first request, whatever uvicorn annotates
        return cycle is None or cycle.response_complete

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


@dataclass(frozen=True)
class Listener:
    """Where to listen, with how many processes, and how long a request's head may take."""

    host: str
    port: int
    workers: int = 1
    head_seconds: float = 10.0


def config(app: Any, listener: Listener) -> uvicorn.Config:
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
        http=cast("Any", partial(PatientProtocol, head_seconds=listener.head_seconds)),
        interface="asgi3",
        ws="websockets-sansio",
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
    )


def run(app: Any, listener: Listener) -> bool:
    """Serve until SIGTERM or Ctrl-C; open requests get twenty seconds to end.

    Several workers need a factory's name: each process builds its own application. Returns
    whether it ever started.
    """
    if listener.workers == 1:
        server = uvicorn.Server(config(app, listener))
        with suppress(KeyboardInterrupt):
            server.run()
        return server.started
    with TemporaryDirectory(prefix="lk-metrics-") as folder:
        # prometheus-client adds up the processes' figures there
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        settled = config(app, listener)
        with suppress(KeyboardInterrupt):
            Multiprocess(settled, [settled.bind_socket()]).run()
    return True


@contextmanager
def beside(app: Any, listener: Listener) -> Generator[None]:
    """Serve from a thread of its own, with a loop of its own, until the end of the context."""
    server = uvicorn.Server(config(app, listener))
    thread = Thread(target=server.run, name="beside", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
