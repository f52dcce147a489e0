"""Logging of this package and of libraries, as JSON lines on one stream."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.typing import EventDict

from lk_graphql.kit.scrub import scrub

_QUERY_STRING = re.compile(r"\?[^\s\"]*")
"""A query string, which may hold a token."""
_NO_HANDSHAKE = "ASGI callable returned without completing handshake."
"""uvicorn's error for each WebSocket that the application has refused with an HTTP response."""
OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def configure(stream: BinaryIO, level: str = "info") -> None:
    """Log events of at least `level` to `stream`; lines are not buffered."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            _to_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_StructlogHandler()]
    root.setLevel(level.upper())
    # at the debug level, Tortoise logs the values of each statement
    logging.getLogger("tortoise").setLevel(max(logging.INFO, root.level))


class _StructlogHandler(logging.Handler):
    """Passes the records of Python's `logging` to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.stdlib.get_logger()
        message = record.getMessage()
        if message == _NO_HANDSHAKE:
            return
        if record.name.startswith("uvicorn"):  # uvicorn logs the paths of WebSockets
            message = _QUERY_STRING.sub("", message)
        message = scrub(message)
        log.log(record.levelno, message, logger=record.name, exc_info=record.exc_info)


def _to_json(_logger: Any, _method: str, event: EventDict) -> bytes:
    """The event as JSON, with its time, and without personal data that an exception may quote.

    Values of any type are accepted: a log call must not break the work that it reports.
    """
    event["timestamp"] = datetime.now(UTC)
    if "exception" in event:
        event["exception"] = scrub(event["exception"])
    try:
        return orjson.dumps(event, default=str, option=OPTIONS)
    except TypeError:  # text with half a surrogate pair, integers of more than 64 bits
        return json.dumps(event, default=str).encode()
