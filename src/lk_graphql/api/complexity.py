"""Depth, size and cost of an operation, and the limits on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from graphql import (
    ASTValidationRule,
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
    NoSchemaIntrospectionCustomRule,
    NullValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    ValidationContext,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    is_composite_type,
)
from graphql.validation.validate import ValidationAbortedError

from lk_graphql.api.request_errors import TooComplex
from lk_graphql.planner.declare.connections import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from lk_graphql.planner.documents import Operation
from lk_graphql.planner.untyped import get_named_type, get_nullable_type

# Lists without a size are short and closed (the registers of a meter, the lines of a bill).
DEFAULT_LIST_SIZE = 5
INTROSPECTION_COST = 100
MUTATION_COST = 10


class Complexity(NamedTuple):
    """The size and cost of a selection, fragments included.

    `cost` is in points: one per object that the result may contain. `per_item` is the cost per
    item of the enclosing connection, for lists sized by that connection. `changes` counts the root
    fields of a mutation. `repeats` counts fields with a response key that is already used in the
    selection set, because validation compares such fields in pairs.
    """

    depth: int = 0
    fields: int = 0
    roots: int = 0
    changes: int = 0
    aliases: int = 0
    repeats: int = 0
    directives: int = 0
    cost: int = 0
    per_item: int = 0

    def plus(self, other: "Complexity") -> "Complexity":
        return Complexity(
            max(self.depth, other.depth), *map(sum, zip(self[1:], other[1:], strict=True))
        )

    def times(self, items: int) -> int:
        """The cost for lists of `items` items."""
        return self.cost + items * self.per_item


NO_COMPLEXITY = Complexity()


class ComplexityVisitor:
    """Computes the complexity of a document; `page_of` returns the page size of a variable."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, page_of: Callable[[str], int]
    ) -> None:
        self._schema = schema
        self._page_of = page_of
        self._computed: dict[str, Complexity] = {}
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.page_variables: set[str] = set()
        """Names of the variables in arguments that size a list."""

    def operation(self, node: OperationDefinitionNode) -> Complexity:
        """An operation's complexity. Raises RecursionError for too deeply nested fragments."""
        size = self._set(self._schema.get_root_type(node.operation), node.selection_set)
        changes = size.roots if node.operation is OperationType.MUTATION else 0
        return size._replace(
            changes=changes,
            cost=max(1, size.times(DEFAULT_LIST_SIZE) + MUTATION_COST * changes),
            directives=size.directives + len(node.directives or ()),
        )

    def _set(self, parent: GraphQLNamedType | None, node: SelectionSetNode | None) -> Complexity:
        size = NO_COMPLEXITY
        selections = node.selections if node else ()
        for selection in selections:
            size = size.plus(self._selection(parent, selection))
        keys = [(s.alias or s.name).value for s in selections if isinstance(s, FieldNode)]
        return size._replace(repeats=size.repeats + len(keys) - len(set(keys)))

    def _selection(self, parent: GraphQLNamedType | None, node: SelectionNode) -> Complexity:
        if isinstance(node, FieldNode):
            size = self._field(parent, node)
        elif isinstance(node, FragmentSpreadNode):
            size = self._fragment(node.name.value)
        else:
            condition = getattr(node, "type_condition", None)
            type_ = self._schema.get_type(condition.name.value) if condition else parent
            size = self._set(type_, getattr(node, "selection_set", None))
        return size._replace(directives=size.directives + len(node.directives or ()))

    def _fragment(self, name: str) -> Complexity:
        if name not in self._computed and name in self._fragments:
            self._computed[name] = NO_COMPLEXITY  # ends the recursion of a fragment cycle
            node = self._fragments[name]
            type_ = self._schema.get_type(node.type_condition.name.value)
            self._computed[name] = self._set(type_, node.selection_set)
        return self._computed.get(name, NO_COMPLEXITY)

    def _field(self, parent: GraphQLNamedType | None, node: FieldNode) -> Complexity:
        field = _definition(parent, node.name.value)
        type_ = get_named_type(_type(field)) if field else None
        inner = self._set(type_, node.selection_set)
        cost, per_item = self._cost(field, node, inner)
        return Complexity(
            depth=inner.depth + 1,
            fields=inner.fields + 1,
            roots=1,
            aliases=inner.aliases + (node.alias is not None),
            repeats=inner.repeats,
            directives=inner.directives,
            cost=cost,
            per_item=per_item,
        )

    def _cost(
        self, field: GraphQLField | None, node: FieldNode, inner: Complexity
    ) -> tuple[int, int]:
        """A field's own cost, and its cost per item of the enclosing connection."""
        if field is None:
            return (INTROSPECTION_COST if node.name.value in {"__schema", "__type"} else 0), 0
        if not is_composite_type(get_named_type(_type(field))):
            return 0, 0
        size = self._page(field, node)
        if not isinstance(get_nullable_type(_type(field)), GraphQLList):
            return 1 + inner.times(DEFAULT_LIST_SIZE if size is None else size), 0
        item = 1 + inner.times(DEFAULT_LIST_SIZE)
        return (0, item) if size is None else (size * item, 0)

    def _page(self, field: GraphQLField, node: FieldNode) -> int | None:
        """The requested or default page size; None for a field without sizing arguments."""
        sizing = {name: field.args[name] for name in ("first", "last") if name in field.args}
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
        match value:
            case IntValueNode():
                # int() refuses more than 4,300 digits; six exceed the largest page already
                return page_size(int(value.value[:6]))
            case VariableNode():
                self.page_variables.add(value.name.value)
                return self._page_of(value.name.value)
            case _:
                return MAX_PAGE_SIZE  # validation refuses it later


def page_size(value: object) -> int:
    """The page size to charge: at most the largest page, which also stands for invalid values."""
    match value:
        case int():
            return min(max(value, 0), MAX_PAGE_SIZE)
        case None:
            return DEFAULT_PAGE_SIZE
        case _:
            return MAX_PAGE_SIZE


def _type(field: GraphQLField) -> Any:
    return getattr(field, "type")  # noqa: B009 - pyright finds the attribute's type partly unknown


def _definition(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        return parent.fields.get(name)
    return None


@dataclass(frozen=True)
class ComplexityLimits:
    """Limits of one operation. All but `cost` must admit a full introspection query.

    `changes` is low because each mutation field may hash a password, and they run serially.
    """

    characters: int = 30_000
    tokens: int = 2000
    depth: int = 16
    fields: int = 500
    aliases: int = 50
    repeats: int = 20
    directives: int = 50
    roots: int = 20
    changes: int = 5
    cost: int = 5000

    def check(self, size: Complexity) -> None:
        """Raises `ComplexityExceeded` for the first exceeded limit."""
        for name, value in size._asdict().items():
            if name in _TEXTS and value > getattr(self, name):
                raise _exceeded(name, getattr(self, name))

    def check_text(self, query: str) -> None:
        """Raises `ComplexityExceeded`."""
        if len(query) > self.characters:
            raise _exceeded("characters", self.characters)

    def check_cost(self, points: int) -> None:
        """Raises `ComplexityExceeded`."""
        if points > self.cost:
            raise _exceeded("cost", self.cost)


_TEXTS = {
    "characters": ("число знаков", "the number of its characters"),
    "depth": ("глубина", "its depth"),
    "fields": ("число полей", "the number of its fields"),
    "aliases": ("число псевдонимов", "the number of its aliases"),
    "repeats": ("число повторённых полей", "the number of its repeated fields"),
    "directives": ("число директив", "the number of its directives"),
    "roots": ("число корневых полей", "the number of its root fields"),
    "changes": ("число изменений", "the number of its changes"),
    "cost": ("стоимость", "its cost"),
}


class ComplexityExceeded(TooComplex, ValidationAbortedError):
    """Aborts validation, before rules with quadratic time run."""


def _exceeded(name: str, limit: int) -> ComplexityExceeded:
    ru, en = _TEXTS[name]
    return ComplexityExceeded(
        f"Запрос слишком велик: {ru} больше {limit}.",
        f"The operation is too large: {en} is above {limit}.",
    )


def limits_rule(limits: ComplexityLimits) -> type[ASTValidationRule]:
    """The validation rule to run first. It counts 1 for a page sized by a variable."""

    class LimitsRule(ASTValidationRule):
        context: ValidationContext  # pyright: ignore[reportIncompatibleVariableOverride] - so do graphql-core's own rules

        def enter_document(self, node: DocumentNode, *_: object) -> None:
            visitor = ComplexityVisitor(self.context.schema, node, lambda _: 1)
            try:
                for definition in node.definitions:
                    if isinstance(definition, OperationDefinitionNode):
                        limits.check(visitor.operation(definition))
            except RecursionError:
                raise ComplexityExceeded(
                    "Запрос слишком велик: фрагменты вложены слишком глубоко.",
                    "The operation is too large: its fragments are nested too deeply.",
                ) from None

    return LimitsRule


def validation_rules(
    limits: ComplexityLimits, *, introspection: bool
) -> tuple[type[ASTValidationRule], ...]:
    """The validation rules to run before the standard ones."""
    hidden = () if introspection else (NoSchemaIntrospectionCustomRule,)
    return (limits_rule(limits), *hidden)


class CostEstimator:
    """Computes an operation's cost for given variables; only those that size lists matter."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        node = operation.node
        visitor = ComplexityVisitor(operation.catalog.schema, operation.document, lambda _: 1)
        self._fixed_cost = visitor.operation(node).cost
        self._page_variables = tuple(
            (definition.variable.name.value, _default(definition))
            for definition in node.variable_definitions or ()
            if definition.variable.name.value in visitor.page_variables
        )

    def points(self, variables: Mapping[str, object]) -> int:
        """The cost in points, for variables that are not yet coerced."""
        if not self._page_variables:
            return self._fixed_cost
        pages = (page_size(variables.get(name, default)) for name, default in self._page_variables)
        return self._with_pages(tuple(pages))

    @cached_property
    def _with_pages(self) -> Callable[[tuple[int, ...]], int]:
        return lru_cache(20)(self._computed)

    def _computed(self, pages: tuple[int, ...]) -> int:
        names = (name for name, _ in self._page_variables)
        by_name = dict(zip(names, pages, strict=True))
        operation = self._operation
        visitor = ComplexityVisitor(
            operation.catalog.schema,
            operation.document,
            lambda name: by_name.get(name, MAX_PAGE_SIZE),
        )
        return visitor.operation(operation.node).cost


def _default(definition: VariableDefinitionNode) -> int | None:
    value = definition.default_value
    return int(value.value[:6]) if isinstance(value, IntValueNode) else None
