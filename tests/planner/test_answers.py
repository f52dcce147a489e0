"""The promises that need no luck: who sees what, statements, exact bytes, bad arguments."""

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from lk_graphql.kit.errors import BadArgument
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.planner.documents import BadDocument
from lk_graphql.planner.engine import Reader
from tests.planner import mini_models as models
from tests.planner.mini_engine import Paths
from tests.planner.mini_rows import NOW, World
from tests.planner.mini_schema import WithHello, built

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
fragment Events on Club { events(last: 3) { id month fee state posterUrl halfWeight
  notes @include(if: $notes) { text price } club { ... on Node { id } } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


def test_one_statement_and_the_same_answer(paths: Paths, world: World) -> None:
    for token in [*world.tokens, "nobody's"]:
        paths.both(paths.call(EVERYTHING, token))


def test_a_plan_selects_what_was_asked_and_no_more(paths: Paths, world: World) -> None:
    paths.plan(paths.call("{ viewer { clubs { title } } }", world.tokens[0]))
    [sql] = paths.statements
    assert "title" in sql
    assert "motto" not in sql
    assert "email" not in sql


def test_node_shows_mine_and_hides_theirs(paths: Paths, world: World) -> None:
    """By the oracle: who owns what was noted when the rows were made."""
    shown = 0
    for public, owners in world.owners.items():
        for token in [*world.tokens, "nobody's"]:
            data = paths.both(paths.call(NODE, token, id=public))
            assert (data["node"] is not None) == (token in owners), (public, token)
            shown += token in owners
    assert shown > 50


def test_nodes_keep_their_order_and_leave_gaps(paths: Paths, world: World) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Club { title } } }"
    ids = [public for some in world.ids.values() for public in some[:9]] + ["", "nope_1", "clb_x"]
    for token in world.tokens:
        found = paths.both(paths.call(query, token, ids=ids))["nodes"]
        assert [one and one["id"] for one in found] == [
            public if token in world.owners.get(public, ()) else None for public in ids
        ]
    assert paths.both(paths.call(query, ids=[])) == {"nodes": []}


def test_a_suspended_membership_is_shown_and_leads_nowhere(paths: Paths) -> None:
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

    event = paths.run(make())
    query = """query ($id: ID!) { node(id: $id) { id } viewer {
        memberships { nickname state club { title } }
        clubs { title } allEvents { nodes { title } } } }"""
    data = paths.both(paths.call(query, "token-0", id=event))
    assert data["node"] is None
    viewer = data["viewer"]
    mine = [m for m in viewer["memberships"] if m["nickname"] == "Gated"]
    assert mine == [{"nickname": "Gated", "state": "SUSPENDED", "club": None}]
    assert "Gated" not in str(viewer["clubs"]) + str(viewer["allEvents"])


def test_the_plain_path_costs_the_same_however_many_rows(paths: Paths, world: World) -> None:
    """Statements on Tortoise's connection, by the database's own count."""
    before = statements(paths, EVERYTHING, world.tokens[1])
    paths.run(_grow())
    assert statements(paths, EVERYTHING, world.tokens[1]) == before
    assert before < 40
    paths.both(paths.call(EVERYTHING, world.tokens[1]))


def statements(paths: Paths, query: str, token: str) -> int:
    """How many statements Tortoise runs for the plain answer, by its own log."""

    class Counter(logging.Handler):
        count = 0

        def emit(self, record: logging.LogRecord) -> None:
            self.count += record.levelno == logging.DEBUG

    log, counter = logging.getLogger("tortoise.db_client"), Counter()
    log.addHandler(counter)
    log.setLevel(logging.DEBUG)
    assert paths.plain(paths.call(query, token))
    log.removeHandler(counter)
    log.setLevel(logging.NOTSET)
    return counter.count


async def _grow() -> None:
    """More events for every club, with something in each."""
    for club in await models.Club.all():
        for n in range(3):
            event = await models.Event.create(
                id=uuid4(), club=club, title=f"new{n}", held_on=NOW.date(), fee=5, paid=0, weight=1
            )
            await models.Note.create(
                id=uuid4(), event=event, position=1, text="new", written_at=NOW, price=Decimal(1)
            )


ADDRESSES = [
    "'; DROP TABLE event; --", "clb_' OR '1'='1", "clb_" + "g" * 32, "clb_", "", "_", "per_\x00",
    "clb_" + "0" * 32, "clb_{0}", "$1", '"json row"', "nope_" + "0" * 32, "clb_ " + "0" * 31, "😀",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_id_is_a_value(paths: Paths, world: World, address: str) -> None:
    assert paths.both(paths.call(NODE, world.tokens[0], id=address)) == {"node": None}


@pytest.mark.parametrize(
    "after",
    ["'; DROP TABLE x; --", "MjAyNi0xMS0yMA", "", "AAAA" * 20, "😀", "=" * 9, "A"],
)
def test_a_bad_cursor_is_refused(paths: Paths, world: World, after: str) -> None:
    refused(paths, "query ($after: String) { viewer { allEvents(after: $after) { totalCount } } }",
            world.tokens[0], after=after)  # fmt: skip


@pytest.mark.parametrize(
    "arguments", ["first: 0", "first: 101", "last: -1", "first: 1, last: 1", "first: 2147483647"]
)
def test_a_bad_count_is_refused(paths: Paths, world: World, arguments: str) -> None:
    query = f"{{ viewer {{ allEvents({arguments}) {{ totalCount }} }} }}"
    refused(paths, query, world.tokens[0])


def test_too_many_ids_are_refused(paths: Paths, world: World) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    refused(paths, query, world.tokens[0], ids=["x"] * 101)


def refused(paths: Paths, query: str, token: str, **variables: object) -> None:
    """No statement is run; graphql-core says what is wrong and where."""
    call = paths.call(query, token, **variables)
    assert paths.plan(call) is None
    assert paths.statements == []
    [error] = paths.executed(call).errors
    assert isinstance(error.original_error, BadArgument)
    assert error.path


def test_aliases_that_mean_something_in_sql(paths: Paths, world: World) -> None:
    paths.both(paths.call(
        """{ viewer { o: email t1: name row: name json_row: id data: clubs {
        t2: title select: isOpen viewer: id page_t3: allEvents { nodes { t3: id } } } } }""",
        world.tokens[0],
    ))  # fmt: skip


def test_an_alias_too_long_for_postgresql(paths: Paths, world: World) -> None:
    query = "{{ viewer {{ {}: email {}: id }} }}".format("a" * 64 + "b", "a" * 64 + "c")
    call = paths.call(query, world.tokens[0])
    assert paths.plan(call) is None
    assert len(paths.plain(call)["viewer"]) == 2


def test_an_empty_selection(paths: Paths, world: World) -> None:
    query = """query ($no: Boolean = false) {
        viewer { email @include(if: $no) clubs { id @skip(if: true) } } }"""
    assert "email" not in paths.both(paths.call(query, world.tokens[0]))["viewer"]
    null = paths.call(query, world.tokens[0], no=None)
    assert paths.plan(null) is None
    assert paths.executed(null).errors


@pytest.mark.parametrize("size", [1, 2, 4])
@pytest.mark.parametrize("field", ["allEvents", "eventsByTitle", "heavyFirst"])
def test_pages_meet_without_gap_or_overlap(
    paths: Paths, world: World, field: str, size: int
) -> None:
    whole_query = f"""query ($id: ID!) {{ node(id: $id) {{ ... on Club {{
        list: {field}(first: 100) {{ nodes {{ id }} }} }} }} }}"""
    for club in world.ids["clb"]:
        for token in sorted(world.owners[club])[:1]:
            whole = paths.both(paths.call(whole_query, token, id=club))["node"]["list"]["nodes"]
            assert pages_of(paths, field, token, club, size, backward=False) == whole
            assert pages_of(paths, field, token, club, size, backward=True) == whole


def pages_of(
    paths: Paths, field: str, token: str, club: str, size: int, *, backward: bool
) -> list[Any]:
    """The whole list, page by page from one end."""
    count, side = ("last", "before") if backward else ("first", "after")
    query = f"""query ($id: ID!, $place: String) {{ node(id: $id) {{ ... on Club {{
        list: {field}({count}: {size}, {side}: $place) {{ nodes {{ id }}
        pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"""
    seen: list[Any] = []
    place, more = None, True
    while more:
        page = paths.both(paths.call(query, token, id=club, place=place))["node"]["list"]
        seen = page["nodes"] + seen if backward else seen + page["nodes"]
        info = page["pageInfo"]
        place = info["startCursor" if backward else "endCursor"]
        more = info["hasPreviousPage" if backward else "hasNextPage"]
        first_page = len(seen) == len(page["nodes"])
        assert info["hasNextPage" if backward else "hasPreviousPage"] is not first_page
    return seen


def test_exact_bytes(paths: Paths) -> None:
    """A golden answer, since both paths share what scalars and relations mean."""
    club = paths.run(_golden())
    query = """query ($id: ID!) { node(id: $id) { ... on Club { foundedAt takings upcoming
        nickname events(last: 2) { heldOn month fee state weight halfWeight clubTitle posterUrl
        lastNote { text price writtenAt } } } } viewer { greeting isMe } }"""
    assert paths.both(paths.call(query, "token-1", id=club)) == {
        "node": {
            "foundedAt": "2026-01-02T03:04:05.000Z", "takings": "1234.57", "upcoming": 1,
            "nickname": "дача",
            "events": [
                {"heldOn": "2026-11-22", "month": "2026-11", "fee": "1234.56", "state": "DUE",
                 "weight": "120.500", "halfWeight": "60.250", "clubTitle": "Golden",
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


def test_introspection_and_resolvers_of_ones_own_go_to_graphql_core(paths: Paths) -> None:
    reader = Reader(
        built(WithHello), paths.pool, paths.reader.session, paths.reader.zone, {"signer": ""}
    )
    both = Paths(paths.run, paths.pool, reader)
    for query in ("{ __schema { queryType { name } } }", "{ hello tags { name } }"):
        call = both.call(query)
        assert both.plan(call) is None
        assert both.plain(call)


def test_a_failed_field_takes_nobody_with_it(paths: Paths, world: World) -> None:
    """Its batches end before their connection serves somebody else."""
    bad = paths.call("{ viewer { clubs { events { id } allEvents(first: 0) { totalCount } } } }",
                     world.tokens[1])  # fmt: skip
    for _ in range(5):
        assert paths.executed(bad).errors
        paths.both(paths.call(EVERYTHING, world.tokens[1]))


def test_a_document_is_prepared_once(paths: Paths) -> None:
    assert paths.reader.prepare("{ tags { id } }") is paths.reader.prepare("{ tags { id } }")
    with pytest.raises(BadDocument, match="Cannot query field"):
        paths.reader.prepare("{ nonsense }")
    with pytest.raises(BadDocument, match="Name one"):
        paths.reader.prepare("query A { tags { id } } query B { tags { id } }")
    assert paths.reader.prepare("query A { tags { id } } query B { tags { id } }", "B").name == "B"


def test_who_asks_is_told_with_the_answer(paths: Paths, world: World) -> None:
    call = paths.call("{ tags { id } }", world.tokens[0])
    answer = paths.run(paths.reader.planned(call))
    assert answer.viewer == paths.run(paths.reader.viewer(call))
    assert answer.viewer.id == key_of(world.ids["per"][0])
    assert isinstance(answer.viewer.session_id, UUID)
    guest = paths.run(paths.reader.planned(paths.call("{ tags { id } }", world.tokens[4])))
    assert guest.viewer is None
    assert orjson.loads(guest.data) == orjson.loads(answer.data)
