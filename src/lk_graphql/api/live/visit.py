"""A WebSocket from its first message to its end: one connection, many operations on it."""

import asyncio
from contextlib import ExitStack, aclosing, suppress
from time import perf_counter

from starlette.websockets import WebSocket, WebSocketDisconnect

from lk_graphql.api import errors
from lk_graphql.api.exchange import Exchange
from lk_graphql.api.faults import TooManyStreams
from lk_graphql.api.live import messages
from lk_graphql.api.live.handshake import Caller
from lk_graphql.api.live.messages import Closed, Message
from lk_graphql.api.live.service import Live, first_of, until


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
        self._caller = self._caller.introduced(messages.greeting(hello))
        over = await self._session(held)
        await self._say(messages.ACK)
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
            await self._say(messages.error(message.id, errors.told(TooManyStreams(most), exchange)))
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
            asked = messages.asked(message)
            async with aclosing(self._live.answers(asked, exchange)) as answers:
                async for answer in answers:
                    await self._say(messages.next_(message.id, answer))
        except WebSocketDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            return messages.error(message.id, errors.told(cause, exchange))
        return messages.complete(message.id)

    async def _hear(self) -> Message:
        event = await self._websocket.receive()
        if event["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(event["code"])
        return messages.read(event.get("text"))

    async def _answer_ping(self, message: Message) -> None:
        if message.type == "ping":
            await self._say(messages.PONG)

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
