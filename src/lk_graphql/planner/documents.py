"""Parsed and validated documents, their operations, and the keys of their plans."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from operator import attrgetter
from sys import getsizeof
from typing import Any, cast

from cachetools import LRUCache
from graphql import (
    ArgumentNode,
    ASTValidationRule,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
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
from strawberry.types.base import StrawberryMaybe, StrawberryOptional

from lk_graphql.kit import ids
from lk_graphql.kit.errors import BadArgument
from lk_graphql.planner.catalog import DEFINITION, Catalog
from lk_graphql.planner.untyped import get_argument_values, get_named_type

Constraint = tuple[str, str]
"""A property of a variable on which the SQL text depends, and the variable's name."""
PlanKey = tuple[tuple[Constraint, object], ...]
"""The values of an operation's constraints in one request."""

MAX_ERRORS = 5
FLAG = "flag"
"""The variable's Boolean value, for @skip and @include."""
PRESENCE = "presence"
"""Whether the variable is present and not null."""
ID = "id"
"""The prefixes of the variable's ids."""
KEYS = "keys"
"""The fields of an input object that are present and not null."""
_CONSTRAINING_ARGUMENTS = {
    **dict.fromkeys(("first", "after", "last", "before"), PRESENCE),
    **dict.fromkeys(("id", "ids"), ID),
    "where": KEYS,
}


class InvalidDocument(Exception):
    """The client's document or variables are invalid."""

    def __init__(self, errors: Iterable[GraphQLError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(error.message for error in self.errors))


@dataclass(frozen=True, eq=False)
class Operation:
    """A valid operation, hashed by identity as a cache key.

    Caches hold about a thousand of these, so an operation keeps its text and no AST. The text is
    parsed again when an AST is needed (`document`, `located`).
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
        """Approximate size in bytes, including the values derived from the text."""
        return getsizeof(self.text) + 1024

    @property
    def document(self) -> DocumentNode:
        """The AST without locations, for the compiler, which may keep its nodes."""
        return self.parse(self.text)

    @property
    def located(self) -> DocumentNode:
        """The AST with locations, for graphql-core and for errors."""
        return self.parse_located(self.text)

    @property
    def node(self) -> OperationDefinitionNode:
        return self.node_in(self.document)

    @cached_property
    def root_fields(self) -> frozenset[str]:
        """The names of the fields at the root, without those in fragments."""
        selections = self.node.selection_set.selections
        return frozenset(node.name.value for node in selections if isinstance(node, FieldNode))

    def node_in(self, document: DocumentNode) -> OperationDefinitionNode:
        """The operation's node in one of its ASTs."""
        return cast("OperationDefinitionNode", get_operation_ast(document, self.name))

    def coerce(self, raw: Mapping[str, object]) -> VariableValues:
        """Coerce the variables to the schema's types. Raises `InvalidDocument`."""
        return self._coerced(raw) if raw else self._defaults

    @cached_property
    def _variables(self) -> Sequence[VariableDefinitionNode]:
        return self.node.variable_definitions or ()

    @cached_property
    def _defaults(self) -> VariableValues:
        return self._coerced({})

    def _coerced(self, raw: Mapping[str, object]) -> VariableValues:
        values = self._values(self._variables, raw)
        if isinstance(values, VariableValues):
            return values
        definitions = self.node_in(self.located).variable_definitions or ()
        raise InvalidDocument(cast("list[GraphQLError]", self._values(definitions, raw)))

    def _values(
        self, definitions: Sequence[VariableDefinitionNode], raw: Mapping[str, object]
    ) -> list[GraphQLError] | VariableValues:
        return get_variable_values(
            self.catalog.schema, definitions, dict(raw), MAX_ERRORS, hide_suggestions=True
        )

    def plan_key(self, variables: VariableValues) -> PlanKey:
        """The values on which the SQL text depends besides the document."""
        if not self._constraints:
            return ()
        values = variables.coerced
        return tuple(
            ((kind, name), self._value(kind, values.get(name))) for kind, name in self._constraints
        )

    def _value(self, kind: str, value: object) -> object:
        match kind:
            case "flag":
                return value
            case "presence":
                return value is not None
            case "keys":
                fields = cast("dict[str, object]", value or {})
                return frozenset(key for key, value in fields.items() if value is not None)
            case _:
                ids_ = cast("list[object]", value) if isinstance(value, list) else [value]
                return frozenset(map(self._prefix, ids_))

    def _prefix(self, public_id: object) -> str:
        """The prefix of an id, with one value for all unknown prefixes.

        Otherwise clients could fill the cache with plans.
        """
        prefix = ids.prefix_of(public_id)
        return prefix if prefix in self.catalog.nodes else ""

    @cached_property
    def _constraints(self) -> tuple[Constraint, ...]:
        if not self.node.variable_definitions:
            return ()
        finder = _ConstraintFinder()
        visit(self.document, finder)
        return tuple(sorted(finder.constraints))


NO_VARIABLES = VariableValues({}, {})


class _ConstraintFinder(Visitor):
    """Collects the variables that the SQL text depends on."""

    def __init__(self) -> None:
        super().__init__()
        self.constraints: set[Constraint] = set()

    def enter_directive(self, node: DirectiveNode, *_: object) -> None:
        for argument in node.arguments or ():
            self.constraints |= {(FLAG, name) for name in variables_in(argument.value)}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        for argument in node.arguments or ():
            self.constraints |= set(_constraints_of(argument))


def _constraints_of(argument: ArgumentNode) -> Iterable[Constraint]:
    kind = _CONSTRAINING_ARGUMENTS.get(argument.name.value)
    if kind == KEYS and isinstance(argument.value, ObjectValueNode):
        kind = PRESENCE  # the document fixes the keys; variables supply only values
    return ((kind, name) for name in variables_in(argument.value)) if kind else ()


def variables_in(value: ValueNode) -> set[str]:
    """The names of the variables in a value, including lists and objects."""
    match value:
        case VariableNode():
            return {value.name.value}
        case ListValueNode():
            return {name for item in value.values for name in variables_in(item)}
        case ObjectValueNode():
            return {name for item in value.fields for name in variables_in(item.value)}
        case _:
            return set()


def argument_values(definition: Any, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
    """The arguments of a field, coerced by graphql-core. Raises `GraphQLError`.

    Raises `BadArgument` for a null in a field of type `Maybe[T]`, which may be absent but not null.
    Strawberry refuses the null too, but its message names Python's types and not the field.
    """
    values = get_argument_values(definition, node, variables, hide_suggestions=True)
    for name, argument in definition.args.items():
        for path in _nulls(argument.type, values.get(name), (name,)):
            raise BadArgument(f"`{'.'.join(path)}` can't be null: omit it, or pass a value.")
    return values


def _nulls(type_: Any, value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, list):
        for number, item in enumerate(cast("list[Any]", value)):
            yield from _nulls(type_, item, (*path, str(number)))
    elif isinstance(input_type := get_named_type(type_), GraphQLInputObjectType):
        fields: Mapping[str, Any] = value or {}
        for name, inner in fields.items():
            field = input_type.fields[name]
            if inner is None and not _accepts_null(field):
                yield (*path, name)
            yield from _nulls(field.type, inner, (*path, name))


def _accepts_null(field: Any) -> bool:
    type_ = field.extensions[DEFINITION].type
    return not isinstance(type_, StrawberryMaybe) or isinstance(type_.of_type, StrawberryOptional)


Rule = type[ASTValidationRule]
PARSED_DOCUMENTS = 20
"""Cached ASTs; an AST takes about 20 times the memory of its source."""
LOCATED_TOKENS = 20_000
"""The total size of documents whose ASTs with locations are cached. Such an AST takes about twice
the memory of one without locations."""


class Documents:
    """Parses and validates documents, with a small cache of ASTs.

    `rules` run with the standard validation rules.
    """

    def __init__(
        self, catalog: Catalog, rules: Sequence[Rule] = (), max_tokens: int | None = None
    ) -> None:
        self._catalog = catalog
        self._rules = (*rules, *specified_rules)
        self._max_tokens = max_tokens
        self._bare = lru_cache(PARSED_DOCUMENTS)(partial(self._parsed, no_location=True))
        self._located_cache = LRUCache[str, DocumentNode](
            LOCATED_TOKENS, getsizeof=attrgetter("token_count")
        )
        self._require_valid = lru_cache(PARSED_DOCUMENTS)(self._validated)

    def parse(self, text: str) -> DocumentNode:
        """The AST with locations, for `valid` to validate. Raises `InvalidDocument`."""
        return self._located(text)

    def has_parsed(self, text: str) -> bool:
        """Whether the cache of `parse` holds the document."""
        return text in self._located_cache

    def valid(self, text: str, name: str | None) -> Operation:
        """The operation to execute. Raises `InvalidDocument`."""
        self._require_valid(text)
        return self.operation(text, name)

    def operation(self, text: str, name: str | None = None) -> Operation:
        """The operation without validation. Raises `InvalidDocument` if it doesn't parse."""
        node = get_operation_ast(self._bare(text), name)
        if node is None:
            raise InvalidDocument([GraphQLError("Name one of the document's operations.")])
        operation_name = node.name.value if node.name else None
        return Operation(
            self._catalog, text, node.operation.value, operation_name, self._bare, self._located
        )

    def _parsed(self, text: str, *, no_location: bool) -> DocumentNode:
        try:
            return parse(text, no_location=no_location, max_tokens=self._max_tokens)
        except GraphQLError as error:
            raise InvalidDocument([error]) from error

    def _located(self, text: str) -> DocumentNode:
        document = self._located_cache.get(text)
        if document is None:
            document = self._parsed(text, no_location=False)
            with suppress(ValueError):  # larger than the whole cache
                self._located_cache[text] = document
        return document

    def _validated(self, text: str) -> None:
        schema, document = self._catalog.schema, self._located(text)
        errors = validate(schema, document, self._rules, MAX_ERRORS, hide_suggestions=True)
        if errors:
            raise InvalidDocument(errors)
