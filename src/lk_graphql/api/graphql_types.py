"""Decorators for GraphQL types without a table: inputs and payloads of mutations.

    @input_type
    class NoteWriteInput:
        '''A note to write.'''

        text: str = strawberry.field(description="The note.")

The docstring is the type's description, as for types declared by `planner.declare`.
"""

from typing import Any, TypeVar, dataclass_transform

import strawberry
from strawberry.types.field import StrawberryField

from lk_graphql.planner.declare.descriptions import description_of

Class = TypeVar("Class", bound=type[Any])
SPECIFIERS = (strawberry.field, StrawberryField)


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def object_type(cls: Class) -> Class:
    """Declare an object type."""
    return strawberry.type(cls, description=description_of(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def input_type(cls: Class) -> Class:
    """Declare an input type."""
    return strawberry.input(cls, description=description_of(cls))


def idempotency_key(
    repeat: str = "Within 90 days, a repeat with the same key and input returns the first result",
    conflict: str = "another input",
) -> str:
    """Declare the field `idempotency_key` of an input.

    `repeat` describes a repeated call, and `conflict` is the input that the key refuses.
    """
    return strawberry.field(
        description=(
            "The client's key for the request: 1 to 100 printable ASCII characters, such as a "
            f"UUID. {repeat}; the same key with {conflict} is `IDEMPOTENCY_CONFLICT`."
        )
    )


@dataclass_transform(kw_only_default=True, field_specifiers=SPECIFIERS)
def choice_type(cls: Class) -> Class:
    """Declare a `@oneOf` input type: clients set exactly one field."""
    return strawberry.input(cls, one_of=True, description=description_of(cls))
