"""Subscriptions over WebSocket (graphql-transport-ws): handshake and connection."""

import asyncio
from contextlib import ExitStack, aclosing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.websockets import WebSocket, WebSocketDisconnect

from lk_graphql.api import errors
from lk_graphql.api.access_log import request_id
from lk_graphql.api.cookies import RequestCredentials, SessionCookie
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.realtime import protocol
from lk_graphql.api.realtime.protocol import PROTOCOL, ConnectionClosed, ProtocolMessage
from lk_graphql.api.realtime.server import SubscriptionServer, first_of, wait_set
from lk_graphql.api.request import JSON, preferred_language
from lk_graphql.api.request_errors import RequestError, TooManyConnections, UnknownProtocol
from lk_graphql.api.request_state import RequestState
from lk_graphql.api.responses import HEADERS
from lk_graphql.kit.viewer import Client


@dataclass(frozen=True)
class WebSocketClient:
    """The program at the other end. What its first message says counts before its headers."""

    headers: Headers
    address: str
    cookie: SessionCookie

    def with_init_payload(self, greeting: list[tuple[bytes, bytes]]) -> "WebSocketClient":
        return replace(self, headers=Headers(raw=[*greeting, *self.headers.raw]))

    @property
    def credentials(self) -> RequestCredentials:
        return self.cookie.read(self.headers)

    @property
    def token_hash(self) -> bytes:
        return self.credentials.token_hash

    def exchange(self, budget: RateLimiter, now: datetime) -> RequestState:
        """What becomes of one operation."""
        token, by_cookie = self.credentials
        token_hash = self.token_hash
        language = preferred_language(self.headers.get("accept-language", ""))
        user_agent = self.headers.get("user-agent", "")
        return RequestState(
            method="WEBSOCKET",
            headers=self.headers,
            now=now,
            request_id=request_id(None),
            client=Client(self.address, user_agent, language),
            media_type=JSON,
            token=token,
            token_hash=token_hash,
            by_cookie=by_cookie,
            bucket=budget.bucket(token_hash, self.address),
        )


def require_protocol(websocket: WebSocket) -> None:
    """Raises `UnknownProtocol`."""
    if PROTOCOL not in websocket.scope["subprotocols"]:
        raise UnknownProtocol


async def refuse(fault: RequestError, websocket: WebSocket) -> None:
    """Answer the handshake by HTTP."""
    headers = {**HEADERS, **fault.headers}
    response = PlainTextResponse(f"{fault.message}\n", fault.status, headers)
    await websocket.send_denial_response(response)


class WebSocketConnection:
    """Serves until the client leaves, its session ends, or it breaks the protocol."""

    def __init__(
        self, live: SubscriptionServer, caller: WebSocketClient, websocket: WebSocket
    ) -> None:
        self._live = live
        self._caller = caller
        self._websocket = websocket
        self._running: dict[str, asyncio.Task[None]] = {}
        self._gone = asyncio.Event()

    async def run(self) -> None:
        try:
            with ExitStack() as held:
                await self._serve(held)
        except ConnectionClosed as closed:
            await self._close(closed)
        except WebSocketDisconnect:
            pass
        finally:
            await self._stop()

    async def _serve(self, held: ExitStack) -> None:
        """Greet, then listen. Raises `Closed` and WebSocketDisconnect."""
        try:
            async with asyncio.timeout(self._live.limits.init_timeout):
                hello = await self._receive_init()
        except TimeoutError:
            raise ConnectionClosed(4408, "Connection initialisation timeout") from None
        self._caller = self._caller.with_init_payload(protocol.init_headers(hello))
        over = await self._session(held)
        await self._send_text(protocol.ACK)
        await first_of(self._receive_messages(), wait_set(self._gone), self._end_with(over))

    async def _receive_init(self) -> ProtocolMessage:
        while (message := await self._receive_message()).type != "connection_init":
            if message.type == "subscribe":
                raise ConnectionClosed(4401, "Unauthorized")
            await self._answer_ping(message)
        return message

    async def _session(self, held: ExitStack) -> asyncio.Event:
        """What is set when the session is over; a guest's never is."""
        if not self._caller.credentials.token:
            return asyncio.Event()
        if not await self._live.vigil.is_live(self._caller.token_hash):
            raise ConnectionClosed(4401, "Session is over")
        try:
            held.enter_context(self._live.seats.for_session(self._caller.token_hash))
        except TooManyConnections as crowded:
            raise ConnectionClosed(1013, crowded.message) from None
        return held.enter_context(self._live.vigil.ended(self._caller.token_hash))

    async def _end_with(self, over: asyncio.Event) -> None:
        await over.wait()
        raise ConnectionClosed(4401, "Session is over")

    async def _receive_messages(self) -> None:
        while True:
            message = await self._receive_message()
            match message.type:
                case "connection_init":
                    raise ConnectionClosed(4429, "Too many initialisation requests")
                case "subscribe":
                    await self._subscribe(message)
                case "complete":
                    if task := self._running.pop(message.id, None):
                        task.cancel()
                case _:
                    await self._answer_ping(message)

    async def _subscribe(self, message: ProtocolMessage) -> None:
        if message.id in self._running:
            raise ConnectionClosed(4409, f"Subscriber for {message.id} already exists")
        most = self._live.limits.operations
        if len(self._running) >= most:
            exchange = self._open()
            await self._send_text(
                protocol.error(
                    message.id, errors.format_exception(TooManyConnections(most), exchange)
                )
            )
            return
        self._running[message.id] = asyncio.create_task(self._run_operation(message))

    def _open(self) -> RequestState:
        return self._caller.exchange(self._live.budget, self._live.now())

    async def _run_operation(self, message: ProtocolMessage) -> None:
        """One operation, to its end or until the client completes it."""
        exchange, started = self._open(), perf_counter()
        try:
            farewell = await self._send_results(message, exchange)
            if self._running.get(message.id) is asyncio.current_task():
                del self._running[message.id]  # before the client hears that the id is free again
            await self._send_text(farewell)
        except WebSocketDisconnect:
            self._gone.set()
        finally:
            self._live.record(exchange, started)

    async def _send_results(self, message: ProtocolMessage, exchange: RequestState) -> str:
        """Send the answers. Returns the message that says how it ended."""
        try:
            asked = protocol.request_of(message)
            async with aclosing(self._live.answers(asked, exchange)) as answers:
                async for answer in answers:
                    await self._send_text(protocol.next_(message.id, answer))
        except WebSocketDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            return protocol.error(message.id, errors.format_exception(cause, exchange))
        return protocol.complete(message.id)

    async def _receive_message(self) -> ProtocolMessage:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        return protocol.read(event.get("text"))

    async def _answer_ping(self, message: ProtocolMessage) -> None:
        if message.type == "ping":
            await self._send_text(protocol.PONG)

    async def _send_text(self, text: str) -> None:
        """Raises WebSocketDisconnect, also when the client doesn't read its answers in time."""
        try:
            async with asyncio.timeout(self._live.limits.send_timeout):
                await self._websocket.send_text(text)
        except (TimeoutError, RuntimeError):  # uvicorn raises the latter after its own close
            raise WebSocketDisconnect(1006) from None

    async def _close(self, closed: ConnectionClosed) -> None:
        await self._stop()
        with suppress(WebSocketDisconnect, RuntimeError):  # the client may have left already
            await self._websocket.close(closed.code, closed.reason)

    async def _stop(self) -> None:
        running = [*self._running.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
