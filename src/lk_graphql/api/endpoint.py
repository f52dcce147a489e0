"""GraphQL over HTTP: a bare ASGI application that knows no slice.

https://graphql.github.io/graphql-over-http/draft/
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import perf_counter

import orjson
from graphql import GraphQLError

from lk_graphql.api import errors
from lk_graphql.api.answers import Answers, Caller
from lk_graphql.api.asgi import Headers, Receive, Scope, Send
from lk_graphql.api.body import Asked, ClientGone, from_query_string, read_json
from lk_graphql.api.budget import Allowance, Budget
from lk_graphql.api.context import World
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.faults import Fault, MethodNotAllowed, NotAcceptable, TooSlow
from lk_graphql.api.journal import Entry, Journal, request_id
from lk_graphql.api.language import preferred
from lk_graphql.api.limits import Limits
from lk_graphql.api.media import JSON, wanted
from lk_graphql.api.metrics import Metrics
from lk_graphql.api.origins import Origins
from lk_graphql.api.patience import Patience
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.replies import Reply, cost_extension, send_empty, send_reply
from lk_graphql.kit.viewer import Client
from lk_graphql.reads.documents import BadDocument

_METHODS = b"GET, POST, OPTIONS"


@dataclass(frozen=True)
class Policy:
    """What settings decide: who is let in, and how much one may ask."""

    origins: Origins
    cookie: SessionCookie = field(default_factory=SessionCookie)
    proxies: Proxies = field(default_factory=Proxies)
    limits: Limits = field(default_factory=Limits)
    allowance: Allowance = field(default_factory=Allowance)
    body_bytes: int = 1024 * 1024
    body_seconds: float = 15.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and what is known of it before its body is read."""

    scope: Scope
    headers: Headers
    caller: Caller
    entry: Entry
    by_cookie: bool
    media_type: bytes | None
    """What the client wants to read; None where it is nothing of ours."""


class GraphQLEndpoint:
    """`world` is asked for at each request: it opens after the application is built."""

    def __init__(
        self, world: Callable[[], World], policy: Policy, journal: Journal, metrics: Metrics
    ) -> None:
        self._policy = policy
        self._journal = journal
        self._metrics = metrics
        self._budget = Budget(policy.allowance)
        self._patience = Patience(policy.body_seconds)
        self._answers = Answers(world, policy.limits, policy.cookie, self._budget)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, now = perf_counter(), datetime.now(UTC)
        headers: Headers = dict(scope["headers"])
        entry = Entry(request_id(headers.get(b"x-request-id")))
        if scope["method"] == "OPTIONS":
            await send_empty(((b"allow", _METHODS), *self._policy.origins.preflight(headers)), send)
            return
        exchange = self._open(scope, headers, entry)
        try:
            reply = await self._reply(exchange, receive, now)
        except ClientGone:
            entry.outcome, entry.status = "CLIENT_GONE", 499
        else:
            entry.status = reply.status
            await self._send(reply, exchange, now, send)
        seconds = perf_counter() - started
        self._metrics.record(entry, seconds)
        self._journal.line(entry, now, seconds)

    def _open(self, scope: Scope, headers: Headers, entry: Entry) -> Exchange:
        client = Client(
            self._policy.proxies.client(scope),
            headers.get(b"user-agent", b"").decode("latin-1"),
            preferred(headers.get(b"accept-language", b"")),
        )
        entry.token, by_cookie = self._policy.cookie.read(headers)
        token_hash = sha256(entry.token).digest()
        bucket = self._budget.bucket(token_hash, client.address)
        by_get = scope["method"] == "GET"
        caller = Caller(client, token_hash, bucket, by_get)
        media_type = wanted(headers.get(b"accept", b""))
        return Exchange(scope, headers, caller, entry, by_cookie, media_type)

    async def _reply(self, exchange: Exchange, receive: Receive, now: datetime) -> Reply:
        """Whatever happens, an answer; only `ClientGone` is raised."""
        try:
            asked = await self._asked(exchange, receive)
            return await self._answers.answer(asked, exchange.caller, exchange.entry, now)
        except Fault as fault:
            refused = _refused([fault], fault.status, exchange, well_formed=fault.well_formed)
            return replace(refused, headers=fault.headers)
        except BadDocument as bad:
            return _refused(bad.errors, 400, exchange, well_formed=True)
        except ClientGone:
            raise
        except Exception as cause:  # noqa: BLE001 - masked, and logged with its traceback
            broken = GraphQLError("", original_error=cause)
            told = errors.failed([broken], exchange.entry, exchange.caller.client.language)
            return Reply(500, _without_data(told))

    async def _asked(self, exchange: Exchange, receive: Receive) -> Asked:
        """Read the request, refusing early what need not be read."""
        if exchange.media_type is None:
            raise NotAcceptable
        match exchange.scope["method"]:
            case "POST":
                if exchange.by_cookie:
                    self._policy.origins.guard(exchange.headers)
                body = read_json(exchange.headers, receive, self._policy.body_bytes)
                try:
                    return await self._patience.wait_for(body)
                except TimeoutError:
                    raise TooSlow from None
            case "GET":
                return from_query_string(exchange.scope["query_string"])
            case _:
                raise MethodNotAllowed(_METHODS)

    async def _send(self, reply: Reply, exchange: Exchange, now: datetime, send: Send) -> None:
        entry, bucket = exchange.entry, exchange.caller.bucket
        cost = cost_extension(entry.cost, self._budget, bucket, now)
        framing = (
            (b"content-type", (exchange.media_type or JSON) + b"; charset=utf-8"),
            (b"x-request-id", entry.request_id.encode("ascii")),
            *self._policy.origins.answer(exchange.headers),
        )
        await send_reply(reply, framing, cost, send)


def _refused(
    found: Iterable[GraphQLError], status: int, exchange: Exchange, *, well_formed: bool
) -> Reply:
    """Who reads only `application/json` gets 200 for what is GraphQL's error and not HTTP's."""
    told = errors.refused(found, exchange.entry, exchange.caller.client.language)
    is_200 = well_formed and exchange.media_type == JSON
    return Reply(200 if is_200 else status, _without_data(told))


def _without_data(told: errors.Told) -> bytes:
    return orjson.dumps({"errors": told})[:-1]
