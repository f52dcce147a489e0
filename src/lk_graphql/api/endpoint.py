"""GraphQL over HTTP and WebSocket: an ASGI endpoint that knows no slice.

https://graphql.github.io/graphql-over-http/draft/
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter

import orjson
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from lk_graphql.api import errors
from lk_graphql.api.access_log import Metrics, request_id
from lk_graphql.api.complexity import ComplexityLimits
from lk_graphql.api.context import AppState
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.executor import OperationExecutor
from lk_graphql.api.origins import Origins
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.rate_limit import RateLimit, RateLimiter
from lk_graphql.api.realtime.limits import ConnectionLimits
from lk_graphql.api.realtime.protocol import PROTOCOL
from lk_graphql.api.realtime.server import SubscriptionServer
from lk_graphql.api.realtime.sse import EventStream, single_event
from lk_graphql.api.realtime.websocket import (
    WebSocketClient,
    WebSocketConnection,
    refuse,
    require_protocol,
)
from lk_graphql.api.request import (
    GRAPHQL,
    JSON,
    GraphQLRequest,
    accepted_types,
    from_json,
    from_query_string,
    preferred_language,
    read_body,
    require_json,
)
from lk_graphql.api.request_errors import (
    MethodNotAllowed,
    NotAcceptable,
    RequestError,
    RequestTimeout,
)
from lk_graphql.api.request_state import RequestState
from lk_graphql.api.responses import HEADERS, GraphQLResponse, json_response
from lk_graphql.kit.viewer import Client
from lk_graphql.planner.documents import InvalidDocument
from lk_graphql.planner.engine import Call
from lk_graphql.planner.persisted import PersistedDocuments

_METHODS = "GET, POST, OPTIONS"


@dataclass(frozen=True)
class EndpointOptions:
    """What settings decide: who is let in, and how much one may ask."""

    origins: Origins
    cookie: SessionCookie = field(default_factory=SessionCookie)
    proxies: Proxies = field(default_factory=Proxies)
    limits: ComplexityLimits = field(default_factory=ComplexityLimits)
    rate_limit: RateLimit = field(default_factory=RateLimit)
    persisted: PersistedDocuments = field(default_factory=PersistedDocuments)
    body_bytes: int = 1024 * 1024
    body_seconds: float = 15.0
    realtime: ConnectionLimits = field(default_factory=ConnectionLimits)

    def client(self, connection: HTTPConnection) -> Client:
        headers = connection.headers
        return Client(
            self.proxies.client(connection),
            headers.get("user-agent", ""),
            preferred_language(headers.get("accept-language", "")),
        )


def graphql_routes(endpoint: "GraphQLEndpoint", path: str = "/graphql") -> list[BaseRoute]:
    """The endpoint's routes for HTTP and WebSocket."""
    return [Route(path, endpoint), WebSocketRoute(path, endpoint)]


class GraphQLEndpoint:
    """`world` is asked for at each request: it opens after the application is built."""

    def __init__(
        self,
        world: Callable[[], AppState],
        policy: EndpointOptions,
        metrics: Metrics,
    ) -> None:
        self._world = world
        self._policy = policy
        self._budget = RateLimiter(policy.rate_limit)
        self._answers = OperationExecutor(
            world, policy.limits, policy.cookie, self._budget, policy.persisted
        )
        self._live = SubscriptionServer(
            world, self._answers, self._budget, policy.realtime, metrics
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_websocket(WebSocket(scope, receive, send))
        else:
            await self._serve_http(Request(scope, receive, send), send)

    async def _serve_http(self, request: Request, send: Send) -> None:
        started = perf_counter()
        if request.method == "OPTIONS":
            allowed = self._policy.origins.preflight(request.headers)
            preflight = Response(status_code=204, headers={"allow": _METHODS, **HEADERS, **allowed})
            await preflight(request.scope, request.receive, send)
            return
        exchange = self._open(request)
        try:
            reply = await self._reply(exchange, request)
        except ClientDisconnect:
            exchange.outcome, exchange.status = "CLIENT_GONE", 499
        else:
            response = self._response(reply, exchange)
            await response(request.scope, request.receive, send)
        self._live.record(exchange, started)

    async def _serve_websocket(self, websocket: WebSocket) -> None:
        """Serve a WebSocket, from the handshake on."""
        caller = WebSocketClient(
            websocket.headers, self._policy.proxies.client(websocket), self._policy.cookie
        )
        try:
            require_protocol(websocket)
            self._policy.origins.guard(caller.headers)
            with self._live.hold_connection("websocket", caller.address):
                await websocket.accept(PROTOCOL)
                await WebSocketConnection(self._live, caller, websocket).run()
        except RequestError as fault:
            await refuse(fault, websocket)

    def _open(self, request: Request) -> RequestState:
        headers = request.headers
        credentials = self._policy.cookie.read(headers)
        token_hash = credentials.token_hash
        media_type, takes_events = accepted_types(headers.get("accept", ""))
        client = self._policy.client(request)
        return RequestState(
            method=request.method,
            headers=headers,
            now=self._world().clock(),
            request_id=request_id(headers.get("x-request-id")),
            client=client,
            media_type=media_type,
            accepts_events=takes_events,
            token=credentials.token,
            token_hash=token_hash,
            by_cookie=credentials.by_cookie,
            bucket=self._budget.bucket(token_hash, client.address),
        )

    async def _reply(self, exchange: RequestState, request: Request) -> GraphQLResponse | Call:
        """An answer, of whatever kind, or a subscription to stream. Raises ClientDisconnect."""
        try:
            asked = await self._read_request(exchange, request)
            call = self._answers.prepare(asked, exchange)
            if exchange.kind == "subscription" and exchange.accepts_events:
                return call
            return await self._answers.execute(call, exchange)
        except RequestError as fault:
            refused = _error_response(
                [fault], fault.status, exchange, well_formed=fault.well_formed
            )
            return refused._replace(headers=tuple(fault.headers.items()))
        except InvalidDocument as bad:
            return _error_response(bad.errors, 400, exchange, well_formed=True)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            broken = GraphQLError("", original_error=cause)
            return GraphQLResponse(
                500, _errors_body(errors.format_execution_errors([broken], exchange))
            )

    async def _read_request(self, exchange: RequestState, request: Request) -> GraphQLRequest:
        """Read the request, refusing early what need not be read."""
        if exchange.media_type is None and not exchange.accepts_events:
            raise NotAcceptable
        match request.method:
            case "POST":
                if exchange.by_cookie:
                    self._policy.origins.guard(request.headers)
                require_json(request.headers)
                return from_json(await self._body(request))
            case "GET":
                return from_query_string(request.scope["query_string"])
            case _:
                raise MethodNotAllowed(_METHODS)

    async def _body(self, request: Request) -> bytes:
        """Read the body within the limits of bytes and seconds."""
        try:
            async with asyncio.timeout(self._policy.body_seconds):
                return await read_body(request, self._policy.body_bytes)
        except TimeoutError:
            raise RequestTimeout from None

    def _response(self, reply: GraphQLResponse | Call, exchange: RequestState) -> Response:
        """JSON, or an event stream for a subscription and for a client that reads nothing else."""
        allowed = self._policy.origins.answer(exchange.headers)
        headers = {"x-request-id": exchange.request_id, **allowed}
        if isinstance(reply, Call):
            return EventStream(self._live, exchange, self._live.stream(reply, exchange), headers)
        body = reply.body + self._live.cost(exchange)
        if exchange.media_type is None and reply.status == 200:
            response = EventStream(self._live, exchange, single_event(body), headers)
        else:
            exchange.status = reply.status
            response = json_response(body, reply.status, exchange.media_type or JSON, headers)
        for name, value in reply.headers:  # `set-cookie` may occur twice
            response.headers.append(name, value)
        return response


def _error_response(
    found: Iterable[GraphQLError], status: int, exchange: RequestState, *, well_formed: bool
) -> GraphQLResponse:
    """Only who reads `GRAPHQL` gets another status than 200 for an error that isn't HTTP's."""
    told = errors.format_request_errors(found, exchange)
    is_200 = well_formed and exchange.media_type != GRAPHQL
    return GraphQLResponse(200 if is_200 else status, _errors_body(told))


def _errors_body(told: errors.FormattedErrors) -> bytes:
    return orjson.dumps({"errors": told})[:-1]
