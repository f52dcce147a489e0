"""GraphQL types that no row stands behind: what mutations take, and what they answer.

    @input_type
    class NoteWriteInput:
        '''What to write down.'''

        text: str = strawberry.field(description="The note.")

The docstring is the type's description, as it is wherever a type is declared by `reads.declare`.
"""

from inspect import cleandoc
from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField

Class = TypeVar("Class", bound=type[Any])
SPECIFIERS = (strawberry.field, StrawberryField)


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def object_type(cls: Class) -> Class:
    """What clients are answered."""
    return strawberry.type(cls, description=_description(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def input_type(cls: Class) -> Class:
    """What clients say."""
    return strawberry.input(cls, description=_description(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def choice_type(cls: Class) -> Class:
    """What clients say by exactly one of its fields."""
    return strawberry.input(cls, one_of=True, description=_description(cls))


def _description(cls: type[Any]) -> str:
    said = vars(cls).get("__doc__")
    if not said:
        raise TypeError(f"{cls.__name__} needs a docstring: it is the type's description")
    return cleandoc(said)
