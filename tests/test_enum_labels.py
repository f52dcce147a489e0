"""Labels of enum values: every value that a customer meets has words in both languages."""

import re
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from lk_graphql.kit.languages import Language
from lk_graphql.planner.catalog import type_declaration
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.schema import graphql_schema
from tests.support.client import ApiClient, open_client

LABELS = "{ enumLabels { enum values { value label } } }"


def customer_types() -> dict[str, Any]:
    """The types that customers meet: those of staff are left out."""
    found: dict[str, Any] = {}
    roots = (graphql_schema.query_type, graphql_schema.mutation_type)
    waiting: list[Any] = [*roots, graphql_schema.subscription_type]
    while waiting:
        type_ = waiting.pop()
        if type_.name not in found and not _is_of_staff(type_):
            found[type_.name] = type_
            waiting += _neighbours(type_)
    return found


def _is_of_staff(type_: Any) -> bool:
    if type_.name.startswith("Staff"):
        return True
    declared = type_declaration(type_) if isinstance(type_, GraphQLObjectType) else None
    return bool(declared and declared.role)


def _neighbours(type_: Any) -> Iterator[Any]:
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for name, field in type_.fields.items():
                if not name.startswith("staff"):
                    yield get_named_type(type_of(field))
                    yield from (get_named_type(type_of(arg)) for arg in field.args.values())
            if isinstance(type_, GraphQLInterfaceType):
                yield from graphql_schema.get_possible_types(type_)
        case GraphQLUnionType():
            yield from type_.types
        case GraphQLInputObjectType():
            yield from (get_named_type(type_of(field)) for field in type_.fields.values())
        case _:
            pass


ENUMS = {
    name: [*type_.values]
    for name, type_ in customer_types().items()
    if isinstance(type_, GraphQLEnumType) and not name.endswith("ErrorCode")  # these have messages
}


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine) -> AsyncGenerator[ApiClient]:
    async with open_client(engine) as client:
        yield client


@pytest.mark.parametrize("language", Language)
async def test_one_query_has_labels_for_every_value(api: ApiClient, language: Language):
    answer = await api.http.post(
        "/graphql", json={"query": LABELS}, headers={"accept-language": language.code}
    )
    labels = answer.json()["data"]["enumLabels"]

    assert [of["enum"] for of in labels] == sorted(ENUMS)
    for of in labels:
        words = [value["label"] for value in of["values"]]
        assert [value["value"] for value in of["values"]] == ENUMS[of["enum"]]
        assert all(words)
        assert len({*words}) == len(words), of["enum"]
        assert all(word == word.strip(" .") for word in words), of["enum"]
        if language is Language.EN:
            assert not any(re.search("[А-яЁё]", word) for word in words), of["enum"]


async def test_labels_are_one_statement_and_the_same_on_both_paths(api: ApiClient):
    labels = await api.ask("{ enumLabels { __typename of: enum values { label } } viewer { id } }")

    assert labels["viewer"] is None
    assert {of["__typename"] for of in labels["enumLabels"]} == {"EnumLabels"}
    zones = next(of for of in labels["enumLabels"] if of["of"] == "Zone")
    assert [value["label"] for value in zones["values"]] == [
        "Круглосуточно", "День", "Ночь", "Пик", "Полупик"
    ]  # fmt: skip
