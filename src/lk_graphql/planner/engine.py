"""Answers operations: by a plan where there can be one, by graphql-core where there can't.

    pool = await Pool.open(dsn, size=10)                      # planner/pool.py
    reader = Reader(graphql_schema, pool, session_sql, zone=company.zone,
                    extras={"signer": signer}, rules=(Limits,))

    operation = reader.prepare(text, operation_name)          # raises BadDocument(errors)
    operation.kind, operation.name                            # kind: "query" | "mutation" | ...
    call = Call(operation, variables, token_hash, now, language)

    answer = await reader.planned(call)                       # one statement; raises BadDocument
    if answer is None:                                        # graphql-core must answer
        asking = await reader.asking(call)                    # its viewer or its staff, or neither
        context = Context(rows=reader.rows(call, *asking), session=asking.viewer, ...)
        result = await reader.plain(call, context)            # graphql.ExecutionResult

`Answer.data` is the JSON text of the result's `data`; `Answer.viewer` is who asked, for logs.
A mutation is run by `await reader.changed(call, context)`. It names the objects of its payload
by keys, `Payload(reading=ctx.rows.by_key(Reading, key))`, without awaiting;
`ctx.rows.seen_by(viewer)` reads as somebody who has just signed in.
A subscription's use case is asked by `await reader.events(call, context)`; each `Ref` that it
yields is shown by `planned(call, key)` or, if that is None, by `plain(call, context, found)`.
"""

from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from cachetools import LRUCache, cached
from graphql import ExecutionResult, GraphQLSchema
from graphql.execution.values import VariableValues
from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import StaffViewer, Viewer
from lk_graphql.planner.audit_marks import DataAccess, DataAccesses
from lk_graphql.planner.catalog import Catalog, Unsupported
from lk_graphql.planner.checks import declarations
from lk_graphql.planner.documents import PARSED_DOCUMENTS, Documents, Operation, PlanKey, Rule
from lk_graphql.planner.mutations import BoundField, MutationExecution
from lk_graphql.planner.payloads import RootField, compile_payloads
from lk_graphql.planner.plan import Plan, compile_plan
from lk_graphql.planner.pool import Database
from lk_graphql.planner.principal import (
    DIGEST,
    Principal,
    RequestInfo,
    SessionSql,
    from_plan,
    from_row,
    no_staff,
    principal_sql,
)
from lk_graphql.planner.resolvers.fields import ResolverContext
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.planner.subscriptions import compile_event, source_events
from lk_graphql.planner.untyped import execute


class Call(NamedTuple):
    """One operation that a client wants answered; `token_hash` is the SHA-256 of its token."""

    operation: Operation
    variables: Mapping[str, object]
    token_hash: bytes
    now: datetime
    language: Language = Language.RU


class QueryResult(NamedTuple):
    """`data` as JSON text, who asked, and whose personal data staff see in it."""

    data: bytes
    principal: Principal
    accesses: Collection[DataAccess] = ()

    @property
    def viewer(self) -> Viewer | None:
        return self.principal.viewer


@dataclass(frozen=True)
class MutationResult:
    """What a mutation answers, for `orjson`; `by_plan` if graphql-core ran none of it."""

    result: ExecutionResult
    by_plan: bool


T = TypeVar("T")
_NOTHING: Mapping[str, object] = {}


@dataclass
class QueryEngine:
    """Prepares, compiles, remembers and runs.

    `session` makes the SQL that yields `user_id`, `session_id` and whether it `is_read_only` for
    the token's hash at the time $2: it stands inside every plan; `staff_session` yields `staff_id`,
    `staff_session_id` and `role`, where something of staff's is asked for. `extras` are what
    derived fields may name, such as a signer of links. `rules` are validation rules that are
    asked before the standard ones. `remembered` bytes of plans are kept: about a thousand, as
    clients write them. The models must be open;
    raises `promises.InvalidDeclaration` if the declarations don't fit them.
    """

    schema: GraphQLSchema
    database: Database
    session: SessionSql
    zone: ZoneInfo
    dependencies: Mapping[str, object] = field(default_factory=dict[str, object])
    rules: Sequence[Rule] = ()
    max_tokens: int | None = None
    cache_bytes: int = 8 * 2**20
    staff_session: SessionSql = no_staff

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.schema)
        declarations.check(self.catalog, self.dependencies)
        self.documents = Documents(self.catalog, self.rules, self.max_tokens)
        self._operation = lru_cache(PARSED_DOCUMENTS)(self.documents.valid)
        self._plan = _cache(self._compile, _weight_of_plan, self.cache_bytes // 2)
        self._payloads = _cache(compile_payloads, _weight_of_payloads, self.cache_bytes // 2)

    def prepare(self, text: str, operation_name: str | None = None) -> Operation:
        """Parse and validate; raises `InvalidDocument`. Only the last few are remembered here."""
        return self._operation(text, operation_name)

    async def execute_plan(self, call: Call, *shown: UUID) -> QueryResult | None:
        """The answer in one statement; None where graphql-core must give it.

        `shown` is the key of the object that a subscription's event is about.

        Raises `InvalidDocument` for wrong variables. A bad argument is left to graphql-core: it
        knows what the error should say. What the database raises comes through as it is.
        """
        variables = call.operation.coerce(call.variables)
        plan = self._plan(call.operation, call.operation.plan_key(variables))
        if plan is None:
            return None
        try:
            arguments = plan.bind(variables, self._today(call)) if plan.parameters else ()
        except BadArgument:
            return None
        row = await self.database.fetchrow(plan.sql, call.token_hash, call.now, *shown, *arguments)
        data, asking = from_plan(row)
        if plan.is_complete:
            return QueryResult(data, asking)
        known = self._request_info(call, *asking).values() if plan.patches else _NOTHING
        looks: DataAccesses = set()
        return QueryResult(plan.finish(data, known, looks), asking, looks)

    async def principal(self, call: Call) -> Principal:
        """Who is calling, where no plan has said it."""
        return await self.principal_of(call.token_hash, call.now)

    async def principal_of(self, token_hash: bytes, now: datetime) -> Principal:
        """Whose token it is."""
        sql = principal_sql(self.session(DIGEST), self.staff_session(DIGEST))
        return from_row(await self.database.fetchrow(sql, token_hash, now))

    async def viewer(self, call: Call) -> Viewer | None:
        """The customer who is calling."""
        return (await self.principal(call)).viewer

    def rows(
        self, call: Call, viewer: Viewer | None, staff: StaffViewer | None = None
    ) -> RowReader:
        """The plain path's rows, for the context of `plain`."""
        return RowReader(self.catalog.nodes, self._request_info(call, viewer, staff))

    async def subscribe(self, call: Call, context: ResolverContext) -> AsyncGenerator[Any, None]:
        """What a subscription's use case yields; raises `InvalidDocument`."""
        return await source_events(call.operation, dict(call.variables), context)

    async def execute_resolvers(
        self, call: Call, context: ResolverContext, event: object = None
    ) -> ExecutionResult:
        """A query by graphql-core, field by field: in one snapshot, where it can't write."""
        async with in_transaction() as connection:
            await connection.execute_script(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )
            try:
                return await self._execute(call, context, event)
            finally:
                await context.rows.settle()

    async def execute_mutation(self, call: Call, context: ResolverContext) -> MutationResult:
        """Run a mutation, once whatever happens; then a plan answers what its payload shows."""
        variables = call.operation.coerce(call.variables)
        fields = self._bind_fields(call, variables)
        if fields is None:
            return MutationResult(await self._execute(call, context), by_plan=False)
        mutating = MutationExecution(call.operation, variables, context, self.database)
        return MutationResult(await mutating.run(fields), by_plan=True)

    def _bind_fields(self, call: Call, variables: VariableValues) -> list[BoundField] | None:
        fields = self._payloads(call.operation, call.operation.plan_key(variables))
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

    async def _execute(
        self, call: Call, context: ResolverContext, root_value: object = None
    ) -> ExecutionResult:
        result = execute(
            self.schema,
            call.operation.located,
            root_value,
            context_value=context,
            variable_values=dict(call.variables),
            operation_name=call.operation.name,
            hide_suggestions=True,
        )
        return result if isinstance(result, ExecutionResult) else await result

    def _today(self, call: Call) -> date:
        return call.now.astimezone(self.zone).date()

    def _request_info(
        self, call: Call, viewer: Viewer | None, staff: StaffViewer | None
    ) -> RequestInfo:
        return RequestInfo(
            viewer, call.now, self._today(call), call.language, self.dependencies, staff
        )

    def _compile(self, operation: Operation, shape: PlanKey) -> Plan:
        compile_ = compile_event if operation.kind == "subscription" else compile_plan
        session, staff_session = self.session(DIGEST), self.staff_session(DIGEST)
        return compile_(operation, shape, session, staff_session)


def _weight_of_plan(_: Operation, plan: Plan) -> int:
    return plan.weight


def _weight_of_payloads(operation: Operation, fields: Sequence[RootField]) -> int:
    """Beside the statements, nodes and functions: measured, they take up to 40 texts."""
    return sum(field.plan.weight for field in fields if field.plan) + 40 * len(operation.text)


@dataclass(frozen=True, slots=True)
class _Cached(Generic[T]):
    """What an operation in one shape was compiled to, and the bytes that it takes, about."""

    compiled: T | None
    weight: int


def _cache(
    compile_: Callable[[Operation, PlanKey], T], weight: Callable[[Operation, T], int], most: int
) -> Callable[[Operation, PlanKey], T | None]:
    """Compile once and keep the most recently used results, `most` bytes of them.

    None where graphql-core must answer.
    """
    size: Callable[[_Cached[T]], int] = attrgetter("weight")

    @cached(LRUCache[tuple[Hashable, ...], _Cached[T]](most, getsizeof=size))
    def compiled(operation: Operation, shape: PlanKey) -> _Cached[T]:
        try:
            found = compile_(operation, shape)
        except Unsupported:
            return _Cached(None, operation.weight)
        return _Cached(found, operation.weight + weight(operation, found))

    return lambda operation, shape: compiled(operation, shape).compiled
