"""What clients may demand of a list's rows: an input object, declared over their columns.

    @filters
    class InvoiceFilterInput:
        '''Which bills to show.'''

        from_: Period | None = at_least("The first month.", of="period")

It stands in a list's argument `where`. What isn't given, or null, demands nothing. Which of its
fields are given decides the statement; what they hold is bound to it.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition
from tortoise import Model, fields

from lk_graphql.kit import ids
from lk_graphql.kit.errors import BadArgument
from lk_graphql.planner.declare.descriptions import description_of
from lk_graphql.planner.declare.sources import Filter, Filters
from lk_graphql.planner.declare.tables import column_field

Class = TypeVar("Class", bound=type[Any])
WHERE = "where"
MAX_WORDS = 5
_BITS = {fields.SmallIntField: 16, fields.IntField: 32, fields.BigIntField: 64}


def at_least(description: str, *, of: str) -> Any:
    """A demand on a column, which may be behind to-one relations: not less than this."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, ">=")})


def at_most(description: str, *, of: str) -> Any:
    """Not more than this."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, "<=")})


def exactly(description: str, *, of: str) -> Any:
    """Just this."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, "=")})


def one_of(description: str, *, of: str) -> Any:
    """One of these; the annotation is a list."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, "IN")})


def is_set(description: str, *, of: str) -> Any:
    """That the column has a value, or that it has none; the annotation is a Boolean."""
    return strawberry.field(
        default=UNSET, description=description, metadata={"test": (of, "THERE")}
    )


def contains_words(description: str, *, of: str) -> Any:
    """That each word of a text occurs in the column, upper or lower case; for a search box.

    The column wants an index on `search_key(…)` with trigrams: see migrations.
    """
    told = f"{description} At most {MAX_WORDS} words, parts of words too."
    return strawberry.field(default=UNSET, description=told, metadata={"test": (of, "WORDS")})


def filter_input(cls: Class) -> Class:
    """Declare an input object of demands; `from_` is `from` to clients."""
    for name in cls.__annotations__:
        if name.endswith("_"):
            vars(cls)[name].graphql_name = name.removesuffix("_")
    return strawberry.input(cls, description=description_of(cls))


def filters_of(cls: type[Any] | None) -> Filters:
    fields = get_object_definition(cls, strict=True).fields if cls else ()
    return tuple(Filter(field.python_name, *field.metadata["test"]) for field in fields)


def filter_values(
    model: type[Model], known: Filters, values: Any
) -> tuple[tuple[Filter, Any], ...]:
    """The demands of an input object as Strawberry makes it, with their values."""
    return tuple(_filter_values(model, known, values)) if values else ()


def _filter_values(model: type[Model], known: Filters, given: Any) -> Iterator[tuple[Filter, Any]]:
    for one in known:
        value = getattr(given, one.name)
        if value is not UNSET and value is not None:
            yield one, validate(model, one, value)


def value_reader(model: type[Model], one: Filter) -> Callable[[Any], Any]:
    """Finds a demand's value in an input object as graphql-core makes it."""

    def value(where: Mapping[str, Any]) -> Any:
        return validate(model, one, where[one.public])

    return value


def validate(model: type[Model], one: Filter, value: Any) -> Any:
    """The value as the column's kind; raises `BadArgument` if it has no such values."""
    kind = column_field(model, one.column)
    match one.test:
        case "IN":
            return [_checked(kind, v) for v in value]
        case "WORDS":
            return _words(_checked(kind, value))
        case "THERE":
            return value
        case _:
            return _checked(kind, value)


def _words(text: str) -> list[str]:
    found = text.split()
    if len(found) > MAX_WORDS:
        raise BadArgument(f"Search for {MAX_WORDS} words at most.")
    return found


def _checked(kind: Any, value: Any) -> Any:
    bits = next((bits for known, bits in _BITS.items() if isinstance(kind, known)), None)
    if isinstance(kind, fields.UUIDField):
        return _key(value)
    if bits and not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise BadArgument("There are no such numbers here.")
    if isinstance(kind, fields.CharField) and len(value) > kind.max_length:
        raise BadArgument("There are no such long texts here.")
    if isinstance(value, str) and "\x00" in value:
        raise BadArgument("There are no such texts here.")
    return value.value if isinstance(value, Enum) else value


def _key(public: str) -> UUID:
    """The key in an object's id, whatever its type."""
    if (key := ids.key_of(public)) is None:
        raise BadArgument("There are no such ids here.")
    return key


def sql_type(model: type[Model], one: Filter) -> str:
    """What the value is bound as: the column's type, without what would round or cut it."""
    kind = column_field(model, one.column)
    name = kind.get_for_dialect("postgres", "SQL_TYPE") or kind.SQL_TYPE
    return name.partition("(")[0] + ("[]" if one.test == "IN" else "")
