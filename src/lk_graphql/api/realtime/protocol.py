"""Messages of the subprotocol graphql-transport-ws.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import orjson

from lk_graphql.api.errors import FormattedErrors
from lk_graphql.api.request import BYTE_ORDER_MARK, GraphQLRequest, from_parameters

PROTOCOL = "graphql-transport-ws"
ACK = '{"type":"connection_ack"}'
PONG = '{"type":"pong"}'
MAX_ID_LENGTH = 100
_MAX_REASON_BYTES = 123
_WITH_ID = ("subscribe", "complete")
_WITHOUT_ID = ("connection_init", "ping", "pong")


class ConnectionClosed(Exception):
    """Ends the connection with a close code of the protocol.

    A reason that is too long for a close frame is cut, for instance one with a client's long id.
    """

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
        super().__init__(reason)


class ProtocolMessage(NamedTuple):
    """A message of a client; `id` is empty for messages that don't concern an operation."""

    type: str
    id: str
    payload: Mapping[str, Any]
    size: int
    """In characters."""


def read(text: str | None) -> ProtocolMessage:
    """Parse a message. Raises `ConnectionClosed` for an invalid one."""
    try:
        value: Any = orjson.loads((text or "").removeprefix(BYTE_ORDER_MARK))
    except orjson.JSONDecodeError:
        raise ConnectionClosed(4400, "Not JSON") from None
    fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    payload: Any = fields.get("payload")
    payload = {} if payload is None else payload
    message = ProtocolMessage(
        fields.get("type", ""), fields.get("id", ""), payload, len(text or "")
    )
    if not _is_valid(message):
        raise ConnectionClosed(4400, "Not a message of graphql-transport-ws")
    return message


def _is_valid(message: ProtocolMessage) -> bool:
    type_, id_, payload, _ = cast("tuple[object, object, object, int]", message)
    if type_ in _WITH_ID:
        has_id = isinstance(id_, str) and 0 < len(id_) <= MAX_ID_LENGTH
        return has_id and (type_ == "complete" or isinstance(payload, dict))
    return type_ in _WITHOUT_ID and isinstance(payload, dict)


def init_headers(message: ProtocolMessage) -> dict[str, str]:
    """The headers in the payload of `connection_init`; browsers can't set them in the handshake.

    Like other headers, they are UTF-8 bytes decoded as Latin-1.
    """
    texts = {name.lower(): text for name, text in message.payload.items() if isinstance(text, str)}
    names = ("authorization", "accept-language")
    return {name: texts[name].encode().decode("latin-1") for name in names if name in texts}


def request_of(message: ProtocolMessage) -> GraphQLRequest:
    """The GraphQL request of a `subscribe` message. Raises `BadRequest`."""
    return from_parameters(dict(message.payload))


def next_(id_: str, result: bytes) -> str:
    return (b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(id_), result)).decode()


def error(id_: str, errors: FormattedErrors) -> str:
    return orjson.dumps({"id": id_, "type": "error", "payload": errors}).decode()


def complete(id_: str) -> str:
    return orjson.dumps({"id": id_, "type": "complete"}).decode()
