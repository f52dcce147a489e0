"""Logs: a line of JSON for each event, ours and the libraries', on one stream."""

import asyncio
import logging
from select import PIPE_BUF
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.typing import EventDict

from lk_graphql.kit.scrub import scrub


class TurnSink:
    """Writes together the lines of one turn of the event loop: a write takes 10 µs of 200.

    A busy turn answers half a dozen requests. Only a process that is killed within a turn loses
    its lines. Never more than a pipe takes as one: lines of several processes don't mix.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines: list[bytes] = []
        self._room = PIPE_BUF

    def msg(self, message: bytes) -> None:
        """Take a line without its end; only in a running event loop."""
        if len(message) >= self._room:
            self._write()
        if not self._lines:
            asyncio.get_running_loop().call_soon(self._write)
        self._lines += (message, b"\n")
        self._room -= len(message) + 1

    def _write(self) -> None:
        if self._lines:  # a full pipe may have taken them before the turn was over
            self._stream.write(b"".join(self._lines))
            self._stream.flush()
            self._lines, self._room = [], PIPE_BUF


def configure(stream: BinaryIO, level: str = "info") -> TurnSink:
    """Log there, from `level` on. Returns the sink for the journal of requests."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            _scrubbed,
            structlog.processors.JSONRenderer(_to_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_ToStructlog()]
    root.setLevel(level.upper())
    # below that it quotes the values of each statement
    logging.getLogger("tortoise").setLevel(max(logging.INFO, root.level))
    return TurnSink(stream)


class _ToStructlog(logging.Handler):
    """Hands on what libraries log by the standard library."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.stdlib.get_logger()
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _scrubbed(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Texts that are not ours may quote a customer."""
    for name in ("event", "exception"):
        if isinstance(text := event.get(name), str):
            event[name] = scrub(text)
    return event


def _to_json(event: EventDict, **_: Any) -> bytes:
    return orjson.dumps(event, default=str)
