"""How a plan shows what a derived field's function gave: a scalar, or an object as selected."""

from collections.abc import Callable
from typing import Any

from lk_graphql.reads.catalog import DEFINITION
from lk_graphql.reads.selection import Selected, Variant


def writer(shown: Selected) -> Callable[[Any], object]:
    """What brings a function's result, never None, into the form of the field's type."""
    if not shown.variants:
        one = shown.type.serialize
    else:
        fields = [*_fields(shown.only)]

        def one(value: Any) -> object:
            return {key: write(value) for key, write in fields}

    if shown.many:
        return lambda values: [one(value) for value in values]
    return one


def as_it_is(value: object) -> object:
    return value


def _fields(variant: Variant) -> list[tuple[str, Callable[[Any], object]]]:
    """What each selected field of a plain object shows, under its response key."""
    return [(field.key, _attribute(variant, field)) for field in variant.fields]


def _attribute(variant: Variant, field: Selected) -> Callable[[Any], object]:
    if field.name == "__typename":
        return lambda _: variant.type.name
    name = variant.type.fields[field.name].extensions[DEFINITION].python_name
    write = writer(field)

    def shown(value: Any) -> object:
        found = getattr(value, name)
        return None if found is None else write(found)

    return shown
