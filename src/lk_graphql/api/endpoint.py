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
from lk_graphql.api.complexity import Limits
from lk_graphql.api.context import World
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.executor import Answers
from lk_graphql.api.origins import Origins
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.rate_limit import Allowance, Budget
from lk_graphql.api.realtime.limits import LiveLimits
from lk_graphql.api.realtime.protocol import PROTOCOL
from lk_graphql.api.realtime.server import Live
from lk_graphql.api.realtime.sse import EventStream, once
from lk_graphql.api.realtime.websocket import Caller, Visit, demand_protocol, refuse
from lk_graphql.api.request import (
    GRAPHQL,
    JSON,
    Asked,
    demand_json,
    from_json,
    from_query_string,
    preferred,
    read_body,
    readable,
)
from lk_graphql.api.request_errors import Fault, MethodNotAllowed, NotAcceptable, TooSlow
from lk_graphql.api.request_state import Exchange
from lk_graphql.api.responses import HEADERS, Reply, json_response
from lk_graphql.kit.viewer import Client
from lk_graphql.planner.documents import BadDocument
from lk_graphql.planner.engine import Call
from lk_graphql.planner.persisted import Persisted

_METHODS = "GET, POST, OPTIONS"


@dataclass(frozen=True)
class Policy:
    """What settings decide: who is let in, and how much one may ask."""

    origins: Origins
    cookie: SessionCookie = field(default_factory=SessionCookie)
    proxies: Proxies = field(default_factory=Proxies)
    limits: Limits = field(default_factory=Limits)
    allowance: Allowance = field(default_factory=Allowance)
    persisted: Persisted = field(default_factory=Persisted)
    body_bytes: int = 1024 * 1024
    body_seconds: float = 15.0
    live: LiveLimits = field(default_factory=LiveLimits)

    def client(self, connection: HTTPConnection) -> Client:
        headers = connection.headers
        return Client(
            self.proxies.client(connection),
            headers.get("user-agent", ""),
            preferred(headers.get("accept-language", "")),
        )


def graphql_routes(endpoint: "GraphQLEndpoint", path: str = "/graphql") -> list[BaseRoute]:
    """The endpoint's routes for HTTP and WebSocket."""
    return [Route(path, endpoint), WebSocketRoute(path, endpoint)]


class GraphQLEndpoint:
    """`world` is asked for at each request: it opens after the application is built."""

    def __init__(
        self,
        world: Callable[[], World],
        policy: Policy,
        metrics: Metrics,
    ) -> None:
        self._world = world
        self._policy = policy
        self._budget = Budget(policy.allowance)
        self._answers = Answers(world, policy.limits, policy.cookie, self._budget, policy.persisted)
        self._live = Live(world, self._answers, self._budget, policy.live, metrics)

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
        caller = Caller(
            websocket.headers, self._policy.proxies.client(websocket), self._policy.cookie
        )
        try:
            demand_protocol(websocket)
            self._policy.origins.guard(caller.headers)
            with self._live.holding("websocket", caller.address):
                await websocket.accept(PROTOCOL)
                await Visit(self._live, caller, websocket).last()
        except Fault as fault:
            await refuse(fault, websocket)

    def _open(self, request: Request) -> Exchange:
        headers = request.headers
        credentials = self._policy.cookie.read(headers)
        token_hash = credentials.token_hash
        media_type, takes_events = readable(headers.get("accept", ""))
        client = self._policy.client(request)
        return Exchange(
            method=request.method,
            headers=headers,
            now=self._world().clock(),
            request_id=request_id(headers.get("x-request-id")),
            client=client,
            media_type=media_type,
            takes_events=takes_events,
            token=credentials.token,
            token_hash=token_hash,
            by_cookie=credentials.by_cookie,
            bucket=self._budget.bucket(token_hash, client.address),
        )

    async def _reply(self, exchange: Exchange, request: Request) -> Reply | Call:
        """An answer, of whatever kind, or a subscription to stream. Raises ClientDisconnect."""
        try:
            asked = await self._asked(exchange, request)
            call = self._answers.prepare(asked, exchange)
            if exchange.kind == "subscription" and exchange.takes_events:
                return call
            return await self._answers.answer(call, exchange)
        except Fault as fault:
            refused = _refused([fault], fault.status, exchange, well_formed=fault.well_formed)
            return refused._replace(headers=tuple(fault.headers.items()))
        except BadDocument as bad:
            return _refused(bad.errors, 400, exchange, well_formed=True)
        except ClientDisconnect:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            broken = GraphQLError("", original_error=cause)
            return Reply(500, _without_data(errors.failed([broken], exchange)))

    async def _asked(self, exchange: Exchange, request: Request) -> Asked:
        """Read the request, refusing early what need not be read."""
        if exchange.media_type is None and not exchange.takes_events:
            raise NotAcceptable
        match request.method:
            case "POST":
                if exchange.by_cookie:
                    self._policy.origins.guard(request.headers)
                demand_json(request.headers)
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
            raise TooSlow from None

    def _response(self, reply: Reply | Call, exchange: Exchange) -> Response:
        """JSON, or an event stream for a subscription and for a client that reads nothing else."""
        allowed = self._policy.origins.answer(exchange.headers)
        headers = {"x-request-id": exchange.request_id, **allowed}
        if isinstance(reply, Call):
            return EventStream(self._live, exchange, self._live.stream(reply, exchange), headers)
        body = reply.body + self._live.cost(exchange)
        if exchange.media_type is None and reply.status == 200:
            response = EventStream(self._live, exchange, once(body), headers)
        else:
            exchange.status = reply.status
            response = json_response(body, reply.status, exchange.media_type or JSON, headers)
        for name, value in reply.headers:  # `set-cookie` may occur twice
            response.headers.append(name, value)
        return response


def _refused(
    found: Iterable[GraphQLError], status: int, exchange: Exchange, *, well_formed: bool
) -> Reply:
    """Only who reads `GRAPHQL` gets another status than 200 for an error that isn't HTTP's."""
    told = errors.refused(found, exchange)
    is_200 = well_formed and exchange.media_type != GRAPHQL
    return Reply(200 if is_200 else status, _without_data(told))


def _without_data(told: errors.Told) -> bytes:
    return orjson.dumps({"errors": told})[:-1]
