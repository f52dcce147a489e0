"""A real SMTP server on a free port."""

import socket
from collections.abc import Generator
from contextlib import contextmanager

from aiosmtpd.controller import Controller


@contextmanager
def running_smtp(handler: object) -> Generator[str]:
    """The URL of a server that passes mails to `handler`, in aiosmtpd's protocol."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, "127.0.0.1", port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()
