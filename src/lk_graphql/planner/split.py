"""Queries of which a plan reads some root fields, and resolvers the others.

`split_fields` separates the two kinds when a query is compiled. The plan's statement has only the
fields of the first kind. `Split.rest` is a query with only the fields of the second kind.
graphql-core executes it as usual, including errors, their paths and null bubbling. `Split.merge`
joins the two halves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import DocumentNode, ExecutionResult

from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.documents import Operation, PlanKey
from lk_graphql.planner.selection import SelectedField, selector
from lk_graphql.planner.sql.roots import query
from lk_graphql.planner.sql.writer import SqlWriter


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


def split_fields(
    operation: Operation, plan_key: PlanKey
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
            query(SqlWriter(), "", (field,))  # a trial, which may also raise `Unsupported`
        except Unsupported as reason:
            reasons[key] = str(reason)
        else:
            fields.append(field)
    if reasons and not fields:
        raise Unsupported(", ".join(dict.fromkeys(reasons.values())))
    return tuple(fields), Split(tuple(by_key), reasons, plan_key) if reasons else None
