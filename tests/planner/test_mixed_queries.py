"""Queries whose root fields are answered by both paths: a plan reads some, resolvers the others."""

from typing import Any

import orjson
import pytest

from lk_graphql.planner import engine
from lk_graphql.planner.documents import InvalidDocument
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows
from tests.support.path_comparison import assert_same_result

TAGS = "tags { name }"
LONG = "n" * 64
"""An alias that PostgreSQL would truncate."""


def mixed(both_paths: BothPaths, query: str, token: str = "", **variables: object) -> Any:
    """The result of both halves; asserts that it is graphql-core's, and the plan one statement."""
    call = both_paths.call(query, token, **variables)
    merged = both_paths.run(both_paths.execute_mixed(call))
    assert_same_result(merged, both_paths.resolver_result(call))
    assert len(both_paths.statements) == 1
    return merged


def test_fields_keep_the_order_of_the_query(both_paths: BothPaths, mini_rows: MiniRows):
    query = f"{{ a: hello viewer {{ email }} desk {{ sign queue }} __typename {TAGS} b: hello }}"

    data = mixed(both_paths, query, mini_rows.tokens[0]).data

    assert list(data) == ["a", "viewer", "desk", "__typename", "tags", "b"]
    assert (data["a"], data["desk"]) == ("Hello None", {"sign": "Welcome", "queue": 3})
    assert data["viewer"] == {"email": "u0@example.org"}
    assert data["tags"]


def test_the_plan_reads_its_fields_only(both_paths: BothPaths):
    call = both_paths.call(f"{{ hello {TAGS} }}")

    planned = both_paths.run(both_paths.engine.execute_plan(call))

    assert list(orjson.loads(planned.data)) == ["tags"]
    assert planned.split.reasons == {"hello": "a hand-written resolver"}


def test_fields_under_one_key_are_merged_through_fragments(both_paths: BothPaths):
    query = """query ($yes: Boolean!, $no: Boolean!) {
      ...Both tags { name } ... @include(if: $no) { c: hello frontDesk { broken } }
      desk { sign } ... @skip(if: $no) { d: hello(name: "Anna") }
    } fragment Both on QueryWithResolvers {
      desk @include(if: $yes) { queue } tags { id } e: hello @skip(if: $yes)
    }"""

    data = mixed(both_paths, query, yes=True, no=False).data
    assert list(data) == ["desk", "tags", "d"]
    assert data["desk"] == {"queue": 3, "sign": "Welcome"}
    assert set(data["tags"][0]) == {"id", "name"}
    assert data["d"] == "Hello Anna"

    nulled = mixed(both_paths, query, yes=False, no=True)
    assert nulled.data is None
    assert [error.path for error in nulled.errors] == [["frontDesk", "broken"]]


def test_an_error_nulls_its_nearest_nullable_field(both_paths: BothPaths):
    result = mixed(both_paths, f"{{ {TAGS} open: desk {{ closed sign }} desk {{ broken }} }}")

    assert result.data["tags"]
    assert result.data["open"] == {"closed": None, "sign": "Welcome"}
    assert result.data["desk"] is None
    errors = {tuple(error.path): error.message for error in result.errors}
    assert errors == {("open", "closed"): "It is closed.", ("desk", "broken"): "It is broken."}
    assert all(error.locations for error in result.errors)

    nulled = mixed(both_paths, f"{{ {TAGS} frontDesk {{ broken }} }}")
    assert nulled.data is None


def test_introspection_and_long_aliases_leave_a_plan_to_the_others(both_paths: BothPaths):
    data = mixed(both_paths, f'{{ __type(name: "Tag") {{ name }} {TAGS} }}').data
    assert data["__type"] == {"name": "Tag"}

    data = mixed(both_paths, f"{{ {TAGS} more: tags {{ {LONG}: name }} {LONG}: hello }}").data
    assert [tag[LONG] for tag in data["more"]] == [tag["name"] for tag in data["tags"]]


def test_a_part_at_the_root_has_a_plan(both_paths: BothPaths, mini_rows: MiniRows):
    query = """{ settings { __typename longestName } viewer { email }
      again: settings { a: rules openedOn signer nothing } ...More }
      fragment More on QueryWithResolvers { settings { rules } }"""

    data = both_paths.both(both_paths.call(query, mini_rows.tokens[0]))

    assert len(both_paths.statements) == 1
    assert list(data) == ["settings", "viewer", "again"]
    assert data["settings"] == {
        "__typename": "MiniSettings",
        "longestName": 40,
        "rules": ["Be kind."],
    }
    assert data["again"] == {
        "a": ["Be kind."],
        "openedOn": "2026-11-21",
        "signer": "https://signed.example",
        "nothing": None,
    }


def test_variables_reach_the_fields_of_both_paths(both_paths: BothPaths, mini_rows: MiniRows):
    query = """query ($name: String = "nobody", $id: ID!) {
      hello(name: $name) node(id: $id) { id } }"""
    club = mini_rows.ids["clb"][0]
    owner = next(iter(mini_rows.owners[club]))

    assert mixed(both_paths, query, owner, id=club).data == {
        "hello": "Hello nobody",
        "node": {"id": club},
    }
    assert mixed(both_paths, query, owner, id="", name=None).data == {
        "hello": "Hello None",
        "node": None,
    }


@pytest.mark.parametrize("page", ["first: 0", "first: 1, last: 1"])
def test_a_bad_argument_of_a_field_refuses_the_others_too(
    both_paths: BothPaths, mini_rows: MiniRows, page: str
):
    query = (
        f"{{ hello desk {{ sign }} viewer {{ email parcels({page}) {{ totalCount }} }} {TAGS} }}"
    )
    call = both_paths.call(query, mini_rows.tokens[1])

    for execute in (both_paths.execute_mixed, both_paths.execute):
        with pytest.raises(InvalidDocument) as refused:
            both_paths.run(execute(call))
        assert [error.path for error in refused.value.errors] == [["viewer", "parcels"]]


def test_resolvers_that_read_nothing_take_no_connection(
    both_paths: BothPaths, monkeypatch: pytest.MonkeyPatch
):
    def refuse() -> None:
        raise AssertionError("A transaction was begun")

    monkeypatch.setattr(engine, "in_transaction", refuse)
    call = both_paths.call(f"{{ hello desk {{ sign }} {TAGS} }}")

    result = both_paths.run(both_paths.execute_mixed(call))

    assert result.data["desk"] == {"sign": "Welcome"}
