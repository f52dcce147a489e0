"""uvicorn as this server runs it: uvloop, httptools, and time limits for slow clients."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from tempfile import TemporaryDirectory
from threading import Thread
from time import sleep
from typing import Any, cast

import uvicorn
from uvicorn.supervisors import Multiprocess

from lk_graphql.wire import HeaderTimeoutProtocol

MESSAGE_BYTES = 256 * 1024
"""The largest WebSocket message; a document has at most 30,000 characters."""


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
        http=cast("Any", partial(HeaderTimeoutProtocol, head_seconds=listener.head_seconds)),
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
