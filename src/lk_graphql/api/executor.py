"""What an operation is answered: by its plan where it has one, else by graphql-core."""

from collections.abc import Callable, Collection
from sys import getsizeof

import orjson
from cachetools import LRUCache, cached
from graphql import ExecutionResult

from lk_graphql.api import errors
from lk_graphql.api.complexity import Limits, Price
from lk_graphql.api.context import Context, World
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.rate_limit import Budget
from lk_graphql.api.request import Asked
from lk_graphql.api.request_errors import (
    MethodNotAllowed,
    NotSubscribable,
    NotTrustedDocument,
    PersistedQueryNotFound,
    WrongDigest,
)
from lk_graphql.api.request_state import Exchange
from lk_graphql.api.responses import Reply
from lk_graphql.planner.audit_marks import Look
from lk_graphql.planner.documents import BadDocument, Operation
from lk_graphql.planner.engine import Call, Reader
from lk_graphql.planner.persisted import NotPersisted, NotTrusted, Persisted, WrongHash
from lk_graphql.planner.principal import Asking

REMEMBERED = 2 * 2**20
"""Bytes of documents: about a thousand, as clients write them."""


class Answers:
    """Weighs, charges and runs operations."""

    def __init__(
        self,
        world: Callable[[], World],
        limits: Limits,
        cookie: SessionCookie,
        budget: Budget,
        persisted: Persisted,
    ) -> None:
        self._world = world
        self._limits = limits
        self._cookie = cookie
        self._budget = budget
        self._persisted = persisted
        known = LRUCache[tuple[str | None, ...], _Known](REMEMBERED, getsizeof=_weight)
        self._known = cached(known)(self._read)

    def prepare(self, asked: Asked, exchange: Exchange) -> Call:
        """Read what is asked, or remember it, and take from the bucket what it costs.

        Raises faults and `BadDocument`.
        """
        text = self._text(asked) if asked.digest or self._persisted.only_trusted else asked.query
        exchange.asked = asked if text is asked.query else asked._replace(query=text)
        self._budget.demand(exchange.bucket)
        try:
            known = self._known(text, asked.operation_name)
        except BadDocument:
            self._budget.fine(exchange.bucket)  # it was parsed for nothing, and will be again
            raise
        if asked.digest:
            self._persisted.keep(asked.digest, text)
        exchange.kind, exchange.operation_name = known.kind, known.name
        exchange.cost = known.price.points(asked.variables)
        self._limits.check_cost(exchange.cost)
        self._budget.charge(exchange.bucket, exchange.cost)
        language = exchange.client.language
        return Call(known.operation, asked.variables, exchange.token_hash, exchange.now, language)

    async def answer(self, call: Call, exchange: Exchange) -> Reply:
        """Raises faults, `BadDocument`, and whatever breaks."""
        world = self._world()
        if exchange.kind != "query":
            _demand_post(exchange)
        elif (answer := await world.reader.planned(call)) is not None:
            exchange.path = "plan"
            self.met(answer.asking, exchange)
            if answer.looks or exchange.staff is not None:
                await self.witnessed(answer.looks, exchange)
            return Reply(200, b'{"data":' + answer.data)
        return await self._by_core(world, call, exchange)

    def context(self, call: Call, exchange: Exchange, asking: Asking) -> Context:
        """What resolvers and use cases get for a call."""
        world = self._world()
        return Context(
            now=call.now,
            client=exchange.client,
            session=asking.viewer,
            company=world.company,
            ports=world.ports,
            rows=world.reader.rows(call, *asking),
            cookie=self._cookie,
            on_duty=asking.staff,
        )

    def met(self, asking: Asking, exchange: Exchange) -> None:
        """Note who asked."""
        exchange.viewer, exchange.staff = asking
        if exchange.viewer is not None or exchange.staff is not None:
            self._budget.recognise(exchange.token_hash)

    async def witnessed(self, looks: Collection[Look], exchange: Exchange) -> None:
        """Nothing of what staff may see leaves before it is noted that they see it."""
        staff, name = exchange.staff, exchange.operation_name
        if staff is not None:
            await self._world().witness(staff, looks, operation=name, now=exchange.now)
        elif looks:
            raise PermissionError("Only staff who have signed in look at personal data")

    def _read(self, text: str, operation_name: str | None) -> "_Known":
        """Raises `Oversized` and `BadDocument`."""
        self._limits.check_text(text)
        return _Known(self._world().reader.prepare(text, operation_name))

    def _text(self, asked: Asked) -> str:
        """The document's text, found by its hash where the client sent only that."""
        try:
            return self._persisted.text(asked.query, asked.digest)
        except NotPersisted:
            raise PersistedQueryNotFound from None
        except NotTrusted:
            raise NotTrustedDocument from None
        except WrongHash:
            raise WrongDigest from None

    async def _by_core(self, world: World, call: Call, exchange: Exchange) -> Reply:
        asking = await world.reader.asking(call)
        exchange.path = "core"
        self.met(asking, exchange)
        context = self.context(call, exchange, asking)
        result = await _executed(world.reader, call, context, exchange)
        if result.data is None and result.errors and result.errors[0].path is None:
            raise BadDocument(result.errors)  # nothing was executed: the variables are wrong
        await self.witnessed(context.rows.looks, exchange)
        cookies = tuple(("set-cookie", value) for value in context.set_cookies)
        return Reply(200, written(result, exchange), cookies)


class _Known:
    """What logging and charging need of an operation, found out once."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.kind = operation.kind
        self.name = operation.name
        self.price = Price(operation)


def _weight(known: _Known) -> int:
    """Bytes, about; a text that was sent may be kept beside its operation's."""
    return getsizeof(known.operation.text) + known.operation.weight


def _demand_post(exchange: Exchange) -> None:
    """A link must not change anything, and WebSocket sets no cookie.

    Raises `NotSubscribable` and `MethodNotAllowed`.
    """
    if exchange.kind == "subscription":
        raise NotSubscribable
    if exchange.method != "POST":
        raise MethodNotAllowed("POST")


async def _executed(
    reader: Reader, call: Call, context: Context, exchange: Exchange
) -> ExecutionResult:
    if exchange.kind != "mutation":
        return await reader.plain(call, context)
    change = await reader.changed(call, context)
    exchange.path = "plan" if change.by_plan else "core"
    return change.result


def written(result: ExecutionResult, exchange: Exchange) -> bytes:
    answer: dict[str, object] = {}
    if result.errors:
        answer["errors"] = errors.failed(result.errors, exchange)
    answer["data"] = result.data
    return orjson.dumps(answer)[:-1]
