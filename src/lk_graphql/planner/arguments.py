"""Validation of arguments: page sizes, cursors, filters, numbers of ids, nulls.

An invalid argument refuses the whole request, before it is executed. An error during the execution
would make `viewer` null in the result, which clients and their caches interpret as a guest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLObjectType, SelectionSetNode
from graphql.execution.values import VariableValues

from lk_graphql.kit.errors import BadArgument
from lk_graphql.planner.catalog import Unsupported, declared_source, type_declaration
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.filters import WHERE, validate
from lk_graphql.planner.declare.sources import (
    ConnectionSource,
    Filters,
    NodesSource,
    RelationSource,
)
from lk_graphql.planner.declare.tables import field as model_field
from lk_graphql.planner.documents import InvalidDocument, Operation, argument_values
from lk_graphql.planner.selection import Selector, selector
from lk_graphql.planner.sql.cursors import ordering
from lk_graphql.planner.untyped import get_named_type

Path = tuple[str, ...]


def require_valid_arguments(operation: Operation, variables: VariableValues) -> None:
    """Raises `InvalidDocument` with an error for each refused argument.

    Nothing is executed, so the path of an error has response keys and no positions in lists.
    """
    document = operation.located
    node = operation.node_in(document)
    root = operation.catalog.schema.get_root_type(node.operation)
    if root is None:
        return
    check = _ArgumentCheck(selector(operation, operation.plan_key(variables), document), variables)
    try:
        errors = [*check.errors(root, [node.selection_set], ())]
    except Unsupported as reason:
        errors = [GraphQLError(f"The operation has {reason}.")]
    if errors:
        raise InvalidDocument(errors)


@dataclass(frozen=True)
class _ArgumentCheck:
    """Checks every field that an execution could reach, whatever rows it would read."""

    selector: Selector
    variables: VariableValues

    def errors(
        self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode | None], path: Path
    ) -> Iterator[GraphQLError]:
        for key, nodes in self.selector.nodes(parent, sets).items():
            definition: Any = parent.fields.get(nodes[0].name.value)
            if definition is None:  # `__typename` and introspection
                continue
            error = self._error(definition, nodes, (*path, key))
            if error is not None:
                yield error
                continue
            inner_sets = [node.selection_set for node in nodes]
            for type_ in self.selector.types(definition, nodes[0]):
                yield from self.errors(type_, inner_sets, (*path, key))

    def _error(self, definition: Any, nodes: list[FieldNode], path: Path) -> GraphQLError | None:
        if not definition.args:
            return None
        try:
            _require_valid(definition, argument_values(definition, nodes[0], self.variables))
        except BadArgument as refused:
            return GraphQLError(str(refused), nodes, path=path, original_error=refused)
        except GraphQLError as invalid:
            return GraphQLError(invalid.message, invalid.nodes or nodes, path=path)
        return None


def _require_valid(definition: Any, values: Mapping[str, Any]) -> None:
    """Raises `BadArgument` for values that the field's plan would refuse when it is bound."""
    match declared_source(definition):
        case ConnectionSource() as source:
            _require_page(definition, source, values)
        case RelationSource() as source:
            if source.accepts_first:
                connections.page_size(values["first"])
            _require_filters(get_named_type(definition.type), source.filters, values)
        case NodesSource():
            connections.require_few_ids(values["ids"])
        case _:
            pass


def _require_page(definition: Any, source: ConnectionSource, values: Mapping[str, Any]) -> None:
    request = connections.page_request(
        values.get("first"), values.get("after"), values.get("last"), values.get("before")
    )
    item_type = get_named_type(get_named_type(definition.type).fields["nodes"].type)
    declared: Any = type_declaration(item_type)
    by = ordering(model_field(declared.model, source.by.removeprefix("-")))
    for cursor in (request.after, request.before):
        if cursor is not None:
            by.position(cursor)
    _require_filters(item_type, source.filters, values)


def _require_filters(type_: Any, filters: Filters, values: Mapping[str, Any]) -> None:
    where: Mapping[str, Any] = values.get(WHERE) or {}
    for filter_ in filters:
        if where.get(filter_.public) is not None:
            declared: Any = type_declaration(type_)
            validate(declared.model, filter_, where[filter_.public])
