"""The access log (one line for each operation) and the log of internal errors.

Neither ever holds a token, a password, an e-mail, a phone or a variable.
"""

import re
import secrets
import traceback
from collections.abc import Iterator
from itertools import count

import structlog

from lk_graphql.api.body import texts_in
from lk_graphql.api.exchange import Exchange
from lk_graphql.kit.scrub import scrub

log = structlog.stdlib.get_logger("lk_graphql.api")

_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_PROCESS = secrets.token_hex(5)
_NUMBERS = count(1)


def request_id(proposed: str | None) -> str:
    """The client's own `X-Request-Id` if it looks like one, or a new one."""
    if proposed is not None and _SANE_ID.fullmatch(proposed):
        return proposed
    return f"{_PROCESS}{next(_NUMBERS):08x}"


def log_request(exchange: Exchange, seconds: float) -> None:
    """Write the access log's line of a request that took `seconds`."""
    log.info(
        "request",
        request_id=exchange.request_id,
        kind=exchange.kind,
        operation=exchange.operation_name,
        outcome=exchange.outcome,
        status=exchange.status,
        path=exchange.path,
        cost=exchange.cost,
        viewer=exchange.viewer.id.hex if exchange.viewer else None,
        staff=exchange.staff.id.hex if exchange.staff else None,
        ms=round(seconds * 1000, 2),
    )


def log_internal(cause: BaseException, exchange: Exchange) -> str:
    """Log what broke with its traceback; returns the log's id, which is all that a client sees."""
    log_id = secrets.token_hex(6)
    told = "".join(traceback.format_exception(cause))
    log.error(
        "internal error",
        log_id=log_id,
        request_id=exchange.request_id,
        operation=exchange.operation_name,
        viewer=exchange.viewer.id.hex if exchange.viewer else None,
        staff=exchange.staff.id.hex if exchange.staff else None,
        exception=scrub(told, _secrets(exchange)),
    )
    return log_id


def _secrets(exchange: Exchange) -> Iterator[str]:
    """Every text that came with the request: an exception may quote any of them."""
    yield exchange.token
    if exchange.asked is not None:
        yield from texts_in(exchange.asked.variables)
        yield from _LITERAL.findall(exchange.asked.query)
