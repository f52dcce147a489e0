"""Parsed and validated documents, their operations, and the keys of their plans."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from sys import getsizeof
from typing import cast

from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_operation_ast,
    get_variable_values,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.execution.values import VariableValues

from lk_graphql.kit import ids
from lk_graphql.planner.catalog import Catalog

Constraint = tuple[str, str]
"""What about a variable decides which statement it is, and the variable's name."""
PlanKey = tuple[tuple[Constraint, object], ...]

MAX_ERRORS = 5
FLAG = "flag"
"""Whether it is true, for @skip and @include."""
PRESENCE = "given"
"""Whether it is there and not null."""
ID = "id"
"""The prefixes of its ids."""
KEYS = "keys"
"""The fields of an input object that are there and not null."""
_CONSTRAINING_ARGUMENTS = {
    **dict.fromkeys(("first", "after", "last", "before"), PRESENCE),
    **dict.fromkeys(("id", "ids"), ID),
    "where": KEYS,
}


class InvalidDocument(Exception):
    """The client's document or variables are wrong."""

    def __init__(self, errors: Iterable[GraphQLError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(error.message for error in self.errors))


@dataclass(frozen=True, eq=False)
class Operation:
    """A valid operation; it is its own cache key.

    A thousand of these may be remembered, so they keep the text and no tree: it is parsed again
    where a plan is compiled (`parse`) or graphql-core runs the operation (`parse_located`).
    """

    catalog: Catalog
    text: str
    kind: str
    """`query`, `mutation` or `subscription`."""
    name: str | None
    parse: Callable[[str], DocumentNode]
    parse_located: Callable[[str], DocumentNode]

    @property
    def weight(self) -> int:
        """Bytes, about: of the text and of what was read from it."""
        return getsizeof(self.text) + 1024

    @property
    def document(self) -> DocumentNode:
        """The tree without locations; nodes of it may be kept."""
        return self.parse(self.text)

    @property
    def located(self) -> DocumentNode:
        """The tree with locations, for graphql-core and for errors."""
        return self.parse_located(self.text)

    @property
    def node(self) -> OperationDefinitionNode:
        return self.node_in(self.document)

    def node_in(self, document: DocumentNode) -> OperationDefinitionNode:
        """Find the operation in one of its trees."""
        return cast("OperationDefinitionNode", get_operation_ast(document, self.name))

    def coerce(self, given: Mapping[str, object]) -> VariableValues:
        """The variables as the schema's types understand them; raises `InvalidDocument`."""
        return self._coerced(given) if given else self._defaults

    @cached_property
    def _variables(self) -> Sequence[VariableDefinitionNode]:
        return self.node.variable_definitions or ()

    @cached_property
    def _defaults(self) -> VariableValues:
        return self._coerced({})

    def _coerced(self, given: Mapping[str, object]) -> VariableValues:
        values = self._values(self._variables, given)
        if isinstance(values, VariableValues):
            return values
        located = self.node_in(self.located).variable_definitions or ()
        raise InvalidDocument(cast("list[GraphQLError]", self._values(located, given)))

    def _values(
        self, definitions: Sequence[VariableDefinitionNode], given: Mapping[str, object]
    ) -> list[GraphQLError] | VariableValues:
        return get_variable_values(
            self.catalog.schema, definitions, dict(given), MAX_ERRORS, hide_suggestions=True
        )

    def plan_key(self, variables: VariableValues) -> PlanKey:
        """All that the statement's text depends on besides the document."""
        if not self._constraints:
            return ()
        found = variables.coerced
        return tuple([(s, self._position(s[0], found.get(s[1]))) for s in self._constraints])

    def _position(self, kind: str, value: object) -> object:
        match kind:
            case "flag":
                return value
            case "given":
                return value is not None
            case "keys":
                keys = cast("dict[str, object]", value or {})
                return frozenset(key for key, one in keys.items() if one is not None)
            case _:
                many = cast("list[object]", value) if isinstance(value, list) else [value]
                return frozenset(map(self._prefix, many))

    def _prefix(self, public: object) -> str:
        """Prefixes that no type has count as one, or strangers could fill the cache."""
        prefix = ids.prefix_of(public)
        return prefix if prefix in self.catalog.nodes else ""

    @cached_property
    def _constraints(self) -> tuple[Constraint, ...]:
        if not self.node.variable_definitions:
            return ()
        finder = _ConstraintFinder()
        visit(self.document, finder)
        return tuple(sorted(finder.found))


NO_VARIABLES = VariableValues({}, {})


class _ConstraintFinder(Visitor):
    """Finds the variables on which a statement's text depends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[Constraint] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            self.found |= {(FLAG, name) for name in variables_in(argument.value)}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for argument in node.arguments or ():
            self.found |= set(_constraints_of(argument))


def _constraints_of(argument: ArgumentNode) -> Iterable[Constraint]:
    kind = _CONSTRAINING_ARGUMENTS.get(argument.name.value)
    if kind == KEYS and isinstance(argument.value, ObjectValueNode):
        kind = PRESENCE  # the document has the keys, variables only their values
    return ((kind, name) for name in variables_in(argument.value)) if kind else ()


def variables_in(value: ValueNode) -> set[str]:
    """The variables that a value names, by itself or in lists and objects."""
    match value:
        case VariableNode():
            return {value.name.value}
        case ListValueNode():
            return {name for one in value.values for name in variables_in(one)}
        case ObjectValueNode():
            return {name for one in value.fields for name in variables_in(one.value)}
        case _:
            return set()


Rule = type[ASTValidationRule]
PARSED_DOCUMENTS = 20
"""How many trees are cached: one takes the memory of twenty of its text."""
LOCATED_AT_HAND = 5
"""The same with locations, which take as much again."""


class Documents:
    """Reads documents, and reads them again where more is asked of them than is remembered.

    `rules` are asked before the standard ones: they refuse documents that would make those slow.
    """

    def __init__(
        self, catalog: Catalog, rules: Sequence[Rule] = (), max_tokens: int | None = None
    ) -> None:
        self._catalog = catalog
        self._rules = rules
        self._most_tokens = max_tokens
        self._bare = lru_cache(PARSED_DOCUMENTS)(self._parsed)
        self._located = lru_cache(LOCATED_AT_HAND)(self._parsed_with_locations)
        self._demand_valid = lru_cache(PARSED_DOCUMENTS)(self._validated)

    def valid(self, text: str, name: str | None) -> Operation:
        """The operation to run; raises `InvalidDocument`."""
        self._demand_valid(text)
        return self.operation(text, name)

    def operation(self, text: str, name: str | None = None) -> Operation:
        """The same of a document that need not be valid."""
        node = get_operation_ast(self._bare(text), name)
        if node is None:
            raise InvalidDocument([GraphQLError("Name one of the document's operations.")])
        found = node.name.value if node.name else None
        return Operation(
            self._catalog, text, node.operation.value, found, self._bare, self._located
        )

    def _parsed(self, text: str) -> DocumentNode:
        try:
            return parse(text, no_location=True, max_tokens=self._most_tokens)
        except GraphQLError as error:
            raise InvalidDocument([error]) from error

    def _parsed_with_locations(self, text: str) -> DocumentNode:
        return parse(text, max_tokens=self._most_tokens)

    def _validated(self, text: str) -> None:
        document = self._bare(text)
        for rules in (self._rules, specified_rules):
            if self._errors(document, rules):
                raise InvalidDocument(self._errors(self._located(text), rules))

    def _errors(self, document: DocumentNode, rules: Sequence[Rule]) -> list[GraphQLError]:
        return validate(self._catalog.schema, document, rules, MAX_ERRORS, hide_suggestions=True)
