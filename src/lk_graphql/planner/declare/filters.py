"""Filters of lists: input types declared over columns.

    @filter_input
    class InvoiceFilterInput:
        '''Filters of bills.'''

        from_: Period | None = at_least("The first month.", of="period")

The input type is that of a list's argument `where`. Omitted and null fields filter nothing. The set
of present fields is part of the plan key; their values are bind parameters.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from itertools import product
from math import prod
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition
from tortoise import Model, fields

from lk_graphql.kit import ids
from lk_graphql.kit.clock import end_of_millisecond
from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.pasted_text import strip_invisible
from lk_graphql.planner.declare.descriptions import description_of
from lk_graphql.planner.declare.sources import Filter, Filters
from lk_graphql.planner.declare.tables import column_field

Class = TypeVar("Class", bound=type[Any])
WHERE = "where"
MAX_WORDS = 5
SAME_LETTERS = ("её", "'\u2019\u2018\u02bc`\u00b4", "-\u2010\u2011\u2012\u2013\u2014\u2212")
"""Letters and joints that a search finds in every spelling; the usual spelling comes first."""
JOINTS = "".join(SAME_LETTERS[1:])
_MOST_SPELLINGS = 1000
_BITS = {fields.SmallIntField: 16, fields.IntField: 32, fields.BigIntField: 64}


def at_least(description: str, *, of: str) -> Any:
    """The column, possibly behind to-one relations, is not less than the value."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, ">=")})


def at_most(description: str, *, of: str) -> Any:
    """The column is not greater than the value; a time includes all of its millisecond."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, "<=")})


def exactly(description: str, *, of: str, read: Callable[[str], str] = str) -> Any:
    """The column equals the value; `read` converts a text to the column's stored form."""
    test = (of, "=", "", read)
    return strawberry.field(default=UNSET, description=description, metadata={"test": test})


def one_of(description: str, *, of: str) -> Any:
    """The column equals one of the values; the annotation is a list."""
    return strawberry.field(default=UNSET, description=description, metadata={"test": (of, "IN")})


def one_value_of(description: str, *, sql: str) -> Any:
    """An `expression` over the row is one of an enum's values; the annotation is a list."""
    return strawberry.field(
        default=UNSET, description=description, metadata={"test": ("", "IN", sql)}
    )


def is_set(description: str, *, of: str) -> Any:
    """The column is not null (true) or null (false); the annotation is `bool`."""
    return strawberry.field(
        default=UNSET, description=description, metadata={"test": (of, "IS SET")}
    )


def contains_words(description: str, *, of: str) -> Any:
    """The column contains each word of a text, case-insensitively; for a search box.

    The column needs a trigram index on `search_key(…)`: see the migrations.
    """
    text = f"{description} At most {MAX_WORDS} words or parts of words."
    return strawberry.field(default=UNSET, description=text, metadata={"test": (of, "WORDS")})


def filter_input(cls: Class) -> Class:
    """Declare an input type of filters; `from_` is `from` in GraphQL."""
    for name in cls.__annotations__:
        if name.endswith("_"):
            vars(cls)[name].graphql_name = name.removesuffix("_")
    return strawberry.input(cls, description=description_of(cls))


def filters_of(cls: type[Any] | None) -> Filters:
    fields = get_object_definition(cls, strict=True).fields if cls else ()
    return tuple(Filter(field.python_name, *field.metadata["test"]) for field in fields)


def filter_values(
    model: type[Model], filters: Filters, values: Any
) -> tuple[tuple[Filter, Any], ...]:
    """The present filters of a Strawberry input object, with their values."""
    return tuple(_filter_values(model, filters, values)) if values else ()


def _filter_values(
    model: type[Model], filters: Filters, where: Any
) -> Iterator[tuple[Filter, Any]]:
    for filter_ in filters:
        value = getattr(where, filter_.name)
        if value is not UNSET and value is not None:
            yield filter_, validate(model, filter_, value)


def value_reader(model: type[Model], filter_: Filter) -> Callable[[Any], Any]:
    """A function that reads the filter's value from an input object coerced by graphql-core."""

    def value(where: Mapping[str, Any]) -> Any:
        return validate(model, filter_, where[filter_.public])

    return value


def validate(model: type[Model], filter_: Filter, value: Any) -> Any:
    """Convert the value to the column's type. Raises `BadArgument` if it is out of range."""
    if filter_.sql:
        return [v.value if isinstance(v, Enum) else v for v in value]
    column = column_field(model, filter_.column)
    match filter_.test:
        case "IN":
            return [_checked_value(column, v) for v in value]
        case "WORDS":
            return _words(_checked_value(column, value))
        case "=" if isinstance(value, str) and filter_.read is not str:
            return _checked_value(column, filter_.read(value))
        case "IS SET":
            return value
        case _:
            checked = _checked_value(column, value)
            is_until = filter_.test == "<=" and isinstance(checked, datetime)
            return end_of_millisecond(checked) if is_until else checked


def _words(text: str) -> list[str]:
    words = strip_invisible(text).split()
    if len(words) > MAX_WORDS:
        raise BadArgument(f"Search for {MAX_WORDS} words at most.")
    return words


def spellings(word: str) -> list[str]:
    """The word with every spelling of its letters; only the word itself if there are too many."""
    groups = [next((g for g in SAME_LETTERS if letter in g), letter) for letter in word.lower()]
    if prod(map(len, groups)) > _MOST_SPELLINGS:
        return [word]
    return ["".join(letters) for letters in product(*groups)]


def _checked_value(column: Any, value: Any) -> Any:
    bits = next(
        (bits for field_class, bits in _BITS.items() if isinstance(column, field_class)), None
    )
    if isinstance(column, fields.UUIDField):
        return _key(value)
    if bits and not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise BadArgument("The number is out of range.")
    if isinstance(column, fields.CharField) and len(value) > column.max_length:
        raise BadArgument("The text is too long.")
    if isinstance(value, str) and "\x00" in value:
        raise BadArgument("The text can't contain U+0000.")
    return value.value if isinstance(value, Enum) else value


def _key(public: str) -> UUID:
    """The key in an object's id, whatever its type."""
    if (key := ids.key_of(public)) is None:
        raise BadArgument("The id is malformed.")
    return key


def sql_type(model: type[Model], filter_: Filter) -> str:
    """The column's type for a bind parameter, without a length that would round or truncate it."""
    if filter_.sql:
        return "text[]"
    column = column_field(model, filter_.column)
    name = column.get_for_dialect("postgres", "SQL_TYPE") or column.SQL_TYPE
    return name.partition("(")[0] + ("[]" if filter_.test == "IN" else "")
