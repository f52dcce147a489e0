"""Capture of logs in the server's format."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO

import structlog

from lk_graphql import logs


@contextmanager
def logging_to(stream: BytesIO, level: str) -> Generator[None]:
    """Configure logging to write to `stream`, and restore it after the block."""
    root, tortoise = logging.getLogger(), logging.getLogger("tortoise")
    handlers, levels = root.handlers[:], (root.level, tortoise.level)
    try:
        logs.configure(stream, level)
        structlog.configure(cache_logger_on_first_use=False)  # a cached logger keeps the stream
        yield
    finally:
        root.handlers[:] = handlers
        for logger, level_before in zip((root, tortoise), levels, strict=True):
            logger.setLevel(level_before)  # the method clears the cache of enabled levels
        structlog.reset_defaults()
