"""Filters of lists by `where`, against an oracle in plain Python."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.ids import to_public
from lk_graphql.planner.declare.filters import validate
from lk_graphql.planner.declare.sources import Filter
from tests.planner import mini_models as models
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows

CLUBS = """query ($where: EventFilterInput, $first: Int) { viewer { clubs { id
    events(first: 100, where: $where) { id }
    allEvents(first: $first, where: $where) { totalCount nodes { id } pageInfo { hasNextPage } }
} } }"""
LITERAL = """query ($from: Date, $weight: Quantity, $title: String!) { viewer { clubs { id
    events(first: 100, where: {from: $from, weightFrom: $weight, titles: [$title, "it's"]}) { id }
} } }"""
Test = Callable[[Any, str], bool]


def _all(*_: object) -> bool:
    return True


def _none(*_: object) -> bool:
    return False


def expected_ids(rows: list[Any], club: str, test: Test) -> list[str]:
    """The oracle: the ids of a club's visible events that pass, newest first."""
    passing = [
        row
        for row in rows
        if to_public("clb", row.club.id) == club
        if models.is_announced(row.club.is_open, row.held_on) and test(row, row.club.title)
    ]
    passing.sort(key=lambda row: (row.held_on, row.id), reverse=True)
    return [to_public("evt", row.id) for row in passing]


async def all_events() -> list[Any]:
    return await models.Event.all().prefetch_related("club")


CASES: list[tuple[object, Test]] = [
    (None, _all),
    ({}, _all),
    ({"from": None, "fee": None}, _all),
    ({"from": "2026-11-21"}, lambda row, _: row.held_on >= date(2026, 11, 21)),
    (
        {"from": "2026-10-22", "to": "2026-11-20"},
        lambda row, _: date(2026, 10, 22) <= row.held_on <= date(2026, 11, 20),
    ),
    ({"fee": "1234.56"}, lambda row, _: row.fee == 123456),
    ({"fee": "-0.01"}, lambda row, _: row.fee == -1),
    ({"titles": []}, _none),
    ({"titles": ["it's", ""]}, lambda row, _: row.title in {"it's", ""}),
    ({"weightFrom": "7.0001"}, lambda row, _: row.weight >= Decimal("7.0001")),
    ({"clubTitle": "it's1"}, lambda _, title: title == "it's1"),
    ({"clubTitle": "x'; DROP TABLE event; --"}, _none),
]


@pytest.mark.parametrize(("where", "test"), CASES)
def test_a_filter_selects_the_matching_rows(
    both_paths: BothPaths, mini_rows: MiniRows, where: object, test: Test
):
    rows: list[Any] = both_paths.run(all_events())
    for token in mini_rows.tokens[:4]:
        data = both_paths.both(both_paths.call(CLUBS, token, where=where, first=3))
        for club in data["viewer"]["clubs"]:
            expected = expected_ids(rows, club["id"], test)
            page = club["allEvents"]
            assert [event["id"] for event in club["events"]] == expected
            assert [event["id"] for event in page["nodes"]] == expected[:3]
            assert page["totalCount"] == len(expected)
            assert page["pageInfo"]["hasNextPage"] == (len(expected) > 3)


@pytest.mark.parametrize("variables", [{}, {"from": None}, {"from": "2026-11-21", "weight": "1"}])
def test_filters_in_the_document_may_have_variables_inside(
    both_paths: BothPaths, mini_rows: MiniRows, variables: dict[str, object]
):
    rows: list[Any] = both_paths.run(all_events())

    def test(row: Any, _: str) -> bool:
        late = not variables.get("from") or row.held_on >= date(2026, 11, 21)
        return (
            late
            and row.weight >= int(str(variables.get("weight", -99)))
            and row.title in {"", "it's"}
        )

    for token in mini_rows.tokens[:4]:
        data = both_paths.both(both_paths.call(LITERAL, token, title="", **variables))
        for club in data["viewer"]["clubs"]:
            assert [event["id"] for event in club["events"]] == expected_ids(rows, club["id"], test)


def test_a_filter_by_stored_enum_values_selects_only_these(
    both_paths: BothPaths, mini_rows: MiniRows
):
    query = """query ($states: [MembershipState!]) { viewer {
        memberships(where: {states: $states}) { state } } }"""
    for token in mini_rows.tokens[:4]:
        for states in (["ACTIVE"], ["SUSPENDED"], ["SUSPENDED", "ACTIVE"]):
            memberships = both_paths.both(both_paths.call(query, token, states=states))["viewer"][
                "memberships"
            ]
            assert {membership["state"] for membership in memberships} <= set(states)
        assert both_paths.both(both_paths.call(query, token, states=None)) == both_paths.both(
            both_paths.call(query, token)
        )


def test_a_value_out_of_a_column_s_range_is_a_bad_argument():
    for column, value in (("position", 2**15), ("text", "\x00")):
        with pytest.raises(BadArgument):
            validate(models.Note, Filter("x", column, "="), value)
    assert validate(models.Note, Filter("x", "position", "IN"), [2**15 - 1]) == [2**15 - 1]


def test_values_are_bound_and_never_text(both_paths: BothPaths, mini_rows: MiniRows):
    statements: set[str] = set()
    for title in ("surely not in it", "x' OR true --"):
        both_paths.plan(both_paths.call(CLUBS, mini_rows.tokens[0], where={"clubTitle": title}))
        statements.update(both_paths.statements)
        assert title not in both_paths.statements[0]
    assert len(statements) == 1


def test_a_filter_selects_rows_with_or_without_a_value(both_paths: BothPaths, mini_rows: MiniRows):
    query = """query ($is: Boolean) { viewer { clubs { events(first: 100) { id
        tags { id retiredOn } some: tags(where: {isRetired: $is}) { id retiredOn } } } } }"""
    is_null_values: set[bool] = set()
    for token in mini_rows.tokens[:4]:
        for is_retired in (True, False, None):
            data = both_paths.both(both_paths.call(query, token, **{"is": is_retired}))
            for event in (event for club in data["viewer"]["clubs"] for event in club["events"]):
                expected = [tag for tag in event["tags"]
                           if is_retired in (None, tag["retiredOn"] is not None)]  # fmt: skip
                assert event["some"] == expected
                is_null_values.update(tag["retiredOn"] is None for tag in event["tags"])
    assert is_null_values == {True, False}
