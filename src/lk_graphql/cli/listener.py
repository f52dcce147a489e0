"""Checks of a server's port, and an announcement of its start."""

import socket
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_graphql.kit.errors import CommandError


def require_free_port(host: str, port: int, variable: str = "LK_PORT") -> None:
    """Require a free port, which `variable` sets. Raises `CommandError`."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # like the server, so that sockets in TIME_WAIT are ignored
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as failure:
        raise CommandError(
            f"Can't listen on {host}:{port}: {failure.strerror}."
            f" Choose another port, for example: export {variable}={port % 65535 + 1}"
        ) from failure


def with_announcement(app: ASGIApp, announce: Callable[[], None]) -> ASGIApp:
    """The application, with `announce` called once it has started."""

    async def announcing(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_announce(message: Message) -> None:
            await send(message)
            if message["type"] == "lifespan.startup.complete":
                announce()

        await app(scope, receive, send_and_announce if scope["type"] == "lifespan" else send)

    return announcing
