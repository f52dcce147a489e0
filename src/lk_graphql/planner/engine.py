"""The query engine: executes operations by a compiled plan, or by graphql-core's resolvers.

    pool = ReadPool(dsn, size=10)                              # database/connections.py
    engine = QueryEngine(graphql_schema, pool, SessionSql(session_sql), zone=company.zone,
                         dependencies={"signer": signer}, rules=(NoSchemaIntrospectionCustomRule,))

    operation = engine.prepare(text, operation_name)           # raises InvalidDocument
    operation.kind, operation.name                             # kind: "query" | "mutation" | ...
    call = Call(operation, variables, token_hash, now, language)

    planned = await engine.execute_plan(call)                  # one statement
    if planned is None:                                        # no plan for any root field
        principal = await engine.principal(call)               # a viewer, staff, or neither
        context = Context(rows=engine.rows(call, *principal), ...)
        result = await engine.execute_resolvers(call, context)  # graphql.ExecutionResult
    elif planned.split:                                        # no plan for some root fields
        context = Context(rows=engine.rows(call, *planned.principal), ...)
        result = await engine.execute_rest(call, context, planned)  # ExecutionResult, all fields

`QueryResult.data` is the JSON text of the result's `data`.

Mutations: `await engine.execute_mutation(call, context)`. A resolver refers to the objects of its
payload by key and doesn't await them: `Payload(reading=ctx.rows.by_key(Reading, key))`.
`ctx.rows.as_viewer(viewer)` is a reader for a user who has just signed in.

Subscriptions: `await engine.subscribe(call, context)` yields a `Ref` for each event;
`execute_plan(call, key)` reads the event's object; if it returns None,
`execute_resolvers(call, context, ref)` does.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from inspect import isawaitable
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from cachetools import LRUCache
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues
from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import BadArgument, Unavailable
from lk_graphql.kit.languages import Language
from lk_graphql.kit.tracing import TRACING
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.planner.arguments import require_valid_arguments
from lk_graphql.planner.audit_marks import DataAccess, DataAccesses
from lk_graphql.planner.catalog import Catalog, Unsupported
from lk_graphql.planner.checks import declarations
from lk_graphql.planner.documents import (
    Documents,
    InvalidDocument,
    Operation,
    PlanKey,
    Rule,
)
from lk_graphql.planner.mutations import (
    BoundField,
    MutationExecution,
    RootField,
    compile_payloads,
)
from lk_graphql.planner.plan import Plan, Split, compile_event, compile_plan
from lk_graphql.planner.principal import (
    Database,
    Principal,
    RequestInfo,
    SessionSql,
    from_plan,
    from_row,
    principal_sql,
)
from lk_graphql.planner.replicas import Replicas
from lk_graphql.planner.resolvers.fields import ResolverContext
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.planner.untyped import built_executor, create_source_event_stream, execute


def do_nothing() -> None:
    pass


class Call(NamedTuple):
    """One operation of one request; `token_hash` is the SHA-256 of the client's token."""

    operation: Operation
    variables: Mapping[str, object]
    token_hash: bytes
    now: datetime
    language: Language = Language.RU
    on_compile: Callable[[], None] = do_nothing
    """Called before a plan is compiled; if it raises, the plan isn't compiled."""


class QueryResult(NamedTuple):
    """A plan's result: `data` as JSON text, and the accesses of staff to personal data in it."""

    data: bytes
    principal: Principal
    accesses: Collection[DataAccess] = ()
    statement: str = ""
    """The fingerprint of the plan's SQL."""
    split: Split | None = None
    """The root fields that `data` lacks, for `QueryEngine.execute_rest`."""


@dataclass(frozen=True)
class MutationResult:
    """A mutation's result, for `orjson`; `by_plan` is False if graphql-core executed it."""

    result: ExecutionResult
    by_plan: bool


T = TypeVar("T")
_NOTHING: Mapping[str, object] = {}


@dataclass
class QueryEngine:
    """Prepares, compiles, caches and executes operations.

    Derived fields may name the `dependencies`, such as a signer of links, of which some are
    `PerRequest`. `rules` are validation rules in addition to the standard ones. The cache of plans
    is limited to `cache_bytes`, enough for about a thousand plans. The models must be open. Raises
    `InvalidDeclaration` if the declarations don't fit them.
    """

    schema: GraphQLSchema
    database: Database
    sessions: SessionSql
    zone: ZoneInfo
    dependencies: Mapping[str, object] = field(default_factory=dict[str, object])
    rules: Sequence[Rule] = ()
    max_tokens: int | None = None
    cache_bytes: int = 8 * 2**20
    replicas: Replicas | None = None
    """Replicas that may execute the plans of queries."""

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.schema)
        declarations.check(self.catalog, self.dependencies)
        self.documents = Documents(self.catalog, self.rules, self.max_tokens)
        self._principal_sql = principal_sql(self.sessions)
        self._plan = _cache(self._compile, _weight_of_plan, self.cache_bytes // 2)
        self._payloads = _cache(compile_payloads, _weight_of_payloads, self.cache_bytes // 2)

    def with_dependencies(self, dependencies: Mapping[str, object]) -> "QueryEngine":
        """A copy that shares the caches, with other values of the dependencies."""
        engine = copy(self)
        engine.dependencies = dependencies
        return engine

    def parse(self, text: str) -> DocumentNode:
        """Parse without validation; the latest documents are cached. Raises `InvalidDocument`."""
        return self.documents.parse(text)

    def has_parsed(self, text: str) -> bool:
        """Whether the cache of `parse` holds the document."""
        return self.documents.has_parsed(text)

    def prepare(self, text: str, operation_name: str | None = None) -> Operation:
        """Parse and validate; the latest documents are cached. Raises `InvalidDocument`."""
        return self.documents.valid(text, operation_name)

    async def execute_plan(self, call: Call, *event_keys: UUID) -> QueryResult | None:
        """The result of one statement; None if the resolvers must execute the operation.

        `event_keys` holds the key of the object of a subscription's event.

        Raises `InvalidDocument` for invalid variables and refused arguments, and the database's
        exceptions.
        """
        variables = call.operation.coerce(call.variables)
        plan = self._plan(call, variables)
        if plan is None:
            return None
        try:
            arguments = plan.bind(variables, self._today(call)) if plan.parameters else ()
        except BadArgument:
            require_valid_arguments(call.operation, variables)
            return None
        row = None
        if self.replicas is not None and not event_keys:  # a replica may not have the event yet
            row = await self.replicas.fetchrow(plan.sql, call.token_hash, call.now, *arguments)
        if row is None:
            row = await self.database.fetchrow(
                plan.sql, call.token_hash, call.now, *event_keys, *arguments
            )
        data, principal = from_plan(row)
        if plan.is_complete:
            return QueryResult(data, principal, (), plan.fingerprint)
        values = self._request_info(call, *principal).values if plan.patches else _NOTHING
        accesses: DataAccesses = set()
        finished = plan.finish(data, values, accesses)
        return QueryResult(finished, principal, accesses, plan.fingerprint, plan.split)

    async def principal(self, call: Call) -> Principal:
        """The principal of a call, for operations without a plan."""
        return await self.principal_of(call.token_hash, call.now)

    async def principal_of(self, token_hash: bytes, now: datetime) -> Principal:
        """The principal of a token."""
        return from_row(await self.database.fetchrow(self._principal_sql, token_hash, now))

    def rows(
        self, call: Call, viewer: Viewer | None, staff: StaffViewer | None = None
    ) -> RowReader:
        """The row reader of the resolver path, for the context of `execute_resolvers`."""
        return RowReader(self.catalog.nodes, self._request_info(call, viewer, staff))

    async def subscribe(self, call: Call, context: ResolverContext) -> AsyncGenerator[Any, None]:
        """The source events of a subscription. Raises `InvalidDocument`."""
        self._require_valid_arguments(call)
        return await _source_events(call.operation, dict(call.variables), context)

    async def execute_resolvers(
        self, call: Call, context: ResolverContext, event: object = None
    ) -> ExecutionResult:
        """Execute a query by graphql-core, in one read-only snapshot. Raises `InvalidDocument`."""
        self._require_valid_arguments(call)
        return await self._execute_query(call.operation.located, call, context, event)

    async def execute_rest(
        self, call: Call, context: ResolverContext, planned: QueryResult
    ) -> ExecutionResult:
        """Execute the root fields that have no plan, and merge them with the plan's result.

        The plan and the resolvers read in two snapshots; `context.rows` gets the accesses of both.
        Raises `InvalidDocument`.
        """
        if planned.split is None:
            raise TypeError("The plan's result has all root fields")
        self._require_valid_arguments(call)
        context.rows.accesses.update(planned.accesses)
        rest = planned.split.rest(call.operation)
        resolved = await self._execute_query(rest, call, context)
        return planned.split.merge(planned.data, resolved)

    async def execute_mutation(self, call: Call, context: ResolverContext) -> MutationResult:
        """Execute a mutation exactly once, and read the objects of its payload by a plan.

        Raises `InvalidDocument` before anything is executed.
        """
        variables = call.operation.coerce(call.variables)
        fields = self._bind_fields(call, variables)
        if fields is None:
            require_valid_arguments(call.operation, variables)
            result = self._execute(call.operation.located, call, context)
            done = result if isinstance(result, ExecutionResult) else await result
            return MutationResult(done, by_plan=False)
        execution = MutationExecution(call.operation, variables, context, self.database)
        return MutationResult(await execution.run(fields), by_plan=True)

    def _bind_fields(self, call: Call, variables: VariableValues) -> list[BoundField] | None:
        fields = self._payloads(call, variables)
        if fields is None:
            return None
        today = self._today(call)
        try:
            return [
                BoundField(field, field.plan.bind(variables, today) if field.plan else ())
                for field in fields
            ]
        except BadArgument:
            return None

    def _require_valid_arguments(self, call: Call) -> None:
        require_valid_arguments(call.operation, call.operation.coerce(call.variables))

    async def _execute_query(
        self, document: DocumentNode, call: Call, context: ResolverContext, event: object = None
    ) -> ExecutionResult:
        """Execute a document in one snapshot, or without one if all resolvers are synchronous.

        Synchronous resolvers read no rows, and have run when graphql-core returns.
        """
        result = self._execute(document, call, context, event)
        if isinstance(result, ExecutionResult):
            await context.rows.settle()
            return result
        return await _in_snapshot(result, context.rows)

    def _execute(
        self,
        document: DocumentNode,
        call: Call,
        context: ResolverContext,
        root_value: object = None,
    ) -> Awaitable[ExecutionResult] | ExecutionResult:
        return execute(
            self.schema,
            document,
            root_value,
            context_value=context,
            variable_values=dict(call.variables),
            operation_name=call.operation.name,
            hide_suggestions=True,
        )

    def _today(self, call: Call) -> date:
        return call.now.astimezone(self.zone).date()

    def _request_info(
        self, call: Call, viewer: Viewer | None, staff: StaffViewer | None
    ) -> RequestInfo:
        return RequestInfo(
            viewer, call.now, self._today(call), call.language, self.dependencies, staff
        )

    def _compile(self, operation: Operation, plan_key: PlanKey) -> Plan:
        compile_ = compile_event if operation.kind == "subscription" else compile_plan
        with TRACING.span("compile a plan"):
            return compile_(operation, plan_key, self.sessions)


async def _source_events(
    operation: Operation, variables: dict[str, object], context: object
) -> AsyncGenerator[Any, None]:
    """The source event stream. Raises `InvalidDocument` if it can't be created."""
    executor: Any = built_executor(
        operation.catalog.schema,
        operation.located,
        context_value=context,
        raw_variable_values=variables,
        operation_name=operation.name,
        hide_suggestions=True,
    )
    if isinstance(executor, list):
        raise InvalidDocument(cast("list[GraphQLError]", executor))
    stream = create_source_event_stream(executor)
    events = await stream if isawaitable(stream) else stream
    if isinstance(events, ExecutionResult):
        raise InvalidDocument(events.errors or ())
    return events


async def _in_snapshot(result: Awaitable[ExecutionResult], rows: RowReader) -> ExecutionResult:
    """Await a result in one read-only snapshot, and ignore a failure of its COMMIT.

    A failed field cancels its siblings. This closes the connection on which their statements run,
    and the COMMIT fails although the result is complete.
    """
    results: list[ExecutionResult] = []
    try:
        async with in_transaction() as connection:
            await connection.execute_script(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )
            try:
                results.append(await result)
            finally:
                await rows.settle()
    except Unavailable:
        if not results:
            raise
    return results[0]


def _weight_of_plan(_: Operation, plan: Plan) -> int:
    return plan.weight


def _weight_of_payloads(operation: Operation, fields: Sequence[RootField]) -> int:
    """The statements, and 40 times the text for nodes and closures (measured)."""
    return sum(field.plan.weight for field in fields if field.plan) + 40 * len(operation.text)


@dataclass(frozen=True, slots=True)
class _Cached(Generic[T]):
    """The result of a compilation, and its approximate size in bytes."""

    compiled: T | None
    weight: int


def _cache(
    compile_: Callable[[Operation, PlanKey], T],
    weight: Callable[[Operation, T], int],
    max_weight: int,
) -> Callable[[Call, VariableValues], T | None]:
    """A compiler with a cache of the most recently used results, up to `max_weight` bytes.

    Its result is None for an `Unsupported` operation.
    """
    size: Callable[[_Cached[T]], int] = attrgetter("weight")
    cache = LRUCache[tuple[Operation, PlanKey], _Cached[T]](max_weight, getsizeof=size)

    def compiled(operation: Operation, plan_key: PlanKey) -> _Cached[T]:
        try:
            result = compile_(operation, plan_key)
        except Unsupported:
            return _Cached(None, operation.weight)
        return _Cached(result, operation.weight + weight(operation, result))

    def cached_compile(call: Call, variables: VariableValues) -> T | None:
        key = call.operation, call.operation.plan_key(variables)
        cached = cache.get(key)
        if cached is None:
            call.on_compile()
            cached = compiled(*key)
            with suppress(ValueError):  # larger than the whole cache
                cache[key] = cached
        return cached.compiled

    return cached_compile
