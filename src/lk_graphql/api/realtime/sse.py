"""Server-Sent Events, one operation for a connection (graphql-sse's «distinct connections mode»).

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack, aclosing

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from lk_graphql.api import errors
from lk_graphql.api.realtime.server import SubscriptionServer, first_of, wait_set
from lk_graphql.api.realtime.stream import Stream
from lk_graphql.api.request_state import RequestState
from lk_graphql.api.responses import HEADERS
from lk_graphql.kit.errors import NotSignedIn

SHUTDOWN = "lk_graphql.shutdown"
"""Key of the scope for an `asyncio.Event` that `wire.HeaderTimeoutProtocol` sets at a shutdown."""
COMPLETE = b"event: complete\ndata: \n\n"
KEEPALIVE = b":\n\n"


def event(answer: bytes) -> bytes:
    """An answer as an event; JSON needs no line breaks."""
    return b"event: next\ndata: %b\n\n" % answer.translate(None, b"\r\n")


class EventStream(StreamingResponse):
    """Sends the answers of one operation until it ends, the client leaves, or the server stops.

    Beyond Starlette's streaming it limits the time of each send, sends comments while there is no
    event, and ends with the session.
    """

    def __init__(
        self,
        live: SubscriptionServer,
        exchange: RequestState,
        answers: Stream,
        headers: Mapping[str, str],
    ) -> None:
        unbuffered = {"x-accel-buffering": "no"}  # nginx would collect events into larger writes
        every = {**HEADERS, **unbuffered, **headers}
        super().__init__(answers, headers=every, media_type="text/event-stream")
        self._live = live
        self._exchange = exchange
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any failure is sent as an event; a stream that ends without `complete` was cut."""
        self._shutdown: asyncio.Event = scope.get(SHUTDOWN) or asyncio.Event()
        self._receive = receive
        self._send = send
        try:
            await self._start()
            try:
                with ExitStack() as held:
                    await self._serve(held)
            except ClientDisconnect:
                raise
            except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
                told = orjson.dumps({"errors": errors.format_exception(cause, self._exchange)})
                await self._write(event(told) + COMPLETE)
            await self._write(b"", more=False)
        except ClientDisconnect:
            self._exchange.outcome = "CLIENT_GONE"

    async def _serve(self, held: ExitStack) -> None:
        token_hash = self._exchange.token_hash
        held.enter_context(self._live.hold_connection("sse", self._exchange.client.address))
        over = asyncio.Event()
        if self._exchange.token and await self._live.vigil.is_live(token_hash):
            held.enter_context(self._live.seats.for_session(token_hash))
            over = held.enter_context(self._live.vigil.ended(token_hash))
        await first_of(
            self._send_events(),
            self._keep_alive(),
            self._watch_disconnect(),
            _end_with(over),
            wait_set(self._shutdown),
        )

    async def _send_events(self) -> None:
        async with aclosing(self._answers) as answers:
            async for answer in answers:
                await self._write(event(answer))
        await self._write(COMPLETE)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._live.limits.keepalive_interval)
            await self._write(KEEPALIVE)

    async def _watch_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        raise ClientDisconnect

    async def _start(self) -> None:
        head = {"status": self.status_code, "headers": self.raw_headers}
        await self._send({"type": "http.response.start", **head})

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        """Raises ClientDisconnect, also when the client doesn't read its answers in time."""
        try:
            async with asyncio.timeout(self._live.limits.send_timeout):
                await self._send({"type": "http.response.body", "body": body, "more_body": more})
        except OSError:
            raise ClientDisconnect from None


async def _end_with(over: asyncio.Event) -> None:
    await over.wait()
    raise NotSignedIn


async def single_event(answer: bytes) -> Stream:
    """The stream of an operation that has one answer."""
    yield answer
