"""The largest operation that is answered: one validation rule, and what an operation costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from graphql import (
    ASTValidationRule,
    DocumentNode,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    ValidationContext,
    VariableDefinitionNode,
)
from graphql.validation.validate import ValidationAbortedError

from lk_graphql.api.faults import TooComplex
from lk_graphql.api.measure import LONGEST_PAGE, Ruler, Size, page_size
from lk_graphql.reads.operation import Operation


@dataclass(frozen=True)
class Limits:
    """All but `cost` (points, see `measure.Size`) must leave room for a full introspection.

    `changes` are few since each may hash a password, one after the other: a request of twenty
    sign-ins would take seconds.
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

    def check(self, size: Size) -> None:
        """Raises `Oversized` at the first limit that is passed."""
        for name, value in size._asdict().items():
            if name in _WORDS and value > getattr(self, name):
                raise _oversized(name, getattr(self, name))

    def check_text(self, query: str) -> None:
        """Raises `Oversized`."""
        if len(query) > self.characters:
            raise _oversized("characters", self.characters)

    def check_cost(self, points: int) -> None:
        """Raises `Oversized`."""
        if points > self.cost:
            raise _oversized("cost", self.cost)


_WORDS = {
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


class Oversized(TooComplex, ValidationAbortedError):
    """Ends the validation at once: the other rules take longer, some of them quadratically."""


def _oversized(name: str, most: int) -> Oversized:
    ru, en = _WORDS[name]
    return Oversized(
        f"Запрос слишком велик: {ru} больше {most}.",
        f"The operation is too large: {en} is above {most}.",
    )


def limits_rule(limits: Limits) -> type[ASTValidationRule]:
    """The rule that must stand first. In it a variable sizes a page of one: `Price` knows more."""

    class LimitsRule(ASTValidationRule):
        context: ValidationContext  # pyright: ignore[reportIncompatibleVariableOverride] - so do graphql-core's own rules

        def enter_document(self, node: DocumentNode, *_: object) -> None:
            ruler = Ruler(self.context.schema, node, lambda _: 1)
            try:
                for definition in node.definitions:
                    if isinstance(definition, OperationDefinitionNode):
                        limits.check(ruler.operation(definition))
            except RecursionError:
                raise Oversized(
                    "Запрос слишком велик: фрагменты вложены слишком глубоко.",
                    "The operation is too large: its fragments are nested too deeply.",
                ) from None

    return LimitsRule


def validation_rules(limits: Limits, *, introspection: bool) -> tuple[type[ASTValidationRule], ...]:
    """What the reader asks before the standard rules."""
    hidden = () if introspection else (NoSchemaIntrospectionCustomRule,)
    return (limits_rule(limits), *hidden)


class Price:
    """What one operation costs; only the variables that size its lists make a difference."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        node = operation.node
        ruler = Ruler(operation.catalog.schema, operation.document, lambda _: 1)
        self._fixed = ruler.operation(node).cost
        self._paging = tuple(
            (definition.variable.name.value, _default(definition))
            for definition in node.variable_definitions or ()
            if definition.variable.name.value in ruler.paging
        )

    def points(self, variables: Mapping[str, object]) -> int:
        """For the variables as they came: what is no number will be refused by its type."""
        if not self._paging:
            return self._fixed
        pages = (page_size(variables.get(name, default)) for name, default in self._paging)
        return self._with_pages(tuple(pages))

    @cached_property
    def _with_pages(self) -> Callable[[tuple[int, ...]], int]:
        return lru_cache(20)(self._measured)

    def _measured(self, pages: tuple[int, ...]) -> int:
        names = (name for name, _ in self._paging)
        by_name = dict(zip(names, pages, strict=True))
        asked = self._operation
        ruler = Ruler(
            asked.catalog.schema, asked.document, lambda name: by_name.get(name, LONGEST_PAGE)
        )
        return ruler.operation(asked.node).cost


def _default(definition: VariableDefinitionNode) -> int | None:
    value = definition.default_value
    return int(value.value[:6]) if isinstance(value, IntValueNode) else None
