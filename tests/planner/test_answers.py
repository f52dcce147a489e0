"""Answers of both paths: visibility, numbers of statements, exact bytes, bad arguments."""

import logging
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.planner.documents import InvalidDocument
from lk_graphql.planner.resolvers.rows import RowReader
from tests.planner import mini_models as models
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import NOW, MiniRows

EVERYTHING = """query Everything($first: Int = 3, $after: String, $notes: Boolean = true) {
  __typename
  viewer { id email name greeting isMe
    memberships { state nickname club { title } }
    parcels(last: 2) { nodes { number about { __typename ... on Event { posterUrl } } } }
    clubs { __typename ...Events title nickname upcoming takings
      standing { wealth } rulebook { text }
      lastEvent { state clubTitle currentTags { name } lastNote { text } }
      allEvents(first: $first, after: $after) {
        totalCount edges { cursor node { weight } } nodes { heldOn }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }
  tags { id name }
}
fragment Events on Club { events(first: 3) { id month fee state posterUrl halfWeight
  notes @include(if: $notes) { text price } club { ... on Node { id } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


def test_both_paths_give_the_same_answer_and_the_plan_is_one_statement(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    for token in [*mini_rows.tokens, "nobody's"]:
        both_paths.both(both_paths.call(EVERYTHING, token))


def test_a_plan_selects_the_requested_columns_only(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    both_paths.plan(both_paths.call("{ viewer { clubs { title } } }", mini_rows.tokens[0]))
    [sql] = both_paths.statements
    assert "title" in sql
    assert "motto" not in sql
    assert "email" not in sql


def test_a_node_is_visible_to_its_owners_only(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    """Against the owners in `MiniRows`."""
    visible = 0
    for public_id, owners in mini_rows.owners.items():
        for token in [*mini_rows.tokens, "nobody's"]:
            data = both_paths.both(both_paths.call(NODE, token, id=public_id))
            assert (data["node"] is not None) == (token in owners), (public_id, token)
            visible += token in owners
    assert visible > 50


def test_nodes_keep_their_order_and_leave_gaps(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Club { title } } }"
    ids = [public_id for some_ids in mini_rows.ids.values() for public_id in some_ids[:9]] + [
        "",
        "nope_1",
        "clb_x",
    ]
    for token in mini_rows.tokens:
        nodes = both_paths.both(both_paths.call(query, token, ids=ids))["nodes"]
        assert [node and node["id"] for node in nodes] == [
            public_id if token in mini_rows.owners.get(public_id, ()) else None for public_id in ids
        ]
    assert both_paths.both(both_paths.call(query, ids=[])) == {"nodes": []}


def test_a_suspended_membership_is_visible_without_its_club(both_paths: BothPaths) -> None:
    async def make() -> str:
        club = await models.Club.create(
            id=uuid4(), title="Gated", wealth=1, founded_at=NOW, motto="secret"
        )
        person = await models.Person.get(email="u0@example.org")
        await models.Membership.create(
            id=uuid4(), person=person, club=club, state="SUSPENDED", nickname="Gated"
        )
        event = await models.Event.create(
            id=uuid4(), club=club, title="Gated", held_on=NOW.date(), fee=1, paid=0, weight=1
        )
        await models.Note.create(id=uuid4(), event=event, position=1, text="x", written_at=NOW)
        return to_public("evt", event.id)

    event = both_paths.run(make())
    query = """query ($id: ID!) { node(id: $id) { id } viewer {
        memberships { nickname state club { title } }
        clubs { title } allEvents { nodes { title } } } }"""
    data = both_paths.both(both_paths.call(query, "token-0", id=event))
    assert data["node"] is None
    viewer = data["viewer"]
    memberships = [
        membership for membership in viewer["memberships"] if membership["nickname"] == "Gated"
    ]
    assert memberships == [{"nickname": "Gated", "state": "SUSPENDED", "club": None}]
    assert "Gated" not in str(viewer["clubs"]) + str(viewer["allEvents"])


def test_the_plain_path_costs_the_same_however_many_rows(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    """Against the number of statements that Tortoise logs."""
    before = statements(both_paths, EVERYTHING, mini_rows.tokens[1])
    both_paths.run(_grow())
    assert statements(both_paths, EVERYTHING, mini_rows.tokens[1]) == before
    assert before < 40
    both_paths.both(both_paths.call(EVERYTHING, mini_rows.tokens[1]))


def statements(both_paths: BothPaths, query: str, token: str) -> int:
    """The number of statements that Tortoise logs for the resolvers' answer."""

    class Counter(logging.Handler):
        count = 0

        def emit(self, record: logging.LogRecord) -> None:
            self.count += record.levelno == logging.DEBUG

    log, counter = logging.getLogger("tortoise.db_client"), Counter()
    log.addHandler(counter)
    log.setLevel(logging.DEBUG)
    assert both_paths.by_resolvers(both_paths.call(query, token))
    log.removeHandler(counter)
    log.setLevel(logging.NOTSET)
    return counter.count


async def _grow() -> None:
    """Add events with notes to all clubs."""
    for club in await models.Club.all():
        for number in range(3):
            event = await models.Event.create(
                id=uuid4(),
                club=club,
                title=f"new{number}",
                held_on=NOW.date(),
                fee=5,
                paid=0,
                weight=1,
            )
            await models.Note.create(
                id=uuid4(), event=event, position=1, text="new", written_at=NOW, price=Decimal(1)
            )


ADDRESSES = [
    "'; DROP TABLE event; --", "clb_' OR '1'='1", "clb_" + "g" * 32, "clb_", "", "_", "per_\x00",
    "clb_" + "0" * 32, "clb_{0}", "$1", '"json row"', "nope_" + "0" * 32, "clb_ " + "0" * 31, "😀",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_id_is_a_value(both_paths: BothPaths, mini_rows: MiniRows, address: str) -> None:
    assert both_paths.both(both_paths.call(NODE, mini_rows.tokens[0], id=address)) == {"node": None}


@pytest.mark.parametrize(
    "after",
    ["'; DROP TABLE x; --", "MjAyNi0xMS0yMA", "", "AAAA" * 20, "😀", "=" * 9, "A"],
)
def test_a_bad_cursor_is_refused(both_paths: BothPaths, mini_rows: MiniRows, after: str) -> None:
    assert_refused(both_paths,
            "query ($after: String) { viewer { allEvents(after: $after) { totalCount } } }",
            mini_rows.tokens[0], after=after)  # fmt: skip


@pytest.mark.parametrize(
    "arguments", ["first: 0", "first: 101", "last: -1", "first: 1, last: 1", "first: 2147483647"]
)
def test_a_bad_count_is_refused(both_paths: BothPaths, mini_rows: MiniRows, arguments: str) -> None:
    query = f"{{ viewer {{ allEvents({arguments}) {{ totalCount }} }} }}"
    assert_refused(both_paths, query, mini_rows.tokens[0])


def test_too_many_ids_are_refused(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert_refused(both_paths, query, mini_rows.tokens[0], ids=["x"] * 101)


def assert_refused(both_paths: BothPaths, query: str, token: str, **variables: object) -> None:
    """Assert that no statement runs, and that the request is refused with the argument's path."""
    call = both_paths.call(query, token, **variables)
    with suppress(InvalidDocument):
        assert both_paths.plan(call) is None
    assert both_paths.pool.statements == []
    with pytest.raises(InvalidDocument) as refused:
        both_paths.resolver_result(call)
    [error] = refused.value.errors
    assert isinstance(error.original_error, BadArgument)
    assert error.path


def test_aliases_with_a_meaning_in_sql_are_answered(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    both_paths.both(both_paths.call(
        """{ viewer { o: email t1: name row: name json_row: id data: clubs {
        t2: title select: isOpen viewer: id page_t3: allEvents { nodes { t3: id } } } } }""",
        mini_rows.tokens[0],
    ))  # fmt: skip


def test_an_alias_too_long_for_postgresql_is_answered_by_resolvers(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    query = "{{ viewer {{ {}: email {}: id }} }}".format("a" * 64 + "b", "a" * 64 + "c")
    call = both_paths.call(query, mini_rows.tokens[0])
    assert both_paths.plan(call) is None
    assert len(both_paths.by_resolvers(call)["viewer"]) == 2


def test_skip_and_include_may_leave_nothing_selected(
    both_paths: BothPaths, mini_rows: MiniRows
) -> None:
    query = """query ($no: Boolean = false) {
        viewer { email @include(if: $no) clubs { id @skip(if: true) } } }"""
    assert "email" not in both_paths.both(both_paths.call(query, mini_rows.tokens[0]))["viewer"]
    null = both_paths.call(query, mini_rows.tokens[0], no=None)
    assert both_paths.plan(null) is None
    with pytest.raises(InvalidDocument, match="null in @skip or @include"):
        both_paths.resolver_result(null)


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("field", ["allEvents", "eventsByTitle", "heavyFirst"])
def test_pages_meet_without_gap_or_overlap(
    both_paths: BothPaths, mini_rows: MiniRows, field: str, size: int
) -> None:
    query = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Club {{
        list: {field}(first: 100) {{ nodes {{ id }} }} }} }} }}"""
    for club in mini_rows.ids["clb"]:
        for token in sorted(mini_rows.owners[club])[:1]:
            all_nodes = both_paths.both(both_paths.call(query, token, id=club))["node"]["list"][
                "nodes"
            ]
            assert pages_of(both_paths, field, token, club, size, backward=False) == all_nodes
            assert pages_of(both_paths, field, token, club, size, backward=True) == all_nodes


def pages_of(
    both_paths: BothPaths, field: str, token: str, club: str, size: int, *, backward: bool
) -> list[Any]:
    """All nodes, page by page from one end."""
    count, side = ("last", "before") if backward else ("first", "after")
    query = f"""query ($id: ID!, $place: String) {{ node(id: $id) {{ ... on Club {{
        list: {field}({count}: {size}, {side}: $place) {{ nodes {{ id }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"""
    nodes: list[Any] = []
    cursor, has_more = None, True
    while has_more:
        page = both_paths.both(both_paths.call(query, token, id=club, place=cursor))["node"]["list"]
        nodes = page["nodes"] + nodes if backward else nodes + page["nodes"]
        info = page["pageInfo"]
        cursor = info["startCursor" if backward else "endCursor"]
        has_more = info["hasPreviousPage" if backward else "hasNextPage"]
        first_page = len(nodes) == len(page["nodes"])
        assert info["hasNextPage" if backward else "hasPreviousPage"] is not first_page
    return nodes


def test_both_paths_write_these_exact_bytes(both_paths: BothPaths) -> None:
    """A golden answer, because both paths share scalars and relations."""
    club = both_paths.run(_golden())
    query = """query ($id: ID!) { node(id: $id) { ... on Club { foundedAt takings upcoming
        nickname events(first: 2) { heldOn month fee state weight halfWeight clubTitle posterUrl
        lastNote { text price writtenAt } } } } viewer { greeting isMe } }"""
    assert both_paths.both(both_paths.call(query, "token-1", id=club)) == {
        "node": {
            "foundedAt": "2026-01-02T03:04:05.000Z", "takings": "1234.57", "upcoming": 1,
            "nickname": "дача",
            "events": [
                {"heldOn": "2026-11-22", "month": "2026-11", "fee": "1234.56", "state": "DUE",
                 "weight": "120.5", "halfWeight": "60.25", "clubTitle": "Golden",
                 "posterUrl": "https://example.org/2026-11/2/6?signed", "lastNote": None},
                # 20 November in UTC, but already the 21st in the company's zone
                {"heldOn": "2026-11-20", "month": "2026-11", "fee": "0.01", "state": "OVERDUE",
                 "weight": "0.001", "halfWeight": "0.0005", "clubTitle": "Golden",
                 "posterUrl": "https://example.org/2026-11/2/6?signed",
                 "lastNote": {"text": "new", "price": "-0.00001",
                              "writtenAt": "2026-11-20T19:30:00.123Z"}},
            ],
        },
        "viewer": {"greeting": "EN: Зоя at 19:30", "isMe": True},
    }  # fmt: skip


async def _golden() -> str:
    person = await models.Person.get(email="u1@example.org")
    await models.Person.filter(id=person.id).update(name="Зоя")
    club = await models.Club.create(
        id=uuid4(), title="Golden", wealth=0, founded_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    )
    await models.Membership.create(
        id=uuid4(), person=person, club=club, state="ACTIVE", nickname="дача"
    )
    rows = [("g1", 20, 1, "0.001"), ("g2", 22, 123456, "120.5")]
    for title, day, fee, weight in rows:
        event = await models.Event.create(
            id=uuid4(), club=club, title=title, held_on=date(2026, 11, day),
            fee=fee, paid=0, weight=Decimal(weight),
        )  # fmt: skip
        if title == "g1":
            written = NOW.replace(microsecond=123999)
            for text, moment in (("old", NOW), ("new", written)):
                await models.Note.create(
                    id=uuid4(), event=event, position=1, text=text, written_at=moment,
                    price=Decimal("-0.00001"),
                )  # fmt: skip
    return to_public("clb", club.id)


def test_introspection_and_resolvers_of_ones_own_go_to_graphql_core(both_paths: BothPaths) -> None:
    for query in ("{ __schema { queryType { name } } }", "{ hello }", "{ hello desk { sign } }"):
        call = both_paths.call(query)
        assert both_paths.plan(call) is None
        assert both_paths.by_resolvers(call)


def test_a_failed_field_doesn_t_affect_the_next_query(
    both_paths: BothPaths, mini_rows: MiniRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batches of its siblings end before their connection is used again."""

    async def fail(*_: object) -> None:
        raise ArithmeticError("broken")

    call = both_paths.call(
        "{ viewer { clubs { events { id } allEvents { totalCount } } } }",
                     mini_rows.tokens[1])  # fmt: skip
    for _ in range(5):
        with monkeypatch.context() as patched:
            patched.setattr(RowReader, "page", fail)
            assert both_paths.resolver_result(call).errors
        both_paths.both(both_paths.call(EVERYTHING, mini_rows.tokens[1]))


def test_an_operation_is_valid_and_named_if_it_has_siblings(both_paths: BothPaths) -> None:
    with pytest.raises(InvalidDocument, match="Cannot query field"):
        both_paths.engine.prepare("{ nonsense }")
    with pytest.raises(InvalidDocument, match="Name one"):
        both_paths.engine.prepare("query A { tags { id } } query B { tags { id } }")
    assert (
        both_paths.engine.prepare("query A { tags { id } } query B { tags { id } }", "B").name
        == "B"
    )


def test_the_viewer_is_returned_with_the_answer(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    call = both_paths.call("{ tags { id } }", mini_rows.tokens[0])
    result = both_paths.run(both_paths.engine.execute_plan(call))
    assert result.principal == both_paths.run(both_paths.engine.principal(call))
    assert result.principal.viewer.id == key_of(mini_rows.ids["per"][0])
    assert isinstance(result.principal.viewer.session_id, UUID)
    guest_result = both_paths.run(
        both_paths.engine.execute_plan(both_paths.call("{ tags { id } }", mini_rows.tokens[4]))
    )
    assert guest_result.principal == (None, None)
    assert orjson.loads(guest_result.data) == orjson.loads(result.data)
