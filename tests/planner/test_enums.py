"""Enums are described once, before or after their first use in a type."""

from enum import StrEnum

import pytest
import strawberry

from lk_graphql.planner.types import choices


class Weather(StrEnum):
    """An enum with a field before its description."""

    RAIN = "RAIN"


@strawberry.type(description="What Strawberry resolves before anybody has described the enum.")
class Early:
    weather: Weather = strawberry.field(description="Today's.")


def test_an_enum_may_be_described_after_a_type_shows_it():
    assert Early.__strawberry_definition__.fields[0].type  # type: ignore[attr-defined]
    choices(Weather, "How it is outside.", RAIN="Wet.")

    @strawberry.type(description="What asks for the enum afterwards.")
    class Query:
        early: Early = strawberry.field(description="The first.")
        weather: Weather = strawberry.field(description="The same enum.")

    schema = strawberry.Schema(Query).as_str()
    assert schema.count("enum Weather") == 1
    assert "How it is outside." in schema
    assert "Wet." in schema


def test_a_value_without_a_description_is_refused():
    with pytest.raises(TypeError, match="RAIN"):
        choices(Weather, "How it is outside.")
