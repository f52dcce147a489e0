"""Inputs that the schema accepts, whatever they mean."""

from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull

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
    """Anything that an input type takes."""
    if isinstance(type_, GraphQLNonNull):
        return sample_input(inside(type_))
    if isinstance(type_, GraphQLList):
        return []
    if isinstance(type_, GraphQLInputObjectType):
        kinds: dict[str, Any] = {n: getattr(f, "type") for n, f in type_.fields.items()}  # noqa: B009
        must = {n: kind for n, kind in kinds.items() if str(kind).endswith("!")}
        wanted = must or dict([*kinds.items()][:1])  # of a oneOf, the first
        return {name: sample_input(kind) for name, kind in wanted.items()}
    values: dict[str, Any] = getattr(type_, "values", {})
    return next(iter(values), SAMPLES.get(type_.name, "x"))


def inside(type_: Any) -> Any:
    return type_.of_type
