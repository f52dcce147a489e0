"""What an operation is answered: by its plan where it has one, else by graphql-core."""

from collections.abc import Callable, Collection
from sys import getsizeof

import orjson
from cachetools import LRUCache, cached
from graphql import ExecutionResult

from lk_graphql.api import errors
from lk_graphql.api.complexity import ComplexityLimits, CostEstimator
from lk_graphql.api.context import AppState, Context
from lk_graphql.api.cookies import SessionCookie
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.request import GraphQLRequest
from lk_graphql.api.request_errors import (
    DocumentDigestMismatch,
    MethodNotAllowed,
    NotSubscribable,
    NotTrustedDocument,
    PersistedQueryNotFound,
)
from lk_graphql.api.request_state import RequestState
from lk_graphql.api.responses import GraphQLResponse
from lk_graphql.planner.audit_marks import DataAccess
from lk_graphql.planner.documents import InvalidDocument, Operation
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.persisted import (
    DocumentHashMismatch,
    DocumentNotFound,
    DocumentNotTrusted,
    PersistedDocuments,
)
from lk_graphql.planner.principal import Principal

CACHE_BYTES = 2 * 2**20
"""Bytes of documents: about a thousand, as clients write them."""


class OperationExecutor:
    """Weighs, charges and runs operations."""

    def __init__(
        self,
        world: Callable[[], AppState],
        limits: ComplexityLimits,
        cookie: SessionCookie,
        budget: RateLimiter,
        persisted: PersistedDocuments,
    ) -> None:
        self._world = world
        self._limits = limits
        self._cookie = cookie
        self._budget = budget
        self._persisted = persisted
        known = LRUCache[tuple[str | None, ...], _PreparedOperation](CACHE_BYTES, getsizeof=_weight)
        self._known = cached(known)(self._read)

    def prepare(self, asked: GraphQLRequest, exchange: RequestState) -> Call:
        """Read what is asked, or remember it, and take from the bucket what it costs.

        Raises faults and `InvalidDocument`.
        """
        text = self._text(asked) if asked.digest or self._persisted.only_trusted else asked.query
        exchange.request = asked if text is asked.query else asked._replace(query=text)
        self._budget.require(exchange.bucket)
        try:
            known = self._known(text, asked.operation_name)
        except InvalidDocument:
            self._budget.penalize(exchange.bucket)  # it was parsed for nothing, and will be again
            raise
        if asked.digest:
            self._persisted.store(asked.digest, text)
        exchange.kind, exchange.operation_name = known.kind, known.name
        exchange.cost = known.cost_estimator.points(asked.variables)
        self._limits.check_cost(exchange.cost)
        self._budget.charge(exchange.bucket, exchange.cost)
        language = exchange.client.language
        return Call(known.operation, asked.variables, exchange.token_hash, exchange.now, language)

    async def execute(self, call: Call, exchange: RequestState) -> GraphQLResponse:
        """Raises faults, `InvalidDocument`, and whatever breaks."""
        world = self._world()
        if exchange.kind != "query":
            _require_post(exchange)
        elif (answer := await world.engine.execute_plan(call)) is not None:
            exchange.path = "plan"
            self.identify(answer.principal, exchange)
            if answer.accesses or exchange.staff is not None:
                await self.audit(answer.accesses, exchange)
            return GraphQLResponse(200, b'{"data":' + answer.data)
        return await self._execute_resolvers(world, call, exchange)

    def context(self, call: Call, exchange: RequestState, asking: Principal) -> Context:
        """What resolvers and use cases get for a call."""
        world = self._world()
        return Context(
            now=call.now,
            client=exchange.client,
            session=asking.viewer,
            company=world.company,
            ports=world.ports,
            rows=world.engine.rows(call, *asking),
            cookie=self._cookie,
            staff_session=asking.staff,
        )

    def identify(self, asking: Principal, exchange: RequestState) -> None:
        """Note who asked."""
        exchange.viewer, exchange.staff = asking
        if exchange.viewer is not None or exchange.staff is not None:
            self._budget.promote(exchange.token_hash)

    async def audit(self, looks: Collection[DataAccess], exchange: RequestState) -> None:
        """Nothing of what staff may see leaves before it is noted that they see it."""
        staff, name = exchange.staff, exchange.operation_name
        if staff is not None:
            await self._world().audit_hook(staff, looks, operation=name, now=exchange.now)
        elif looks:
            raise PermissionError("Only staff who have signed in look at personal data")

    def _read(self, text: str, operation_name: str | None) -> "_PreparedOperation":
        """Raises `ComplexityExceeded` and `InvalidDocument`."""
        self._limits.check_text(text)
        return _PreparedOperation(self._world().engine.prepare(text, operation_name))

    def _text(self, asked: GraphQLRequest) -> str:
        """The document's text, found by its hash where the client sent only that."""
        try:
            return self._persisted.text(asked.query, asked.digest)
        except DocumentNotFound:
            raise PersistedQueryNotFound from None
        except DocumentNotTrusted:
            raise NotTrustedDocument from None
        except DocumentHashMismatch:
            raise DocumentDigestMismatch from None

    async def _execute_resolvers(
        self, world: AppState, call: Call, exchange: RequestState
    ) -> GraphQLResponse:
        asking = await world.engine.principal(call)
        exchange.path = "resolvers"
        self.identify(asking, exchange)
        context = self.context(call, exchange, asking)
        result = await _execute(world.engine, call, context, exchange)
        if result.data is None and result.errors and result.errors[0].path is None:
            raise InvalidDocument(result.errors)  # nothing was executed: the variables are wrong
        await self.audit(context.rows.accesses, exchange)
        cookies = tuple(("set-cookie", value) for value in context.set_cookies)
        return GraphQLResponse(200, serialize_result(result, exchange), cookies)


class _PreparedOperation:
    """What logging and charging need of an operation, found out once."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.kind = operation.kind
        self.name = operation.name
        self.cost_estimator = CostEstimator(operation)


def _weight(known: _PreparedOperation) -> int:
    """Bytes, about; a text that was sent may be kept beside its operation's."""
    return getsizeof(known.operation.text) + known.operation.weight


def _require_post(exchange: RequestState) -> None:
    """A link must not change anything, and WebSocket sets no cookie.

    Raises `NotSubscribable` and `MethodNotAllowed`.
    """
    if exchange.kind == "subscription":
        raise NotSubscribable
    if exchange.method != "POST":
        raise MethodNotAllowed("POST")


async def _execute(
    reader: QueryEngine, call: Call, context: Context, exchange: RequestState
) -> ExecutionResult:
    if exchange.kind != "mutation":
        return await reader.execute_resolvers(call, context)
    change = await reader.execute_mutation(call, context)
    exchange.path = "plan" if change.by_plan else "resolvers"
    return change.result


def serialize_result(result: ExecutionResult, exchange: RequestState) -> bytes:
    answer: dict[str, object] = {}
    if result.errors:
        answer["errors"] = errors.format_execution_errors(result.errors, exchange)
    answer["data"] = result.data
    return orjson.dumps(answer)[:-1]
