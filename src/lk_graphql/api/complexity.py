"""The size of a document and the cost of its operations, computed in linear time."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, cast

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    TypeMetaFieldDef,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    is_composite_type,
)

from lk_graphql.planner.declare.connections import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from lk_graphql.planner.untyped import get_named_type, get_nullable_type

# Lists without a size argument are short (the registers of a meter, the lines of a bill).
DEFAULT_LIST_SIZE = 5
MUTATION_COST = 10
_SIZING_ARGUMENTS = ("first", "last", "ids")
_INTROSPECTION = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


class Complexity(NamedTuple):
    """The size and cost of a selection; a fragment counts at each of its spreads.

    `cost` is in points: one per object that the result may contain, and one per scalar under an
    alias, because a name can be selected only once, but under any number of aliases. `per_item` is
    the cost per item of the enclosing connection, for lists sized by that connection. `changes`
    counts the root fields of a mutation, `spreads` fragment spreads and inline fragments. `values`
    counts the values of arguments, including all values inside lists and objects.
    """

    depth: int = 0
    fields: int = 0
    roots: int = 0
    changes: int = 0
    aliases: int = 0
    spreads: int = 0
    arguments: int = 0
    values: int = 0
    variables: int = 0
    directives: int = 0
    cost: int = 0
    per_item: int = 0

    def times(self, items: int) -> int:
        """The cost for lists of `items` items."""
        return self.cost + items * self.per_item

    @property
    def elements(self) -> int:
        """The number of all elements that validation and the compiler visit."""
        selected = self.fields + self.spreads + self.arguments + self.values
        return selected + self.variables + self.directives


NO_COMPLEXITY = Complexity()


def total(sizes: Collection[Complexity]) -> Complexity:
    """The complexity of several selections together."""
    if not sizes:
        return NO_COMPLEXITY
    depths, *counts = zip(*sizes, strict=True)
    return Complexity(max(depths), *map(sum, counts))


class ComplexityVisitor:
    """Computes the complexity of a document; `page_of` returns the page size of a variable.

    Visits each fragment once, however often it is spread.
    """

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, page_of: Callable[[str], int]
    ) -> None:
        self._schema = schema
        self._page_of = page_of
        self._computed: dict[str, Complexity] = {}
        self._in_progress: set[str] = set()
        self.fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.page_variables: set[str] = set()
        """Names of the variables in arguments that size a list."""
        self.cyclic_spreads: set[int] = set()
        """The ids of spreads inside their own fragment; these count as empty."""

    def operation(self, node: OperationDefinitionNode) -> Complexity:
        """An operation's complexity. Raises RecursionError for too deeply nested fragments."""
        size = self._set(self._schema.get_root_type(node.operation), node.selection_set)
        changes = size.roots if node.operation is OperationType.MUTATION else 0
        cost = max(1, size.times(DEFAULT_LIST_SIZE) + MUTATION_COST * changes)
        return total([size._replace(changes=changes, cost=cost, per_item=0), _head(node)])

    def unused_fragments(self) -> Mapping[str, Complexity]:
        """The complexity of fragments that no operation has used so far; they are validated too."""
        return {name: self._fragment(name) for name in self.fragments if name not in self._computed}

    def _set(self, parent: GraphQLNamedType | None, node: SelectionSetNode | None) -> Complexity:
        if node is None:
            return NO_COMPLEXITY
        return total([self._selection(parent, selection) for selection in node.selections])

    def _selection(self, parent: GraphQLNamedType | None, node: SelectionNode) -> Complexity:
        if isinstance(node, FieldNode):
            return self._field(parent, node)
        if isinstance(node, FragmentSpreadNode):
            size = self._spread(node)
        else:
            condition = getattr(node, "type_condition", None)
            type_ = self._schema.get_type(condition.name.value) if condition else parent
            size = self._set(type_, getattr(node, "selection_set", None))
        return total(
            [size._replace(spreads=size.spreads + 1), *map(_directive, node.directives or ())]
        )

    def _spread(self, node: FragmentSpreadNode) -> Complexity:
        name = node.name.value
        if name in self._in_progress:
            self.cyclic_spreads.add(id(node))
            return NO_COMPLEXITY
        return self._fragment(name)

    def _fragment(self, name: str) -> Complexity:
        if name not in self._computed and name in self.fragments:
            self._in_progress.add(name)
            node = self.fragments[name]
            type_ = self._schema.get_type(node.type_condition.name.value)
            self._computed[name] = self._set(type_, node.selection_set)
            self._in_progress.remove(name)
        return self._computed.get(name, NO_COMPLEXITY)

    def _field(self, parent: GraphQLNamedType | None, node: FieldNode) -> Complexity:
        field = _definition(parent, node.name.value)
        type_ = get_named_type(_type(field)) if field else None
        inner = self._set(type_, node.selection_set)
        cost, per_item = self._cost(field, node, inner)
        if node.arguments or node.directives:
            arguments = map(_argument, node.arguments or ())
            inner = total([inner, *arguments, *map(_directive, node.directives or ())])
        return inner._replace(
            depth=inner.depth + 1,
            fields=inner.fields + 1,
            roots=1,
            aliases=inner.aliases + (node.alias is not None),
            cost=cost,
            per_item=per_item,
        )

    def _cost(
        self, field: GraphQLField | None, node: FieldNode, inner: Complexity
    ) -> tuple[int, int]:
        """A field's own cost, and its cost per item of the enclosing connection."""
        if field is None or not is_composite_type(get_named_type(_type(field))):
            return (0 if node.alias is None else 1), 0
        size = self._page(field, node)
        if not isinstance(get_nullable_type(_type(field)), GraphQLList):
            return 1 + inner.times(DEFAULT_LIST_SIZE if size is None else size), 0
        item = 1 + inner.times(DEFAULT_LIST_SIZE)
        return (0, item) if size is None else (size * item, 0)

    def _page(self, field: GraphQLField, node: FieldNode) -> int | None:
        """The requested or default page size; None for a field without sizing arguments."""
        sizing = {name: field.args[name] for name in _SIZING_ARGUMENTS if name in field.args}
        requested = [
            self._number(argument.value)
            for argument in node.arguments or ()
            if argument.name.value in sizing and not isinstance(argument.value, NullValueNode)
        ]
        if requested or not sizing:
            return max(requested, default=None)
        defaults = [argument.default_value for argument in sizing.values()]
        return max(size if isinstance(size, int) else 0 for size in defaults) or DEFAULT_PAGE_SIZE

    def _number(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            self.page_variables.add(value.name.value)
            return self._page_of(value.name.value)
        return literal_size(value)


def literal_size(value: ValueNode | None) -> int:
    """The page size to charge for a literal, or for a variable without a default value."""
    match value:
        case None | NullValueNode():
            return page_size(None)
        case IntValueNode():
            # int() refuses more than 4,300 digits; six already exceed the largest page
            return page_size(int(value.value[:6]))
        case StringValueNode():
            return page_size(value.value)
        case ListValueNode():
            return page_size(len(value.values))
        case _:
            return MAX_PAGE_SIZE  # validation refuses it later


def page_size(value: object) -> int:
    """The page size to charge: at most that of the largest page, which invalid values also cost.

    A list is the ids of a page; GraphQL accepts a single id for it.
    """
    match value:
        case int():
            return min(max(value, 0), MAX_PAGE_SIZE)
        case list():
            return min(len(cast("list[object]", value)), MAX_PAGE_SIZE)
        case str():
            return 1
        case None:
            return DEFAULT_PAGE_SIZE
        case _:
            return MAX_PAGE_SIZE


def _type(field: GraphQLField) -> Any:
    return getattr(field, "type")  # noqa: B009 - pyright finds the attribute's type partly unknown


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if name in _INTROSPECTION:
        return _INTROSPECTION[name]
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return parent.fields.get(name)
    return None


def _head(node: OperationDefinitionNode) -> Complexity:
    """The variables and directives of an operation."""
    return total(
        [
            *map(_directive, node.directives or ()),
            *map(_variable, node.variable_definitions or ()),
        ]
    )


def _variable(node: VariableDefinitionNode) -> Complexity:
    size = Complexity(variables=1, values=count_values(node.default_value))
    return total([size, *map(_directive, node.directives or ())])


def _directive(node: DirectiveNode) -> Complexity:
    return total([Complexity(directives=1), *map(_argument, node.arguments or ())])


def _argument(node: ArgumentNode) -> Complexity:
    return Complexity(arguments=1, values=count_values(node.value))


def count_values(value: ValueNode | None) -> int:
    """The number of values in a literal, including the literal itself."""
    pending: list[ValueNode] = [] if value is None else [value]
    for item in pending:
        if isinstance(item, ListValueNode):
            pending.extend(item.values)
        elif isinstance(item, ObjectValueNode):
            pending.extend(field.value for field in item.fields)
    return len(pending)
