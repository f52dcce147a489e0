"""Logging of this package and of libraries, as JSON lines on one stream."""

import logging
from typing import Any, BinaryIO

import orjson
import structlog
from structlog.typing import EventDict

from lk_graphql.kit.scrub import scrub


def configure(stream: BinaryIO, level: str = "info") -> None:
    """Log events of at least `level` to `stream`; lines are not buffered."""
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact,
            structlog.processors.JSONRenderer(_to_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_StructlogHandler()]
    root.setLevel(level.upper())
    # at debug level it logs the values of each statement
    logging.getLogger("tortoise").setLevel(max(logging.INFO, root.level))


class _StructlogHandler(logging.Handler):
    """Passes records of the standard library's logging to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.stdlib.get_logger()
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)


def _redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Redact texts that may contain personal data, as exceptions do."""
    for name in ("event", "exception"):
        if isinstance(text := event.get(name), str):
            event[name] = scrub(text)
    return event


def _to_json(event: EventDict, **_: Any) -> bytes:
    return orjson.dumps(event, default=str)
