"""Valid input values for any input type of the schema."""

from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from tests.support.random_operations import Choice

SAMPLES: dict[str, Any] = {
    "Int": 1,
    "Boolean": True,
    "Date": "2026-11-01",
    "Period": "2026-11",
    "Money": "1.00",
    "Quantity": "1",
    "DateTime": "2026-11-01T00:00:00Z",
    "Url": "https://lk.example",
}


def sample_input(type_: Any) -> Any:
    """A value that the input type accepts."""
    if isinstance(type_, GraphQLNonNull):
        return sample_input(inside(type_))
    if isinstance(type_, GraphQLList):
        return []
    if isinstance(type_, GraphQLInputObjectType):
        kinds: dict[str, Any] = {n: getattr(f, "type") for n, f in type_.fields.items()}  # noqa: B009
        required = {n: kind for n, kind in kinds.items() if str(kind).endswith("!")}
        chosen = required or dict([*kinds.items()][:1])  # the first field of a oneOf
        return {name: sample_input(kind) for name, kind in chosen.items()}
    values: dict[str, Any] = getattr(type_, "values", {})
    return Choice(next(iter(values))) if values else SAMPLES.get(type_.name, "x")


def inside(type_: Any) -> Any:
    return type_.of_type
