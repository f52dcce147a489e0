"""uvicorn's configuration, the timeout of request heads, and responses to unparsed requests."""

import math
import os
import signal
from asyncio import Event, TimerHandle
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from socket import SO_REUSEADDR, SO_REUSEPORT, SOL_SOCKET, socket
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from typing import Any, NamedTuple, cast

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from lk_graphql.api import early_responses, monitoring
from lk_graphql.api.early_responses import EarlyResponse, EarlyResponses
from lk_graphql.api.middleware import MAX_HEAD_BYTES
from lk_graphql.api.realtime.sse import SHUTDOWN
from lk_graphql.kit.errors import CommandError

_TIMEOUT = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)


class RequestProtocol(HttpToolsProtocol):
    """Closes connections with an incomplete head after `head_seconds` or `MAX_HEAD_BYTES`.

    uvicorn waits without limit for a connection's first request and for the end of a head. A few
    thousand slow clients could thus occupy all sockets. Between requests, uvicorn's keep-alive
    timer applies.

    An overloaded server responds to some requests here, before uvicorn parses them
    (`EarlyResponses`).
    """

    def __init__(self, *args: Any, head_seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._early: EarlyResponses | None = self.app_state.get(early_responses.STATE)
        self._is_in_message = False
        self._head_seconds = head_seconds
        self._head_bytes = 0
        self._head_timer: TimerHandle | None = None
        self._shutdown = Event()
        self._answered_at = -math.inf

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._start_timer()

    def data_received(self, data: bytes) -> None:
        if self._early and self._is_between_requests():
            response = self._early.response(data)
            if response is not None:
                self._answer(response)
                return
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
        """End event streams; other requests may finish."""
        self._shutdown.set()
        super().shutdown()

    def on_message_begin(self) -> None:
        self._is_in_message = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._is_in_message = False
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        cast("dict[str, Any]", self.scope)[SHUTDOWN] = self._shutdown

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection. Early responses don't restart the timer, to save time."""
        rest = self._answered_at + self.timeout_keep_alive - self.loop.time()
        if rest > 0:
            self._wait_for_next(rest)
        else:
            super().timeout_keep_alive_handler()

    def _is_answering(self) -> bool:
        """Whether a request's head is complete and its response isn't."""
        return SHUTDOWN in (self.scope or ()) and not self._is_idle()

    def _is_idle(self) -> bool:
        cycle: Any = self.cycle  # None before the first request, despite its annotation
        return cycle is None or cycle.response_complete

    def _is_between_requests(self) -> bool:
        """Whether the next byte starts a request, and no response is being sent."""
        is_free = not self._is_in_message and not self.flow.write_paused
        return is_free and self._is_idle() and not self.transport.is_closing()

    def _answer(self, response: EarlyResponse) -> None:
        """Send an early response to an unparsed request, and wait for the next request."""
        self._stop_timer()
        self._answered_at = self.loop.time()
        self.transport.write(response.content)
        if response.is_last:
            self.transport.close()
        elif self.timeout_keep_alive_task is None:
            self._wait_for_next(self.timeout_keep_alive)

    def _wait_for_next(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def _is_upgraded(self) -> bool:
        """Whether a WebSocket protocol, which has pings, has replaced this one."""
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
            if self._is_idle():  # otherwise the bytes would corrupt another response
                self.transport.write(response)
            self.transport.close()


MAX_MESSAGE_BYTES = 128 * 1024
"""The largest WebSocket message; a document has at most 30,000 characters."""


class Address(NamedTuple):
    """A host and a port to listen on."""

    host: str
    port: int


@dataclass(frozen=True)
class ServerOptions:
    """Address, number of processes, and the timeout of a request's head in seconds."""

    host: str
    port: int
    workers: int = 1
    header_timeout: float = 10.0
    monitoring: Address | None = None
    """The address of the metrics for operators."""


def uvicorn_config(app: Any, options: ServerOptions) -> uvicorn.Config:
    """Configuration of uvicorn for an application, or for `"package.module:factory"`.

    The application handles proxy headers and the access log, because uvicorn trusts any proxy on
    the same machine and logs query strings.
    """
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=options.host,
        port=options.port,
        workers=options.workers,
        loop="uvloop",
        # uvicorn calls it like a class, and pickles it for worker processes
        http=cast("Any", partial(RequestProtocol, head_seconds=options.header_timeout)),
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
        timeout_worker_healthcheck=WORKER_SECONDS,
    )


WORKER_SECONDS = 30
"""Seconds within which a worker process must answer the supervisor, or the supervisor kills it.

A starting process answers only after it has imported its modules. With uvicorn's default of five
seconds, a server on a machine without free CPU repeatedly killed its own starting processes.
"""


LISTENERS = 32
"""The number of sockets that listen on the same address."""


def listening_sockets(config: uvicorn.Config) -> list[socket]:
    """Sockets to listen on, among which the kernel distributes new connections (SO_REUSEPORT).

    In each iteration of the event loop, libuv accepts one connection per socket
    (https://github.com/libuv/libuv/pull/3696). With one socket, new connections to an overloaded
    server, such as those of health checks, would wait in the kernel's backlog for seconds, and the
    server couldn't even refuse them. All processes of a server listen on all sockets, so no
    connection is lost when a process ends.
    """
    with config.bind_socket() as probe:  # logs, and exits if another server has the address
        family, address = probe.family, probe.getsockname()
    return [_listener(family, address) for _ in range(LISTENERS)]


def _listener(family: int, address: Any) -> socket:
    listener = socket(family)
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listener.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
    listener.bind(address)
    listener.set_inheritable(True)  # for the worker processes
    return listener


def run(app: Any, options: ServerOptions) -> bool:
    """Serve until SIGTERM or Ctrl-C; open requests get twenty seconds to finish.

    With several workers, `app` must be the name of a factory, because each process builds its own
    application. Returns false if the server, or a process that replaces another, could not start.
    """
    if options.workers == 1:
        config = uvicorn_config(app, options)
        server = uvicorn.Server(config)
        with suppress(KeyboardInterrupt), monitored(options.monitoring):
            server.run(listening_sockets(config))
        return server.started
    with TemporaryDirectory(prefix="lk-metrics-") as folder:
        # prometheus-client sums the processes' metrics from files there
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        config = uvicorn_config(app, options)
        supervisor = Multiprocess(config, listening_sockets(config))
        with suppress(KeyboardInterrupt), monitored(options.monitoring):
            supervisor.run()
    return all(process.exitcode != STARTUP_FAILURE for process in supervisor.processes)


def is_stopping() -> bool:
    """Whether this process's uvicorn has received SIGTERM or Ctrl-C.

    uvicorn handles the signal only after the application has started, so a start that waits must
    check for it.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return isinstance(server, uvicorn.Server) and server.should_exit


def monitored(
    address: Address | None, is_alive: Callable[[], bool] = lambda: True
) -> AbstractContextManager[None]:
    """Serve metrics and liveness at the address until the end of the context."""
    if address is None:
        return nullcontext()
    return serve_in_thread(monitoring.monitoring_app(is_alive), ServerOptions(*address))


@contextmanager
def serve_in_thread(app: Any, options: ServerOptions) -> Generator[None]:
    """Serve in a thread with its own event loop until the end of the context.

    Raises `CommandError` if the server can't start; its log has the reason.
    """
    server = uvicorn.Server(uvicorn_config(app, options))

    def serve() -> None:
        with suppress(SystemExit):  # if it can't listen
            server.run()

    thread = Thread(target=serve, name="serve_in_thread", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        sleep(0.01)
    if not server.started:
        raise CommandError(f"Can't listen on {options.host}:{options.port}: choose another port.")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
