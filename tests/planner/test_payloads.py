"""What a mutation's payload shows is named by keys and read for the viewer who is named."""

import gc
from collections.abc import Iterator
from typing import Any
from uuid import UUID
from weakref import ref

import orjson
import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.declare.scalars import SCALARS
from lk_graphql.planner.documents import PARSED_DOCUMENTS
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.resolvers.fields import ResolverInfo
from tests.planner import mini_models as models
from tests.planner.mini_engine import BothPaths, MiniContext
from tests.planner.mini_rows import MiniRows
from tests.planner.mini_schema import Club, MiniQuery, Person


@strawberry.type(description="Who did it.")
class RenameAuthor:
    person: Person | None = strawberry.field(description="The person.")
    words: str = strawberry.field(description="What they said.")


@strawberry.type(description="What came of it.")
class RenamePayload:
    club: Club | None = strawberry.field(default=None, description="The club.")
    clubs: list[Club] = strawberry.field(description="It, twice.")
    title: str = strawberry.field(description="Its title, as it was set.")
    authors: list[RenameAuthor] = strawberry.field(description="Those who did it.")
    must: Club = strawberry.field(description="The club, which must be there.")


@strawberry.type(description="Where changes start.")
class Changes:
    @strawberry.mutation(description="Gives a club another title, as somebody.")
    async def rename(
        self, info: ResolverInfo, id: strawberry.ID, viewer: strawberry.ID, title: str = "Renamed"
    ) -> RenamePayload:
        key, reader = key_of(id), key_of(viewer)
        assert key
        assert reader
        if title == "broken":
            raise ValueError(title)
        await models.Club.filter(id=key).update(title=title)
        rows = info.context.rows.as_viewer(Viewer(reader, UUID(int=0)))
        author = RenameAuthor(person=rows.by_key(Person, reader), words="!")
        nobody = RenameAuthor(person=None, words="?")
        return RenamePayload(
            club=rows.by_key(Club, key),
            clubs=rows.by_keys(Club, [key, key]),
            title=title,
            authors=[author, nobody],
            must=rows.by_key(Club, key),
        )


RENAME = """mutation ($id: ID!, $viewer: ID!, $no: Boolean = false, $last: Int = 1) {
    __typename
    first: rename(id: $id, viewer: $viewer) { ...Shown title @skip(if: $no) }
    rename(id: $id, viewer: $viewer, title: "Again") {
        club { title events(last: $last) { posterUrl club { title } } }
        clubs { t: title __typename allEvents(first: 1) { totalCount } }
        again: clubs { id }
        authors { words person { __typename greeting isMe } }
    } }
    fragment Shown on RenamePayload { club { id ...Titled nickname } ... { club { title } } }
    fragment Titled on Club { title isOpen @include(if: $no) }"""


@pytest.fixture
def changing(both_paths: BothPaths, mini_rows: MiniRows) -> Iterator[BothPaths]:
    schema: Any = strawberry.Schema(MiniQuery, Changes, config=StrawberryConfig(scalar_map=SCALARS))
    core = getattr(schema, "_schema")  # noqa: B009 - private, and the only way
    old = both_paths.reader
    reader = QueryEngine(core, both_paths.pool, old.session, old.zone, {"signer": "signed"})
    titles: dict[UUID, str] = both_paths.run(all_titles())
    yield BothPaths(both_paths.run, both_paths.pool, reader)
    both_paths.run(put_back(titles))


async def all_titles() -> dict[UUID, str]:
    return dict(await models.Club.all().values_list("id", "title"))


async def put_back(titles: dict[UUID, str]) -> None:
    for key, title in titles.items():
        await models.Club.filter(id=key).update(title=title)


def changed(both_paths: BothPaths, query: str, **variables: object) -> Any:
    """The answer as JSON, errors by message and path; and how many statements showed it."""
    call = both_paths.call(query, "nobody's", **variables)
    both_paths.pool.statements.clear()
    change = both_paths.run(
        both_paths.reader.execute_mutation(call, MiniContext(both_paths.reader.rows(call, None)))
    )
    errors = [(error.message, error.path) for error in change.result.errors or ()]
    data = orjson.loads(orjson.dumps(change.result.data))
    return data, errors, change.by_plan and len(both_paths.pool.statements)


def by_core(both_paths: BothPaths, query: str, **variables: object) -> Any:
    """The same where there are no plans for payloads."""
    both_paths.reader.__dict__["_payloads"] = lambda *_: None  # pyright: ignore - the test's switch
    data, errors, by_plan = changed(both_paths, query, **variables)
    both_paths.reader.__post_init__()
    assert by_plan is False
    return data, errors


@pytest.fixture
def mine(mini_rows: MiniRows) -> dict[str, object]:
    club = next(id_ for id_ in mini_rows.ids["clb"] if mini_rows.owners[id_])
    token = min(mini_rows.owners[club])
    return {"id": club, "viewer": mini_rows.ids["per"][mini_rows.tokens.index(token)]}


@pytest.mark.parametrize("no", [True, False])
def test_each_payload_is_one_statement(changing: BothPaths, mine: dict[str, object], *, no: bool):
    data, errors, statements = changed(changing, RENAME, **mine, no=no, last=2)
    assert (errors, statements) == ([], 2)
    assert data["first"]["club"]["title"] == "Renamed"
    assert data["rename"]["club"]["title"] == "Again"
    assert [club["t"] for club in data["rename"]["clubs"]] == ["Again"] * 2
    assert [author["words"] for author in data["rename"]["authors"]] == ["!", "?"]
    core, _ = by_core(changing, RENAME, **mine, no=no, last=2)
    assert orjson.dumps(core) == orjson.dumps(data)


def test_a_payload_without_objects_is_none(changing: BothPaths, mine: dict[str, object]):
    query = "mutation ($id: ID!, $viewer: ID!) { rename(id: $id, viewer: $viewer) { title } }"
    assert changed(changing, query, **mine) == ({"rename": {"title": "Renamed"}}, [], 0)


def test_a_payload_shows_nothing_that_is_not_the_viewers(changing: BothPaths, mini_rows: MiniRows):
    club, viewer = mini_rows.ids["clb"][0], mini_rows.ids["per"][4]
    query = """mutation ($id: ID!, $viewer: ID!) {
        rename(id: $id, viewer: $viewer) { club { id } clubs { id } } }"""
    answer, _, statements = changed(changing, query, id=club, viewer=viewer)
    assert (answer, statements) == ({"rename": {"club": None, "clubs": []}}, 1)


@pytest.mark.parametrize(
    "rest",
    [
        'b: rename(id: $id, viewer: $viewer, title: "broken") { title }',
        "b: rename(id: $id, viewer: $viewer) { club { events(last: 0) { id } } }",
        'b: rename(id: $id, viewer: $viewer, title: "C") { must { title } }',
    ],
)
def test_what_goes_wrong_goes_wrong_alike(changing: BothPaths, mine: dict[str, object], rest: str):
    """Fields that follow an error that took everything with it are not run."""
    query = """mutation ($id: ID!, $viewer: ID!) {
        a: rename(id: $id, viewer: $viewer, title: "A") { club { title } clubs { title } }
        %s  c: rename(id: $id, viewer: $viewer, title: "C") { clubs { title } } }"""
    data, errors, _ = changed(changing, query % rest, **mine)
    assert (data, errors) == by_core(changing, query % rest, **mine)


def test_a_change_is_told_even_if_its_objects_cant_be_read(
    changing: BothPaths, mine: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    async def broken(*_: object) -> None:
        raise ConnectionError("too slow")

    monkeypatch.setattr(changing.pool, "fetchrow", broken)
    query = """mutation ($id: ID!, $viewer: ID!) {
        rename(id: $id, viewer: $viewer) { title club { title } } }"""
    data, errors, _ = changed(changing, query, **mine)
    assert data == {"rename": {"title": "Renamed", "club": None}}
    assert errors == [("too slow", ["rename", "club"])]


def test_an_error_stands_where_its_field_does(changing: BothPaths, mine: dict[str, object]) -> None:
    """Though of the document's tree nothing is kept that the payload shows."""
    call = changing.call(
        """mutation ($id: ID!, $viewer: ID!) { __typename
        rename(id: $id, viewer: $viewer, title: "broken") { title } }""", "nobody's", **mine,
    )  # fmt: skip

    def told() -> Any:
        rows = changing.reader.rows(call, None)
        change = changing.run(changing.reader.execute_mutation(call, MiniContext(rows)))
        [error] = change.result.errors
        return change.by_plan, error.message, error.path, error.locations

    assert told() == (True, "broken", ["rename"], [(2, 9)])
    shown = ref(call.operation.node.selection_set)
    for number in range(PARSED_DOCUMENTS):
        _ = changing.call(f"query Q{number} {{ tags {{ id }} }}").operation.document
    gc.collect()
    assert told() == (True, "broken", ["rename"], [(2, 9)])
    assert shown() is None
