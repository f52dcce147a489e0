"""Labels of enum values for screens, as GraphQL types."""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.kit.enum_labels import LABELS
from lk_graphql.kit.languages import Language


@object_type
class EnumLabel:
    """The label of an enum value."""

    value: str = strawberry.field(description="The enum value.")
    label: str = strawberry.field(description="A short text for a badge, a list or a filter.")


@object_type
class EnumLabels:
    """The labels of an enum's values."""

    enum: str = strawberry.field(description="The name of the enum in this schema.")
    values: list[EnumLabel] = strawberry.field(
        description="The labels of its values, in the enum's order."
    )


@cache
def enum_labels(language: Language) -> Sequence[EnumLabels]:
    """All labels in one language, ordered by the names of the enums."""
    index = 0 if language is Language.RU else 1
    return sorted(
        (
            EnumLabels(
                enum=_graphql_name(cls),
                values=[
                    EnumLabel(value=value, label=texts[value][index]) for value in cls.__members__
                ],
            )
            for cls, texts in LABELS.items()
        ),
        key=lambda labels: labels.enum,
    )


def _graphql_name(cls: type[Enum]) -> str:
    enum: Any = cls
    return enum.__strawberry_definition__.name
