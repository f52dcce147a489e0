"""Execution of operations: by a compiled plan if there is one, otherwise by graphql-core."""

from collections.abc import Callable, Collection
from datetime import timedelta
from sys import getsizeof
from typing import NamedTuple

import orjson
from cachetools import LRUCache
from graphql import ExecutionResult, GraphQLError

from lk_graphql.api import errors
from lk_graphql.api.admission import Admission
from lk_graphql.api.context import AppState, Context
from lk_graphql.api.document_limits import ComplexityLimits, CostEstimator, text_points
from lk_graphql.api.persisted_documents import PersistedDocuments
from lk_graphql.api.rate_limit import RateLimiter, RequestCharge
from lk_graphql.api.request import (
    JSON,
    GraphQLRequest,
    RequestHeaders,
    SessionCookie,
    client_of,
)
from lk_graphql.api.request_errors import MethodNotAllowed, NotSubscribable, RequestError
from lk_graphql.api.request_state import Priority, RequestState
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.tracing import TRACING
from lk_graphql.planner.audit_marks import DataAccess
from lk_graphql.planner.documents import InvalidDocument, Operation
from lk_graphql.planner.engine import Call, QueryEngine, QueryResult
from lk_graphql.planner.principal import Principal

CACHE_BYTES = 2 * 2**20
"""Size limit of the cache of prepared operations: about a thousand typical documents."""
SESSION_EXTENSION = "session"
"""The extension of a response to a token whose session has ended; its value is `ENDED`."""
ENDED = "ended"
COOKIE_DELAY = timedelta(minutes=1)
"""The time after a session's end for which its cookie is not cleared.

A sign-in ends the session that its request carries. Without this delay, a slow response to an
earlier request of that session would clear the cookie of the new one.
"""


class GraphQLResponse(NamedTuple):
    """A result; `body` is its JSON object without the closing brace, because the cost follows."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class OperationExecutor:
    """Prepares, admits and executes operations."""

    def __init__(
        self,
        app_state: Callable[[], AppState],
        limits: ComplexityLimits,
        cookie: SessionCookie,
        rate_limiter: RateLimiter,
        persisted: PersistedDocuments,
        admission: Admission,
    ) -> None:
        self._app_state = app_state
        self._limits = limits
        self._cookie = cookie
        self._rate_limiter = rate_limiter
        self._persisted = persisted
        self._admission = admission
        self._prepared = LRUCache[tuple[str, str | None], _PreparedOperation](
            CACHE_BYTES, getsizeof=_weight
        )

    def request_state(
        self, method: str, headers: RequestHeaders, address: str, request_id: str
    ) -> RequestState:
        """The state of a new request."""
        credentials = self._cookie.read(headers)
        token_hash = credentials.token_hash
        bucket = self._rate_limiter.bucket(token_hash, address)
        return RequestState(
            method=method,
            headers=headers,
            now=self._app_state().clock(),
            request_id=request_id,
            client=client_of(headers, address),
            media_type=JSON,
            token=credentials.token,
            token_hash=token_hash,
            by_cookie=credentials.by_cookie,
            charge=RequestCharge(self._rate_limiter, bucket),
        )

    def prepare(self, request: GraphQLRequest, state: RequestState) -> Call:
        """Prepare an operation, cached by its document, and charge it to the client's bucket.

        All work is charged before it is done. Raises `RequestError`, `InvalidDocument`, and
        `Unavailable` if the process is overloaded.
        """
        text = self._text(request)
        state.request = request if text is request.query else request._replace(query=text)
        charge = state.charge
        charge.add_values(request.value_count)
        prepared = self._prepared.get((text, request.operation_name))
        if prepared is None:
            prepared = self._compile(text, request.operation_name, charge)
        else:
            charge.compile_due = prepared.compile_points
            charge.is_located = self._app_state().engine.has_parsed(text)
        if request.digest:
            self._persisted.store(request.digest, text)
        state.kind, state.operation_name = prepared.kind, prepared.name
        on_compile = charge.add_compile_due
        charge.cost = prepared.cost_estimator.points(request.variables, on_compile)
        self._limits.check_cost(charge.cost)
        state.priority = self._admission.limits.priority(prepared.operation, charge.cost)
        self._admission.require(state.priority)
        charge.add_execution()
        return Call(
            prepared.operation,
            request.variables,
            state.token_hash,
            state.now,
            state.client.language,
            on_compile,
        )

    def priority(self, request: GraphQLRequest) -> Priority:
        """The admission class of a request; `OTHER` if its document isn't in the cache."""
        try:
            text = self._text(request)
        except RequestError:
            return Priority.OTHER
        prepared = self._prepared.get((text, request.operation_name))
        cost = prepared and prepared.cost_estimator.known_points(request.variables)
        if prepared is None or cost is None:
            return Priority.OTHER
        return self._admission.limits.priority(prepared.operation, cost)

    async def execute(self, call: Call, state: RequestState) -> GraphQLResponse:
        """Execute a call. Raises `RequestError`, `InvalidDocument` and unexpected exceptions."""
        app_state = self._app_state()
        with self._admission.execution(state.priority):
            if state.kind != "query":
                _require_post(state)
                return await self._execute_resolvers(app_state, call, state)
            planned = await app_state.engine.execute_plan(call)
            if planned is None or planned.split is not None:
                return await self._execute_resolvers(app_state, call, state, planned)
            state.path, state.statement = "plan", planned.statement
            self.identify(planned.principal, state)
            if planned.accesses or state.staff is not None:
                await self.audit(planned.accesses, state)
            headers = await self._report_ended_session(app_state, state)
            return GraphQLResponse(200, b'{"data":' + planned.data, headers)

    def context(self, call: Call, state: RequestState, principal: Principal) -> Context:
        """The context of resolvers and use cases for a call."""
        app_state = self._app_state()
        return Context(
            now=call.now,
            client=state.client,
            session=principal.viewer,
            company=app_state.company,
            ports=app_state.ports,
            rows=app_state.engine.rows(call, *principal),
            cookie=self._cookie,
            staff_session=principal.staff,
            headers=state.headers,
            server_url=state.server_url,
        )

    def identify(self, principal: Principal, state: RequestState) -> None:
        """Set the viewer or the staff of a request; signed-in clients get a bucket of their own."""
        state.viewer, state.staff = principal
        if state.viewer is not None or state.staff is not None:
            self._rate_limiter.promote(state.token_hash)

    async def audit(self, accesses: Collection[DataAccess], state: RequestState) -> None:
        """Record accesses before the result is sent. Raises PermissionError unless by staff."""
        staff, name = state.staff, state.operation_name
        if staff is not None:
            await self._app_state().audit_hook(staff, accesses, operation=name, now=state.now)
        elif accesses:
            raise PermissionError("Personal data of customers requires a staff session")

    def _compile(
        self, text: str, operation_name: str | None, charge: RequestCharge
    ) -> "_PreparedOperation":
        """Parse, check the limits and validate. Raises `RequestError` and `InvalidDocument`."""
        self._limits.check_text(text)
        engine = self._app_state().engine
        charge.add_compile(text_points(text))
        with TRACING.span("parse and validate"):
            size = self._limits.check(engine.schema, engine.parse(text))
            charge.add_compile(size.points)
            operation = engine.prepare(text, operation_name)
        prepared = _PreparedOperation(operation, text_points(text) + size.points)
        self._prepared[text, operation_name] = prepared
        return prepared

    def _text(self, request: GraphQLRequest) -> str:
        """The document's text, looked up by its hash if the client sent only the hash."""
        if not (request.digest or self._persisted.only_trusted):
            return request.query
        return self._persisted.text(request.query, request.digest)

    async def _execute_resolvers(
        self,
        app_state: AppState,
        call: Call,
        state: RequestState,
        planned: QueryResult | None = None,
    ) -> GraphQLResponse:
        """Execute an operation without a plan, or the root fields that `planned` lacks."""
        if state.kind == "query" and not state.charge.is_located:
            call.on_compile()
        state.path = "mixed" if planned else "resolvers"
        principal = planned.principal if planned else await app_state.engine.principal(call)
        self.identify(principal, state)
        context = self.context(call, state, principal)
        result = await _execute_fields(app_state.engine, call, context, state, planned)
        if result.data is None and result.errors and result.errors[0].path is None:
            raise InvalidDocument(result.errors)  # invalid variables: nothing was executed
        if state.kind == "mutation":
            await app_state.record_change(state.viewer)
        if result.errors:
            state.charge.add_location()
        await self.audit(context.rows.accesses, state)
        cookies = tuple(("set-cookie", value) for value in context.set_cookies)
        if state.kind == "query" or any(map(_is_not_signed_in, result.errors or ())):
            cookies += await self._report_ended_session(app_state, state)
        body = serialize_result(result, state)
        is_unanswered = state.unavailable and not any((result.data or {}).values())
        return GraphQLResponse(503 if is_unanswered else 200, body, cookies)

    async def _report_ended_session(
        self, app_state: AppState, state: RequestState
    ) -> tuple[tuple[str, str], ...]:
        """Report the end of the token's session; the headers clear its cookie.

        Guests have no token.
        """
        if not state.token or state.viewer is not None or state.staff is not None:
            return ()
        principal = await app_state.engine.principal_of(state.token_hash, state.now)
        if principal.viewer is not None or principal.staff is not None:
            return ()  # plans of customers' types don't select staff sessions
        state.extensions[SESSION_EXTENSION] = ENDED
        sent = self._cookie.sent_by(state.headers)
        if sent is None:
            return ()
        ended_at = await app_state.session_end(state.token_hash)
        if ended_at is not None and ended_at > state.now - COOKIE_DELAY:
            return ()
        return (("set-cookie", sent.clear()),)


class _PreparedOperation:
    """A validated operation with its kind, name, cost estimator and charge for compiling."""

    def __init__(self, operation: Operation, compile_points: int) -> None:
        self.operation = operation
        self.compile_points = compile_points
        self.kind = operation.kind
        self.name = operation.name
        self.cost_estimator = CostEstimator(operation)


def _weight(prepared: _PreparedOperation) -> int:
    """Approximate size in bytes; the text counts twice, because the cache key may hold a copy."""
    return getsizeof(prepared.operation.text) + prepared.operation.weight


def _is_not_signed_in(error: GraphQLError) -> bool:
    return isinstance(error.original_error, NotSignedIn)


def _require_post(state: RequestState) -> None:
    """Require POST for mutations: a GET must be safe, and a WebSocket can't set cookies.

    Raises `NotSubscribable` and `MethodNotAllowed`.
    """
    if state.kind == "subscription":
        raise NotSubscribable
    if state.method != "POST":
        raise MethodNotAllowed("POST")


async def _execute_fields(
    engine: QueryEngine,
    call: Call,
    context: Context,
    state: RequestState,
    planned: QueryResult | None,
) -> ExecutionResult:
    if planned is not None:
        return await engine.execute_rest(call, context, planned)
    if state.kind != "mutation":
        return await engine.execute_resolvers(call, context)
    change = await engine.execute_mutation(call, context)
    state.path = "plan" if change.by_plan else "resolvers"
    return change.result


def serialize_result(result: ExecutionResult, state: RequestState) -> bytes:
    response: dict[str, object] = {}
    if result.errors:
        response["errors"] = errors.format_execution_errors(result.errors, state)
    response["data"] = result.data
    return orjson.dumps(response)[:-1]
