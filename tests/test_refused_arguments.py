"""Refused arguments of every field that takes some: no viewer seems to be signed out."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from graphql import GraphQLObjectType

from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.schema import graphql_schema
from tests.support.client import ApiClient
from tests.support.fixtures import anna, api

__all__ = ["anna", "api"]

GRAPHQL = "application/graphql-response+json"
Route = tuple[str, ...]
"""The selections that lead from a root type to a field, outermost first."""
BAD_PAGES = (
    "first: 0",
    "first: 101",
    "first: -1",
    "last: 101",
    "first: 1, last: 1",
    'after: "nonsense"',
    'last: 2, before: ""',
    "first: 2147483647",
)


def routes() -> Iterator[tuple[Route, Any]]:
    """Each field of an object that a query reaches: from the root, else by the object's id."""
    seen: set[Any] = set()
    yield from routes_from((), graphql_schema.query_type, seen)
    for prefix, type_ in Catalog(graphql_schema).node_types.items():
        yield from routes_from((f'node(id: "{prefix}_0")', f"... on {type_}"), type_, seen)


def routes_from(start: Route, type_: Any, seen: set[Any]) -> Iterator[tuple[Route, Any]]:
    pending = [(start, type_)]
    for route, parent in pending:
        if parent not in seen and isinstance(parent, GraphQLObjectType):
            seen.add(parent)
            for name, field in parent.fields.items():
                yield (*route, name), field
                if not any(str(type_of(a)).endswith("!") for a in field.args.values()):
                    pending.append(((*route, name), get_named_type(type_of(field))))


def operation(route: Route, arguments: str, selection: str = "__typename") -> str:
    *outer, last = route
    return f"{{ {' { '.join([*outer, last])}({arguments}) {{ {selection} }} {'} ' * len(route)}"


def path_of(route: Route) -> list[str]:
    return [key.partition("(")[0] for key in route if not key.startswith("...")]


def refused_operations() -> Iterator[tuple[str, list[str]]]:
    """An operation with a bad argument for each field that takes pages or filters."""
    bad_pages = cycle(BAD_PAGES)
    for route, field in routes():
        if "first" in field.args:
            yield operation(route, next(bad_pages)), path_of(route)
        elif "last" in field.args:
            yield operation(route, "last: 101"), path_of(route)
        if "ids" in field.args:
            yield operation(route, f"ids: [{'1, ' * 101}]"), path_of(route)
        where = field.args.get("where")
        for name, value in get_named_type(type_of(where)).fields.items() if where else ():
            if str(type_of(value)) in {"String", "ID"} and name != "text":  # a column without end
                arguments = f'where: {{{name}: "{"x" * 5000}"}}'
                yield operation(route, arguments), path_of(route)


OPERATIONS = [*refused_operations()]


def test_operations_have_arguments_at_many_paths() -> None:
    assert len(OPERATIONS) >= 80
    assert len({tuple(path) for _, path in OPERATIONS}) >= 44


async def test_a_refused_argument_is_an_error_of_the_request(api: ApiClient, anna: Viewer) -> None:
    headers = {"authorization": f"Bearer {await api.signed_in(anna)}", "accept": GRAPHQL}
    for query, path in OPERATIONS:
        response = await api.http.post("/graphql", json={"query": query}, headers=headers)

        answer = response.json()
        (error,) = answer["errors"]
        assert (error["extensions"], error["path"]) == ({"code": "BAD_REQUEST"}, path), query
        assert error["locations"][0]["line"] == 1
        assert (response.status_code, "data" in answer) == (400, False), query


@pytest.mark.parametrize("beside", ["", "publicSettings { phoneForms }"])
@pytest.mark.parametrize("token", ["", "nonsense", "anna"])
@pytest.mark.parametrize("arguments", BAD_PAGES)
async def test_an_invalid_argument_is_refused_on_both_paths_for_all_viewers(
    api: ApiClient, anna: Viewer, arguments: str, token: str, beside: str
) -> None:
    token = await api.signed_in(anna) if token == "anna" else token
    query = f"{{ {beside} viewer {{ id payments({arguments}) {{ nodes {{ id }} }} }} }}"

    answer = await api.post(query, token)

    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["path"]) == ("BAD_REQUEST", ["viewer", "payments"])
    assert "data" not in answer


async def test_a_null_for_a_number_with_a_default_is_refused(api: ApiClient, anna: Viewer) -> None:
    token = await api.signed_in(anna)
    query = "query ($first: Int = 6) { viewer { id accounts { invoices(first: $first) { id } } } }"

    answer = await api.post(query, token, first=None)

    assert [error["path"] for error in answer["errors"]] == [["viewer", "accounts", "invoices"]]
    assert "data" not in answer


async def test_a_null_in_a_directive_is_refused_too(api: ApiClient, anna: Viewer) -> None:
    token = await api.signed_in(anna)
    query = "query ($on: Boolean = true) { viewer { id email @include(if: $on) } }"

    answer = await api.post(query, token, on=None)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]
    assert "data" not in answer


async def test_a_mutation_with_a_bad_argument_does_nothing(api: ApiClient, anna: Viewer) -> None:
    token = await api.signed_in(anna)
    before = await User.get(id=anna.id)
    query = """mutation { profileUpdate(input: {firstName: "Нюра"}) {
      viewer { id payments(first: 101) { nodes { id } } } errors { code } } }"""

    answer = await api.post(query, token)

    assert answer["errors"][0]["path"] == ["profileUpdate", "viewer", "payments"]
    assert "data" not in answer
    assert (await User.get(id=anna.id)).first_name == before.first_name != "Нюра"
