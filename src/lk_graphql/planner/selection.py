"""The tree of selected fields of an operation.

Fragments are expanded, repeated fields are merged, and @skip and @include are applied. The result
has the fields that graphql-core would execute, each with its declared source.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    NamedTypeNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from lk_graphql.kit import ids
from lk_graphql.planner.catalog import (
    Catalog,
    Unsupported,
    declared_source,
    source_of,
    type_declaration,
)
from lk_graphql.planner.declare.filters import WHERE
from lk_graphql.planner.declare.sources import NodeSource, NodesSource, Source, TypeDeclaration
from lk_graphql.planner.documents import (
    FLAG,
    ID,
    KEYS,
    NO_VARIABLES,
    PRESENCE,
    Constraint,
    Operation,
    PlanKey,
    variables_in,
)
from lk_graphql.planner.untyped import (
    coerce_input_literal,
    get_named_type,
    get_nullable_type,
    type_of,
)

NO_KEYS = frozenset[str]()
Read = Callable[[VariableValues], object]
"""Reads an argument's value from the request's variables."""


@dataclass(frozen=True)
class Argument:
    """An argument, from the document, its variables or the schema's default."""

    read: Read
    is_present: bool
    """True if the argument is present and not null under this plan key (only for constraints)."""
    keys: frozenset[str] = NO_KEYS
    """The fields that are present in an input object."""


def argument_reader(definition: GraphQLArgument, node: ValueNode | None) -> Read:
    """A function that reads the argument's value; of the AST it keeps only `node`."""
    type_ = type_of(definition)
    if node is None:
        return _always(definition.default_value)
    if isinstance(node, VariableNode):
        return _variable(node.name.value, definition.default_value)
    if not variables_in(node):
        return _always(coerce_input_literal(node, type_, NO_VARIABLES, None))
    return lambda variables: _without_undefined(coerce_input_literal(node, type_, variables, None))


def _variable(name: str, default: object) -> Read:
    return lambda variables: _without_undefined(variables.coerced.get(name, default))


def _always(value: object) -> Read:
    constant = _without_undefined(value)
    return lambda _: constant


def _without_undefined(value: object) -> object:
    return None if value is Undefined else value


@dataclass(frozen=True)
class Variant:
    """The selected fields for one concrete type of an object."""

    type: GraphQLObjectType
    fields: tuple["SelectedField", ...]

    @property
    def declared(self) -> TypeDeclaration:
        declaration = type_declaration(self.type)
        if declaration is None:
            raise Unsupported(f"{self.type.name}, which has no declaration")
        return declaration


@dataclass(frozen=True)
class SelectedField:
    """A field under its response key; an object has a variant for each possible type."""

    key: str
    name: str
    type: Any
    many: bool = False
    source: Source | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    variants: tuple[Variant, ...] = ()

    @property
    def only(self) -> Variant:
        """The variant of a field whose type is concrete."""
        (variant,) = self.variants
        return variant


def selector(
    operation: Operation, plan_key: PlanKey, document: DocumentNode | None = None
) -> "Selector":
    """A selector for one of the operation's ASTs, by default the one without locations."""
    fragments = {
        node.name.value: node
        for node in (document or operation.document).definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return Selector(operation.catalog, fragments, dict(plan_key))


@dataclass(frozen=True)
class Selector:
    """Selects the fields of one operation under one plan key.

    The plan key is the only part of a request that the compiler receives, so no other value can get
    into the SQL.
    """

    catalog: Catalog
    fragments: Mapping[str, FragmentDefinitionNode]
    constraints: Mapping[Constraint, object]

    @property
    def schema(self) -> GraphQLSchema:
        return self.catalog.schema

    def select(
        self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]
    ) -> tuple[SelectedField, ...]:
        by_key = self.nodes(parent, sets)
        return tuple(self.field(parent, key, nodes) for key, nodes in by_key.items())

    def nodes(
        self, parent: GraphQLObjectType, sets: Iterable[SelectionSetNode | None]
    ) -> dict[str, list[FieldNode]]:
        """The AST nodes for each response key of an object."""
        nodes: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()
        for selection_set in filter(None, sets):
            self._collect(parent, selection_set, nodes, visited)
        return nodes

    def _collect(
        self,
        parent: GraphQLObjectType,
        selection_set: SelectionSetNode,
        nodes: dict[str, list[FieldNode]],
        visited: set[str],
    ) -> None:
        for node in filter(self._is_included, selection_set.selections):
            if isinstance(node, FieldNode):
                nodes.setdefault((node.alias or node.name).value, []).append(node)
                continue
            fragment: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in visited:  # one visit suffices; keeps the work linear
                    continue
                visited.add(node.name.value)
                fragment = self.fragments[node.name.value]
            if self._applies(fragment.type_condition, parent):
                self._collect(parent, fragment.selection_set, nodes, visited)

    def _is_included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            for condition in directive.arguments or ():  # `if` is the only one
                if self._flag(condition.value) is (directive.name.value == "skip"):
                    return False
        return True

    def _flag(self, value: ValueNode) -> bool:
        if isinstance(value, BooleanValueNode):
            return value.value
        flag = self.constraints[FLAG, value.name.value] if isinstance(value, VariableNode) else None
        if not isinstance(flag, bool):
            raise Unsupported("a null in @skip or @include")
        return flag

    def _applies(self, condition: NamedTypeNode | None, parent: GraphQLObjectType) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        type_: Any = self.schema.type_map[condition.name.value]
        return is_abstract_type(type_) and self.schema.is_sub_type(type_, parent)

    def field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> SelectedField:
        name = nodes[0].name.value
        if name == "__typename":
            return SelectedField(key, name, parent)
        if name.startswith("__"):
            raise Unsupported("introspection")
        definition = parent.fields[name]
        source = source_of(definition)
        arguments = {n: self._argument(n, a, nodes[0]) for n, a in definition.args.items()}
        named = get_named_type(definition.type)
        sets = [node.selection_set for node in nodes]
        types = self.types(definition, nodes[0])
        variants = tuple(Variant(type_, self.select(type_, sets)) for type_ in types)
        many = isinstance(get_nullable_type(definition.type), GraphQLList)
        return SelectedField(key, name, named, many, source, arguments, variants)

    def types(self, definition: GraphQLField, node: FieldNode) -> list[GraphQLObjectType]:
        """The possible types of the field's object; for ids, those of their prefixes."""
        named = get_named_type(type_of(definition))
        match declared_source(definition):
            case NodeSource():
                prefixes = self._prefixes(_value_of(node, "id"))
            case NodesSource():
                prefixes = self._prefixes(_value_of(node, "ids"))
            case _:
                if isinstance(named, GraphQLObjectType):
                    return [named]
                return list(self.schema.get_possible_types(named)) if _abstract(named) else []
        nodes = self.catalog.node_types
        types = [nodes[prefix] for prefix in sorted(prefixes) if prefix in nodes]
        return types if _abstract(named) else [type_ for type_ in types if type_ is named]

    def _prefixes(self, value: ValueNode | None) -> frozenset[str]:
        match value:
            case VariableNode():
                prefixes: Any = self.constraints[ID, value.name.value]
                return prefixes
            case ListValueNode():
                return frozenset[str]().union(*map(self._prefixes, value.values))
            case StringValueNode():
                return frozenset({ids.prefix_of(value.value)})
            case _:
                return frozenset()

    def _argument(self, name: str, definition: GraphQLArgument, field: FieldNode) -> Argument:
        value = _value_of(field, name)
        read = argument_reader(definition, value)
        if value is None:
            return Argument(read, definition.default_value not in (None, Undefined))
        return Argument(read, self._is_present(value), self._keys(name, value))

    def _is_present(self, value: ValueNode) -> bool:
        if isinstance(value, VariableNode):
            return bool(self.constraints.get((PRESENCE, value.name.value)))
        return value.kind != "null_value"

    def _keys(self, argument: str, value: ValueNode) -> frozenset[str]:
        match value:
            case VariableNode() if argument == WHERE:
                keys: Any = self.constraints[KEYS, value.name.value]
                return keys
            case ObjectValueNode():
                return frozenset(
                    field.name.value for field in value.fields if self._is_present(field.value)
                )
            case _:
                return NO_KEYS


def _value_of(field: FieldNode, argument: str) -> ValueNode | None:
    values = (node.value for node in field.arguments or () if node.name.value == argument)
    return next(values, None)


def _abstract(named: Any) -> bool:
    return is_abstract_type(named)
