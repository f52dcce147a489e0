"""GraphQL over HTTP and WebSocket: a bare ASGI application that knows no slice.

https://graphql.github.io/graphql-over-http/draft/
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from time import perf_counter

import orjson
from graphql import GraphQLError

from lk_graphql.api import errors
from lk_graphql.api.answers import Answers
from lk_graphql.api.asgi import Headers, Receive, Scope, Send
from lk_graphql.api.body import (
    Asked,
    ClientGone,
    demand_json,
    from_json,
    from_query_string,
    read_body,
)
from lk_graphql.api.budget import Allowance, Budget
from lk_graphql.api.context import World
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.exchange import Exchange
from lk_graphql.api.faults import Fault, MethodNotAllowed, NotAcceptable, TooSlow
from lk_graphql.api.journal import request_id
from lk_graphql.api.language import preferred
from lk_graphql.api.limits import Limits
from lk_graphql.api.live.events import EventStream, once
from lk_graphql.api.live.following import Stream
from lk_graphql.api.live.handshake import Caller, accept, demand_protocol, refuse
from lk_graphql.api.live.limits import LiveLimits
from lk_graphql.api.live.service import Live
from lk_graphql.api.live.visit import Visit
from lk_graphql.api.media import GRAPHQL, JSON, readable
from lk_graphql.api.metrics import Metrics
from lk_graphql.api.origins import Origins
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.replies import Header, Reply, send_empty, send_reply
from lk_graphql.kit.viewer import Client
from lk_graphql.reads.documents import BadDocument
from lk_graphql.reads.persisted import Persisted
from lk_graphql.reads.run import Call

_METHODS = b"GET, POST, OPTIONS"
_NOW = partial(datetime.now, UTC)


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

    def client(self, scope: Scope, headers: Headers) -> Client:
        agent, languages = headers.get(b"user-agent", b""), headers.get(b"accept-language", b"")
        return Client(self.proxies.client(scope), agent.decode("latin-1"), preferred(languages))


class GraphQLEndpoint:
    """`world` is asked for at each request: it opens after the application is built.

    `clock` says when a request came.
    """

    def __init__(
        self,
        world: Callable[[], World],
        policy: Policy,
        metrics: Metrics,
        *,
        clock: Callable[[], datetime] = _NOW,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._budget = Budget(policy.allowance)
        self._answers = Answers(world, policy.limits, policy.cookie, self._budget, policy.persisted)
        self._live = Live(world, self._answers, self._budget, policy.live, metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._converse(scope, receive, send)
            return
        started = perf_counter()
        headers: Headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            preflight = self._policy.origins.preflight(headers)
            await send_empty(((b"allow", _METHODS), *preflight), send)
            return
        exchange = self._open(scope, headers)
        try:
            reply = await self._reply(exchange, scope, receive)
        except ClientGone:
            exchange.outcome, exchange.status = "CLIENT_GONE", 499
        else:
            if isinstance(reply, Reply) and (exchange.media_type or reply.status != 200):
                await self._send(reply, exchange, send)
            else:
                events = EventStream(self._live, exchange, scope, receive, send)
                await events.last(self._stream(reply, exchange), self._headers(reply, exchange))
        self._live.record(exchange, started)

    async def _converse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A WebSocket, from the handshake on."""
        address = self._policy.proxies.client(scope)
        caller = Caller(dict(scope["headers"]), address, self._policy.cookie)
        try:
            demand_protocol(scope)
            self._policy.origins.guard(caller.headers)
            with self._live.holding("websocket", address):
                await accept(receive, send)
                await Visit(self._live, caller, receive, send).last()
        except Fault as fault:
            await refuse(fault, receive, send)

    def _open(self, scope: Scope, headers: Headers) -> Exchange:
        token, by_cookie = self._policy.cookie.read(headers)
        token_hash = sha256(token).digest()
        media_type, takes_events = readable(headers.get(b"accept", b""))
        client = self._policy.client(scope, headers)
        return Exchange(
            method=scope["method"],
            headers=headers,
            now=self._clock(),
            request_id=request_id(headers.get(b"x-request-id")),
            client=client,
            media_type=media_type,
            takes_events=takes_events,
            token=token,
            token_hash=token_hash,
            by_cookie=by_cookie,
            bucket=self._budget.bucket(token_hash, client.address),
        )

    async def _reply(self, exchange: Exchange, scope: Scope, receive: Receive) -> Reply | Call:
        """Whatever happens, an answer, or a subscription to stream. Raises `ClientGone` only."""
        try:
            asked = await self._asked(exchange, scope, receive)
            call = self._answers.prepare(asked, exchange)
            if exchange.kind == "subscription" and exchange.takes_events:
                return call
            return await self._answers.answer(call, exchange)
        except Fault as fault:
            refused = _refused([fault], fault.status, exchange, well_formed=fault.well_formed)
            return refused._replace(headers=fault.headers)
        except BadDocument as bad:
            return _refused(bad.errors, 400, exchange, well_formed=True)
        except ClientGone:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            broken = GraphQLError("", original_error=cause)
            return Reply(500, _without_data(errors.failed([broken], exchange)))

    async def _asked(self, exchange: Exchange, scope: Scope, receive: Receive) -> Asked:
        """Read the request, refusing early what need not be read."""
        if exchange.media_type is None and not exchange.takes_events:
            raise NotAcceptable
        match exchange.method:
            case "POST":
                if exchange.by_cookie:
                    self._policy.origins.guard(exchange.headers)
                demand_json(exchange.headers)
                return from_json(await self._body(receive))
            case "GET":
                return from_query_string(scope["query_string"])
            case _:
                raise MethodNotAllowed(_METHODS)

    async def _body(self, receive: Receive) -> bytes:
        """Read the body within the limits of bytes and seconds."""
        try:
            async with asyncio.timeout(self._policy.body_seconds):
                return await read_body(receive, self._policy.body_bytes)
        except TimeoutError:
            raise TooSlow from None

    def _stream(self, reply: Reply | Call, exchange: Exchange) -> Stream:
        """The answers of a subscription, or the one of who reads events only."""
        if isinstance(reply, Call):
            return self._live.stream(reply, exchange)
        return once(reply.body + self._live.cost(exchange))

    def _send(self, reply: Reply, exchange: Exchange, send: Send) -> Awaitable[None]:
        exchange.status = reply.status
        kind, more = exchange.media_type or JSON, self._headers(reply, exchange)
        return send_reply(reply, self._live.cost(exchange), kind, more, send)

    def _headers(self, reply: Reply | Call, exchange: Exchange) -> tuple[Header, ...]:
        """All but what every answer has, and the type of its content."""
        id_ = (b"x-request-id", exchange.request_id.encode("ascii"))
        allowed = self._policy.origins.answer(exchange.headers)
        return (id_, *allowed, *(() if isinstance(reply, Call) else reply.headers))


def _refused(
    found: Iterable[GraphQLError], status: int, exchange: Exchange, *, well_formed: bool
) -> Reply:
    """Only who reads `GRAPHQL` gets another status than 200 for an error that isn't HTTP's."""
    told = errors.refused(found, exchange)
    is_200 = well_formed and exchange.media_type != GRAPHQL
    return Reply(200 if is_200 else status, _without_data(told))


def _without_data(told: errors.Told) -> bytes:
    return orjson.dumps({"errors": told})[:-1]
