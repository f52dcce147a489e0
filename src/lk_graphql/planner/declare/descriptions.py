"""Descriptions of types and enum values for programmers."""

from enum import Enum
from inspect import cleandoc
from typing import Any, TypeVar

import strawberry
from strawberry.types.enum import has_enum_definition


def description_of(cls: type[Any]) -> str:
    """The class's docstring. Raises TypeError if there is none."""
    if not cls.__doc__:
        raise TypeError(f"{cls.__name__} needs a docstring: it is the type's description")
    return cleandoc(cls.__doc__)


Choices = TypeVar("Choices", bound=type[Enum])


def choices(cls: Choices, description: str, **values: str) -> Choices:
    """Declare an enum and describe each of its values. Raises TypeError if one is omitted.

    If a type with a field of this enum was declared earlier, Strawberry has already created the
    enum's definition. A second definition would be a duplicate in the schema, so the existing one
    gets the descriptions.
    """
    if set(values) != set(cls.__members__):
        raise TypeError(f"{cls.__name__}: describe {set(values) ^ set(cls.__members__)}")
    if any(member.value != name for name, member in cls.__members__.items()):
        raise TypeError(f"{cls.__name__}: names and stored values must be the same")
    enum: Any = cls if has_enum_definition(cls) else strawberry.enum(cls)
    definition = enum.__strawberry_definition__
    definition.description = description
    for value in definition.values:
        value.description = values[value.name]
    return cls
