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
A subscription's use case is asked by `await reader.events(call, context)`; each `Found` that it
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
from lk_graphql.kit.viewer import Staff, Viewer
from lk_graphql.planner.audit_marks import Look, Looks
from lk_graphql.planner.catalog import Catalog, Unsupported
from lk_graphql.planner.checks import declarations
from lk_graphql.planner.documents import AT_HAND, Documents, Operation, Rule, Shape
from lk_graphql.planner.mutations import Bound, Mutating
from lk_graphql.planner.payloads import RootField, compile_payloads
from lk_graphql.planner.plan import Plan, compile_plan
from lk_graphql.planner.pool import Database
from lk_graphql.planner.principal import (
    DIGEST,
    Asking,
    Occasion,
    SessionSql,
    from_plan,
    from_row,
    no_staff,
    statement,
)
from lk_graphql.planner.resolvers.fields import Request
from lk_graphql.planner.resolvers.rows import Rows
from lk_graphql.planner.subscriptions import compile_event, source_events
from lk_graphql.planner.untyped import execute


class Call(NamedTuple):
    """One operation that a client wants answered; `token_hash` is the SHA-256 of its token."""

    operation: Operation
    variables: Mapping[str, object]
    token_hash: bytes
    now: datetime
    language: Language = Language.RU


class Answer(NamedTuple):
    """`data` as JSON text, who asked, and whose personal data staff see in it."""

    data: bytes
    asking: Asking
    looks: Collection[Look] = ()

    @property
    def viewer(self) -> Viewer | None:
        return self.asking.viewer


@dataclass(frozen=True)
class Change:
    """What a mutation answers, for `orjson`; `by_plan` if graphql-core ran none of it."""

    result: ExecutionResult
    by_plan: bool


T = TypeVar("T")
_NOTHING: Mapping[str, object] = {}


@dataclass
class Reader:
    """Prepares, compiles, remembers and runs.

    `session` makes the SQL that yields `user_id`, `session_id` and whether it `is_read_only` for
    the token's hash at the time $2: it stands inside every plan; `staff_session` yields `staff_id`,
    `staff_session_id` and `role`, where something of staff's is asked for. `extras` are what
    derived fields may name, such as a signer of links. `rules` are validation rules that are
    asked before the standard ones. `remembered` bytes of plans are kept: about a thousand, as
    clients write them. The models must be open;
    raises `promises.BrokenPromise` if the declarations don't fit them.
    """

    schema: GraphQLSchema
    database: Database
    session: SessionSql
    zone: ZoneInfo
    extras: Mapping[str, object] = field(default_factory=dict[str, object])
    rules: Sequence[Rule] = ()
    most_tokens: int | None = None
    remembered: int = 8 * 2**20
    staff_session: SessionSql = no_staff

    def __post_init__(self) -> None:
        self.catalog = Catalog(self.schema)
        declarations.check(self.catalog, self.extras)
        self.documents = Documents(self.catalog, self.rules, self.most_tokens)
        self._operation = lru_cache(AT_HAND)(self.documents.valid)
        self._plan = _cache(self._compiled, _weight_of_plan, self.remembered // 2)
        self._payloads = _cache(compile_payloads, _weight_of_payloads, self.remembered // 2)

    def prepare(self, text: str, operation_name: str | None = None) -> Operation:
        """Parse and validate; raises `BadDocument`. Only the last few are remembered here."""
        return self._operation(text, operation_name)

    async def planned(self, call: Call, *shown: UUID) -> Answer | None:
        """The answer in one statement; None where graphql-core must give it.

        `shown` is the key of the object that a subscription's event is about.

        Raises `BadDocument` for wrong variables. A bad argument is left to graphql-core: it
        knows what the error should say. What the database raises comes through as it is.
        """
        variables = call.operation.coerce(call.variables)
        plan = self._plan(call.operation, call.operation.shape(variables))
        if plan is None:
            return None
        try:
            arguments = plan.bind(variables, self._today(call)) if plan.parameters else ()
        except BadArgument:
            return None
        row = await self.database.fetchrow(plan.sql, call.token_hash, call.now, *shown, *arguments)
        data, asking = from_plan(row)
        if plan.is_the_answer:
            return Answer(data, asking)
        known = self._occasion(call, *asking).known() if plan.patches else _NOTHING
        looks: Looks = set()
        return Answer(plan.finish(data, known, looks), asking, looks)

    async def asking(self, call: Call) -> Asking:
        """Who is calling, where no plan has said it."""
        return await self.asking_with(call.token_hash, call.now)

    async def asking_with(self, token_hash: bytes, now: datetime) -> Asking:
        """Whose token it is."""
        sql = statement(self.session(DIGEST), self.staff_session(DIGEST))
        return from_row(await self.database.fetchrow(sql, token_hash, now))

    async def viewer(self, call: Call) -> Viewer | None:
        """The customer who is calling."""
        return (await self.asking(call)).viewer

    def rows(self, call: Call, viewer: Viewer | None, staff: Staff | None = None) -> Rows:
        """The plain path's rows, for the context of `plain`."""
        return Rows(self.catalog.nodes, self._occasion(call, viewer, staff))

    async def events(self, call: Call, context: Request) -> AsyncGenerator[Any, None]:
        """What a subscription's use case yields; raises `BadDocument`."""
        return await source_events(call.operation, dict(call.variables), context)

    async def plain(self, call: Call, context: Request, event: object = None) -> ExecutionResult:
        """A query by graphql-core, field by field: in one snapshot, where it can't write."""
        async with in_transaction() as connection:
            await connection.execute_script(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            )
            try:
                return await self._executed(call, context, event)
            finally:
                await context.rows.settle()

    async def changed(self, call: Call, context: Request) -> Change:
        """Run a mutation, once whatever happens; then a plan answers what its payload shows."""
        variables = call.operation.coerce(call.variables)
        fields = self._bound(call, variables)
        if fields is None:
            return Change(await self._executed(call, context), by_plan=False)
        mutating = Mutating(call.operation, variables, context, self.database)
        return Change(await mutating.run(fields), by_plan=True)

    def _bound(self, call: Call, variables: VariableValues) -> list[Bound] | None:
        fields = self._payloads(call.operation, call.operation.shape(variables))
        if fields is None:
            return None
        today = self._today(call)
        try:
            return [
                Bound(field, field.plan.bind(variables, today) if field.plan else ())
                for field in fields
            ]
        except BadArgument:
            return None

    async def _executed(
        self, call: Call, context: Request, root_value: object = None
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

    def _occasion(self, call: Call, viewer: Viewer | None, staff: Staff | None) -> Occasion:
        return Occasion(viewer, call.now, self._today(call), call.language, self.extras, staff)

    def _compiled(self, operation: Operation, shape: Shape) -> Plan:
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
    compile_: Callable[[Operation, Shape], T], weight: Callable[[Operation, T], int], most: int
) -> Callable[[Operation, Shape], T | None]:
    """Compile once and keep the most recently used results, `most` bytes of them.

    None where graphql-core must answer.
    """
    size: Callable[[_Cached[T]], int] = attrgetter("weight")

    @cached(LRUCache[tuple[Hashable, ...], _Cached[T]](most, getsizeof=size))
    def compiled(operation: Operation, shape: Shape) -> _Cached[T]:
        try:
            found = compile_(operation, shape)
        except Unsupported:
            return _Cached(None, operation.weight)
        return _Cached(found, operation.weight + weight(operation, found))

    return lambda operation, shape: compiled(operation, shape).compiled
