"""GraphQL over WebSocket, by the subprotocol graphql-transport-ws.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass, replace
from time import monotonic, perf_counter
from typing import Any, NamedTuple, cast

import orjson
import structlog
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from lk_graphql.api import errors
from lk_graphql.api.errors import FormattedErrors
from lk_graphql.api.middleware import GRAPHQL_HEADERS
from lk_graphql.api.realtime.limits import ConnectionSlot
from lk_graphql.api.realtime.server import SubscriptionServer, first_of, wait_set
from lk_graphql.api.request import (
    BYTE_ORDER_MARK,
    GraphQLRequest,
    RequestCredentials,
    RequestHeaders,
    SessionCookie,
    from_parameters,
)
from lk_graphql.api.request_errors import RequestError, TooManyConnections, UnknownProtocol
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import Unavailable

log = structlog.stdlib.get_logger("lk_graphql.api")

PROTOCOL = "graphql-transport-ws"
_ACK = '{"type":"connection_ack"}'
_PONG = '{"type":"pong"}'
_MAX_ID_LENGTH = 100
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


@dataclass(frozen=True)
class WebSocketClient:
    """The client of a connection; headers in `connection_init` override those of the handshake."""

    headers: RequestHeaders
    address: str
    cookie: SessionCookie

    def with_init_payload(self, init_headers: RequestHeaders) -> "WebSocketClient":
        return replace(self, headers={**self.headers, **init_headers})

    @property
    def credentials(self) -> RequestCredentials:
        return self.cookie.read(self.headers)

    @property
    def token_hash(self) -> bytes:
        return self.credentials.token_hash


def require_protocol(websocket: WebSocket) -> None:
    """Require the subprotocol graphql-transport-ws. Raises `UnknownProtocol`."""
    if PROTOCOL not in websocket.scope["subprotocols"]:
        raise UnknownProtocol


async def refuse(error: RequestError, websocket: WebSocket) -> None:
    """Reject the handshake with an HTTP response."""
    headers = {**GRAPHQL_HEADERS, **error.headers}
    response = PlainTextResponse(f"{error.message}\n", error.status, headers)
    await websocket.send_denial_response(response)


class WebSocketConnection:
    """Serves a client until it leaves, its session ends, or it violates the protocol."""

    def __init__(
        self,
        server: SubscriptionServer,
        client: WebSocketClient,
        websocket: WebSocket,
        place: ConnectionSlot,
    ) -> None:
        self._server = server
        self._client = client
        self._websocket = websocket
        self._place = place
        self._idle_since = 0.0
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._disconnected = asyncio.Event()

    async def run(self) -> None:
        try:
            with ExitStack() as stack:
                await self._serve(stack)
        except ConnectionClosed as closed:
            await self._close(closed)
        except WebSocketDisconnect:
            pass
        finally:
            await self._stop()

    async def _serve(self, stack: ExitStack) -> None:
        """Initialise, then process messages. Raises `ConnectionClosed` and WebSocketDisconnect."""
        try:
            async with asyncio.timeout(self._server.limits.init_timeout):
                init = await self._receive_init()
        except TimeoutError:
            raise ConnectionClosed(4408, "Connection initialisation timeout") from None
        self._client = self._client.with_init_payload(_init_headers(init))
        session_ended = await self._session(stack)
        await self._send_text(_ACK)
        end = self._end_idle() if self._place.is_guest else self._end_with(session_ended)
        await first_of(self._receive_messages(), wait_set(self._disconnected), end)

    async def _receive_init(self) -> ProtocolMessage:
        while (message := await self._receive_message()).type != "connection_init":
            if message.type == "subscribe":
                raise ConnectionClosed(4401, "Unauthorized")
            await self._answer_ping(message)
        return message

    async def _session(self, stack: ExitStack) -> asyncio.Event:
        """An event that is set at the session's end; it is never set for a guest."""
        if not self._client.credentials.token:
            return asyncio.Event()
        try:
            is_live = await self._server.session_watcher.is_live(self._client.token_hash)
        except Unavailable as outage:
            log.warning("unavailable", service=outage.service, reason=outage.reason)
            raise ConnectionClosed(1013, "Try again later") from outage
        if not is_live:
            raise ConnectionClosed(4401, "Session is over")
        try:
            self._place.take(self._client.token_hash)
        except TooManyConnections as refusal:
            raise ConnectionClosed(1013, refusal.message) from None
        return stack.enter_context(self._server.session_watcher.ended(self._client.token_hash))

    async def _end_with(self, session_ended: asyncio.Event) -> None:
        await session_ended.wait()
        raise ConnectionClosed(4401, "Session is over")

    async def _end_idle(self) -> None:
        """End a guest's connection without operations; pings don't count as operations."""
        limit = self._server.limits.guest_idle
        self._idle_since = monotonic()
        while True:
            rest = limit if self._tasks else self._idle_since + limit - monotonic()
            if rest <= 0:
                raise ConnectionClosed(1000, "Idle, without a session")
            await asyncio.sleep(rest)

    async def _receive_messages(self) -> None:
        while True:
            message = await self._receive_message()
            match message.type:
                case "connection_init":
                    raise ConnectionClosed(4429, "Too many initialisation requests")
                case "subscribe":
                    await self._subscribe(message)
                case "complete":
                    if task := self._tasks.pop(message.id, None):
                        task.cancel()
                case _:
                    await self._answer_ping(message)

    async def _subscribe(self, message: ProtocolMessage) -> None:
        if message.id in self._tasks:
            raise ConnectionClosed(4409, f"Subscriber for {message.id} already exists")
        limit = self._server.limits.operations
        if len(self._tasks) >= limit:
            state = self._request_state()
            await self._send_text(
                _error_message(
                    message.id, errors.format_exception(TooManyConnections(limit), state)
                )
            )
            return
        self._tasks[message.id] = asyncio.create_task(self._run_operation(message))

    def _request_state(self) -> RequestState:
        return self._server.request_state(self._client.headers, self._client.address)

    async def _run_operation(self, message: ProtocolMessage) -> None:
        """Run an operation until it ends or the client completes it."""
        state, started = self._request_state(), perf_counter()
        try:
            final_message = await self._send_results(message, state)
            if self._tasks.get(message.id) is asyncio.current_task():
                del self._tasks[message.id]  # before the client may reuse the id
            await self._send_text(final_message)
        except WebSocketDisconnect:
            self._disconnected.set()
        finally:
            self._idle_since = monotonic()
            self._server.metrics.finish(state, started)

    async def _send_results(self, message: ProtocolMessage, state: RequestState) -> str:
        """Send the results. Returns the final message, `complete` or `error`."""
        try:
            state.charge.add_body(message.size)
            request = _request_of(message)
            async with aclosing(self._server.results(request, state)) as results:
                async for result in results:
                    await self._send_text(_next_message(message.id, result))
        except WebSocketDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            state.charge.add_refusal(cause)
            return _error_message(message.id, errors.format_exception(cause, state))
        return _complete_message(message.id)

    async def _receive_message(self) -> ProtocolMessage:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        return _read_message(event.get("text"))

    async def _answer_ping(self, message: ProtocolMessage) -> None:
        if message.type == "ping":
            await self._send_text(_PONG)

    async def _send_text(self, text: str) -> None:
        """Send a message. Raises WebSocketDisconnect, also after the send timeout."""
        try:
            async with asyncio.timeout(self._server.limits.send_timeout):
                await self._websocket.send_text(text)
        except (TimeoutError, RuntimeError):  # RuntimeError: uvicorn has closed the connection
            raise WebSocketDisconnect(1006) from None

    async def _close(self, closed: ConnectionClosed) -> None:
        await self._stop()
        with suppress(WebSocketDisconnect, RuntimeError):  # the client may be gone already
            await self._websocket.close(closed.code, closed.reason)

    async def _stop(self) -> None:
        tasks = [*self._tasks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _read_message(text: str | None) -> ProtocolMessage:
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
        has_id = isinstance(id_, str) and 0 < len(id_) <= _MAX_ID_LENGTH
        return has_id and (type_ == "complete" or isinstance(payload, dict))
    return type_ in _WITHOUT_ID and isinstance(payload, dict)


def _init_headers(message: ProtocolMessage) -> dict[str, str]:
    """The headers in the payload of `connection_init`; browsers can't set them in the handshake.

    Like other headers, they are UTF-8 bytes decoded as Latin-1.
    """
    texts = {name.lower(): text for name, text in message.payload.items() if isinstance(text, str)}
    names = ("authorization", "accept-language")
    return {name: texts[name].encode().decode("latin-1") for name in names if name in texts}


def _request_of(message: ProtocolMessage) -> GraphQLRequest:
    """The GraphQL request of a `subscribe` message. Raises `BadRequest`."""
    return from_parameters(dict(message.payload))


def _next_message(id_: str, result: bytes) -> str:
    return (b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(id_), result)).decode()


def _error_message(id_: str, errors: FormattedErrors) -> str:
    return orjson.dumps({"id": id_, "type": "error", "payload": errors}).decode()


def _complete_message(id_: str) -> str:
    return orjson.dumps({"id": id_, "type": "complete"}).decode()
