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
from lk_graphql.api.cookies import Credentials, SessionCookie
from lk_graphql.api.rate_limit import Budget
from lk_graphql.api.realtime import protocol
from lk_graphql.api.realtime.protocol import PROTOCOL, Closed, Message
from lk_graphql.api.realtime.server import Live, first_of, until
from lk_graphql.api.request import JSON, preferred
from lk_graphql.api.request_errors import Fault, TooManyStreams, UnknownProtocol
from lk_graphql.api.request_state import Exchange
from lk_graphql.api.responses import HEADERS
from lk_graphql.kit.viewer import Client


@dataclass(frozen=True)
class Caller:
    """The program at the other end. What its first message says counts before its headers."""

    headers: Headers
    address: str
    cookie: SessionCookie

    def introduced(self, greeting: list[tuple[bytes, bytes]]) -> "Caller":
        return replace(self, headers=Headers(raw=[*greeting, *self.headers.raw]))

    @property
    def credentials(self) -> Credentials:
        return self.cookie.read(self.headers)

    @property
    def token_hash(self) -> bytes:
        return self.credentials.token_hash

    def exchange(self, budget: Budget, now: datetime) -> Exchange:
        """What becomes of one operation."""
        token, by_cookie = self.credentials
        token_hash = self.token_hash
        language = preferred(self.headers.get("accept-language", ""))
        user_agent = self.headers.get("user-agent", "")
        return Exchange(
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


def demand_protocol(websocket: WebSocket) -> None:
    """Raises `UnknownProtocol`."""
    if PROTOCOL not in websocket.scope["subprotocols"]:
        raise UnknownProtocol


async def refuse(fault: Fault, websocket: WebSocket) -> None:
    """Answer the handshake by HTTP."""
    headers = {**HEADERS, **fault.headers}
    response = PlainTextResponse(f"{fault.message}\n", fault.status, headers)
    await websocket.send_denial_response(response)


class Visit:
    """Serves until the client leaves, its session ends, or it breaks the protocol."""

    def __init__(self, live: Live, caller: Caller, websocket: WebSocket) -> None:
        self._live = live
        self._caller = caller
        self._websocket = websocket
        self._running: dict[str, asyncio.Task[None]] = {}
        self._gone = asyncio.Event()

    async def last(self) -> None:
        try:
            with ExitStack() as held:
                await self._serve(held)
        except Closed as closed:
            await self._close(closed)
        except WebSocketDisconnect:
            pass
        finally:
            await self._stop()

    async def _serve(self, held: ExitStack) -> None:
        """Greet, then listen. Raises `Closed` and WebSocketDisconnect."""
        try:
            async with asyncio.timeout(self._live.limits.hello):
                hello = await self._hello()
        except TimeoutError:
            raise Closed(4408, "Connection initialisation timeout") from None
        self._caller = self._caller.introduced(protocol.greeting(hello))
        over = await self._session(held)
        await self._say(protocol.ACK)
        await first_of(self._listen(), until(self._gone), self._end_with(over))

    async def _hello(self) -> Message:
        while (message := await self._hear()).type != "connection_init":
            if message.type == "subscribe":
                raise Closed(4401, "Unauthorized")
            await self._answer_ping(message)
        return message

    async def _session(self, held: ExitStack) -> asyncio.Event:
        """What is set when the session is over; a guest's never is."""
        if not self._caller.credentials.token:
            return asyncio.Event()
        if not await self._live.vigil.goes_on(self._caller.token_hash):
            raise Closed(4401, "Session is over")
        try:
            held.enter_context(self._live.seats.for_session(self._caller.token_hash))
        except TooManyStreams as crowded:
            raise Closed(1013, crowded.message) from None
        return held.enter_context(self._live.vigil.over(self._caller.token_hash))

    async def _end_with(self, over: asyncio.Event) -> None:
        await over.wait()
        raise Closed(4401, "Session is over")

    async def _listen(self) -> None:
        while True:
            message = await self._hear()
            match message.type:
                case "connection_init":
                    raise Closed(4429, "Too many initialisation requests")
                case "subscribe":
                    await self._begin(message)
                case "complete":
                    if task := self._running.pop(message.id, None):
                        task.cancel()
                case _:
                    await self._answer_ping(message)

    async def _begin(self, message: Message) -> None:
        if message.id in self._running:
            raise Closed(4409, f"Subscriber for {message.id} already exists")
        most = self._live.limits.operations
        if len(self._running) >= most:
            exchange = self._open()
            await self._say(protocol.error(message.id, errors.told(TooManyStreams(most), exchange)))
            return
        self._running[message.id] = asyncio.create_task(self._operate(message))

    def _open(self) -> Exchange:
        return self._caller.exchange(self._live.budget, self._live.now())

    async def _operate(self, message: Message) -> None:
        """One operation, to its end or until the client completes it."""
        exchange, started = self._open(), perf_counter()
        try:
            farewell = await self._answer(message, exchange)
            if self._running.get(message.id) is asyncio.current_task():
                del self._running[message.id]  # before the client hears that the id is free again
            await self._say(farewell)
        except WebSocketDisconnect:
            self._gone.set()
        finally:
            self._live.record(exchange, started)

    async def _answer(self, message: Message, exchange: Exchange) -> str:
        """Send the answers. Returns the message that says how it ended."""
        try:
            asked = protocol.asked(message)
            async with aclosing(self._live.answers(asked, exchange)) as answers:
                async for answer in answers:
                    await self._say(protocol.next_(message.id, answer))
        except WebSocketDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            return protocol.error(message.id, errors.told(cause, exchange))
        return protocol.complete(message.id)

    async def _hear(self) -> Message:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        return protocol.read(event.get("text"))

    async def _answer_ping(self, message: Message) -> None:
        if message.type == "ping":
            await self._say(protocol.PONG)

    async def _say(self, text: str) -> None:
        """Raises WebSocketDisconnect, also when the client doesn't read its answers in time."""
        try:
            async with asyncio.timeout(self._live.limits.send):
                await self._websocket.send_text(text)
        except (TimeoutError, RuntimeError):  # uvicorn raises the latter after its own close
            raise WebSocketDisconnect(1006) from None

    async def _close(self, closed: Closed) -> None:
        await self._stop()
        with suppress(WebSocketDisconnect, RuntimeError):  # the client may have left already
            await self._websocket.close(closed.code, closed.reason)

    async def _stop(self) -> None:
        running = [*self._running.values()]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
