"""GraphQL over Server-Sent Events, in graphql-sse's "distinct connections mode".

https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
"""

import asyncio
from collections.abc import Iterable
from contextlib import ExitStack, aclosing

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from lk_graphql.api import errors
from lk_graphql.api.executor import ENDED, SESSION_EXTENSION
from lk_graphql.api.middleware import GRAPHQL_HEADERS, JsonResponse
from lk_graphql.api.realtime.server import Stream, SubscriptionServer, first_of, wait_set
from lk_graphql.api.request import JSON
from lk_graphql.api.request_errors import Code
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import NotSignedIn, Unavailable

SHUTDOWN = "lk_graphql.shutdown"
"""Scope key of the `asyncio.Event` that `server.RequestProtocol` sets at shutdown."""
COMPLETE = b"event: complete\ndata: \n\n"
KEEPALIVE = b":\n\n"


def event(result: bytes) -> bytes:
    """A result as an event, without the line breaks that would end its data."""
    return b"event: next\ndata: %b\n\n" % result.translate(None, b"\r\n")


class EventStream(StreamingResponse):
    """Streams the results of one operation until it ends, the client leaves or the server stops.

    In addition to Starlette's streaming, it limits the time of each send, sends keep-alive
    comments, and ends with the session.
    """

    def __init__(
        self,
        server: SubscriptionServer,
        state: RequestState,
        results: Stream,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        unbuffered = {"x-accel-buffering": "no"}  # nginx would buffer events
        super().__init__(
            results, headers=GRAPHQL_HEADERS | unbuffered, media_type="text/event-stream"
        )
        self._extra_headers = [*headers]
        for name, value in self._extra_headers:  # `set-cookie` may occur twice
            self.headers.append(name, value)
        self._is_started = False
        self._server = server
        self._state = state
        self._results = results

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream; failures become events. A stream without `complete` was interrupted.

        The head is sent after the session has been read, so that an outage gets the status 503.
        """
        self._shutdown: asyncio.Event = scope.get(SHUTDOWN) or asyncio.Event()
        self._receive = receive
        self._send = send
        try:
            try:
                with ExitStack() as stack:
                    await self._serve(stack)
            except ClientDisconnect:
                raise
            except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
                body = orjson.dumps(self._error_result(cause))
                if self._state.unavailable and not self._is_started:
                    response = self._unavailable(body, self._state.unavailable)
                    return await response(scope, receive, send)
                await self._start()
                await self._write(event(body) + COMPLETE)
            await self._write(b"", more=False)
        except ClientDisconnect:
            self._state.outcome = "CLIENT_GONE"

    def _error_result(self, cause: Exception) -> dict[str, object]:
        result: dict[str, object] = {"errors": errors.format_exception(cause, self._state)}
        if self._state.token and self._state.outcome == Code.UNAUTHENTICATED:
            result["extensions"] = {SESSION_EXTENSION: ENDED}
        return result

    async def _serve(self, stack: ExitStack) -> None:
        token_hash = self._state.token_hash
        session_ended, address = asyncio.Event(), self._state.client.address
        is_live = self._state.token and await self._server.session_watcher.is_live(token_hash)
        session = token_hash if is_live else None
        stack.enter_context(self._server.hold_connection("sse", address, session))
        if session:
            session_ended = stack.enter_context(self._server.session_watcher.ended(token_hash))
        await self._start()
        await first_of(
            self._send_events(),
            self._keep_alive(),
            self._watch_disconnect(),
            _end_with(session_ended),
            wait_set(self._shutdown),
        )

    async def _send_events(self) -> None:
        async with aclosing(self._results) as results:
            async for result in results:
                await self._write(event(result))
        await self._write(COMPLETE)

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._server.limits.keepalive_interval)
            await self._write(KEEPALIVE)

    async def _watch_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        raise ClientDisconnect

    def _unavailable(self, body: bytes, outage: Unavailable) -> JsonResponse:
        self._state.status = 503
        retry_after = ("retry-after", str(outage.retry_after))
        return JsonResponse(body, 503, JSON, [*self._extra_headers, retry_after])

    async def _start(self) -> None:
        if self._is_started:
            return
        self._is_started = True
        head = {"status": self.status_code, "headers": self.raw_headers}
        await self._send({"type": "http.response.start", **head})

    async def _write(self, body: bytes, *, more: bool = True) -> None:
        """Send a part of the body. Raises ClientDisconnect, also after the send timeout."""
        try:
            async with asyncio.timeout(self._server.limits.send_timeout):
                await self._send({"type": "http.response.body", "body": body, "more_body": more})
        except OSError:
            raise ClientDisconnect from None


async def _end_with(session_ended: asyncio.Event) -> None:
    await session_ended.wait()
    raise NotSignedIn


async def single_event(result: bytes) -> Stream:
    """The stream of an operation with one result."""
    yield result
