"""Logs as the server writes them, for the length of a block."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO

import structlog

from lk_graphql import logs


@contextmanager
def logging_to(stream: BytesIO, level: str) -> Generator[None]:
    """Whoever left them on would let all later tests write logs."""
    root, tortoise = logging.getLogger(), logging.getLogger("tortoise")
    handlers, levels = root.handlers[:], (root.level, tortoise.level)
    try:
        logs.configure(stream, level)
        structlog.configure(cache_logger_on_first_use=False)  # or they would keep the stream
        yield
    finally:
        root.handlers[:] = handlers
        for logger, level_before in zip((root, tortoise), levels, strict=True):
            logger.setLevel(level_before)  # by the method: loggers remember what is enabled
        structlog.reset_defaults()
