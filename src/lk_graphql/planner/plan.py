"""Plans: compiled queries, each one SQL statement and the patches of its answer.

A plan may read only some of a query's root fields: `_split_fields` compiles each by itself, and the
plan's `split` leaves the others to resolvers. `Split.rest` is a query with only these fields.
graphql-core executes it as usual, including errors, their paths and null bubbling. `Split.merge`
joins the two halves.

A source event of a subscription is the key of an object, which a plan then reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from sys import getsizeof
from typing import Any, cast

import orjson
from graphql import DocumentNode, ExecutionResult, GraphQLObjectType
from graphql.execution.values import VariableValues

from lk_graphql.kit.tracing import fingerprint
from lk_graphql.planner.audit_marks import DataAccesses, extract_marks
from lk_graphql.planner.catalog import Unsupported, type_declaration
from lk_graphql.planner.documents import Operation, PlanKey
from lk_graphql.planner.principal import SessionSql
from lk_graphql.planner.selection import SelectedField, Variant, selector
from lk_graphql.planner.sql.roots import EVENT_PARAMETERS, event, query
from lk_graphql.planner.sql.statement import Parameter, Patch
from lk_graphql.planner.sql.writer import SqlWriter
from lk_graphql.planner.untyped import get_named_type, type_of


@dataclass(frozen=True)
class Split:
    """The root fields of a query that its plan leaves to the resolvers."""

    order: tuple[str, ...]
    """The response keys of all root fields."""
    reasons: Mapping[str, str]
    """The response keys of the resolvers' fields, and why there is no plan for each."""
    plan_key: PlanKey

    def rest(self, operation: Operation) -> DocumentNode:
        """The document whose operation has only the resolvers' fields, with locations.

        The fields were collected under the plan key: fragments at the root are already expanded,
        and their @skip and @include are already applied.
        """
        document = operation.located
        node = operation.node_in(document)
        by_key = selector(operation, self.plan_key, document).nodes(
            operation.catalog.query_type, [node.selection_set]
        )
        fields = tuple(field for key in self.reasons for field in by_key[key])
        rest = replace(node, selection_set=replace(node.selection_set, selections=fields))
        definitions = [
            rest if definition is node else definition for definition in document.definitions
        ]
        return replace(document, definitions=tuple(definitions))

    def merge(self, planned: bytes, resolved: ExecutionResult) -> ExecutionResult:
        """The result of the whole query; null if an error has nulled the resolvers' half."""
        if resolved.data is None:
            return resolved
        data: dict[str, Any] = {**orjson.loads(planned), **resolved.data}
        return ExecutionResult({key: data[key] for key in self.order}, resolved.errors)


@dataclass(frozen=True)
class Plan:
    """One statement, its bind parameters, and the patches of its answer.

    With a `split`, the statement reads only some of the query's root fields.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    patches: tuple[Patch, ...]
    marks_access: bool = False
    split: Split | None = None

    @cached_property
    def is_complete(self) -> bool:
        """True if the statement's JSON is the answer, without patches, marks or a split."""
        return not self.patches and not self.marks_access and self.split is None

    @cached_property
    def fingerprint(self) -> str:
        """The statement's name in logs and traces."""
        return fingerprint(self.sql)

    @property
    def weight(self) -> int:
        """Approximate size in bytes, with half a KiB for each closure."""
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + len(self.patches))

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """The values of $3 and the parameters after it. Raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(self, data: bytes, values: Mapping[str, object], accesses: DataAccesses) -> bytes:
        """Compute the derived fields, and move the audit marks into `accesses`."""
        return apply_patches(data, self.patches, values, accesses if self.marks_access else None)


def apply_patches(
    data: bytes,
    patches: Sequence[Patch],
    values: Mapping[str, object],
    accesses: DataAccesses | None,
) -> bytes:
    if not patches and accesses is None:
        return data
    decoded = orjson.loads(data)
    if accesses is not None:
        accesses |= extract_marks(decoded)
    for patch in patches:
        *path, key = patch.path
        for target in _objects_at(decoded, path):
            if _matches_type(patch, target.get(key)):
                target[key] = patch.value(target[key], values)
    return orjson.dumps(decoded)


def _objects_at(value: Any, path: list[str]) -> Iterator[dict[str, Any]]:
    """All objects at a path of response keys, through lists, without nulls."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _objects_at(item, path)
    elif isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if path:
            yield from _objects_at(fields.get(path[0]), path[1:])
        else:
            yield fields


def _matches_type(patch: Patch, value: Any) -> bool:
    """True if the object has the patch's type; objects of a union may have another."""
    return isinstance(value, list) and cast("list[Any]", value)[:1] == [patch.number]


def compile_plan(operation: Operation, plan_key: PlanKey, sessions: SessionSql) -> Plan:
    """Compile the root fields that have a plan. Raises `Unsupported` if there is none."""
    fields, split = _split_fields(operation, plan_key, sessions)
    writer = SqlWriter()
    writer.needs_staff = split is not None  # the resolvers of the other root fields may need it
    sql = query(writer, sessions, fields)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access, split)


def _split_fields(
    operation: Operation, plan_key: PlanKey, sessions: SessionSql
) -> tuple[tuple[SelectedField, ...], Split | None]:
    """The root fields that have a plan, and the split if there are others.

    Raises `Unsupported` if no field has a plan.
    """
    if operation.kind != "query":
        raise Unsupported("no query")
    fields: list[SelectedField] = []
    reasons: dict[str, str] = {}
    root, root_selector = operation.catalog.query_type, selector(operation, plan_key)
    by_key = root_selector.nodes(root, [operation.node.selection_set])
    for key, nodes in by_key.items():
        try:
            field = root_selector.field(root, key, nodes)
            query(SqlWriter(), sessions, (field,))  # a trial, which may also raise `Unsupported`
        except Unsupported as reason:
            reasons[key] = str(reason)
        else:
            fields.append(field)
    if reasons and not fields:
        raise Unsupported(", ".join(dict.fromkeys(reasons.values())))
    return tuple(fields), Split(tuple(by_key), reasons, plan_key) if reasons else None


def compile_event(operation: Operation, plan_key: PlanKey, sessions: SessionSql) -> Plan:
    """The plan of an event's object, with its key as $3. Raises `Unsupported`."""
    writer = SqlWriter(reserved=EVENT_PARAMETERS)
    sql = event(writer, sessions, _select_event(operation, plan_key))
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access)


def _select_event(operation: Operation, plan_key: PlanKey) -> SelectedField:
    """The single root field, selected by its type; it has no source."""
    root = operation.catalog.schema.subscription_type
    if root is None:
        raise Unsupported("no subscription")
    fields_selector = selector(operation, plan_key)
    root_fields = fields_selector.nodes(root, [operation.node.selection_set])
    if len(root_fields) != 1:
        raise Unsupported("no single root field")
    ((key, nodes),) = root_fields.items()
    type_ = _event_type(root, nodes[0].name.value)
    fields = fields_selector.select(type_, [node.selection_set for node in nodes])
    return SelectedField(key, nodes[0].name.value, type_, variants=(Variant(type_, fields),))


def _event_type(root: GraphQLObjectType, field: str) -> GraphQLObjectType:
    type_ = get_named_type(type_of(root.fields[field]))
    if not isinstance(type_, GraphQLObjectType) or type_declaration(type_) is None:
        raise Unsupported("an event whose type has no declaration")
    return type_
