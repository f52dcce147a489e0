"""The objects of a mutation's payload are read by key, for the viewer given by the resolver."""

import gc
from collections.abc import Callable, Iterator
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
from lk_graphql.planner.documents import PARSED_DOCUMENTS, InvalidDocument
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


RENAME = """mutation ($id: ID!, $viewer: ID!, $no: Boolean = false, $first: Int = 1) {
    __typename
    first: rename(id: $id, viewer: $viewer) { ...Shown title @skip(if: $no) }
    rename(id: $id, viewer: $viewer, title: "Again") {
        club { title events(first: $first) { posterUrl club { title } } }
        clubs { t: title __typename allEvents(first: 1) { totalCount } }
        again: clubs { id }
        authors { words person { __typename greeting isMe } }
    } }
    fragment Shown on RenamePayload { club { id ...Titled nickname } ... { club { title } } }
    fragment Titled on Club { title isOpen @include(if: $no) }"""


@pytest.fixture
def changing(both_paths: BothPaths, mini_rows: MiniRows) -> Iterator[BothPaths]:
    schema: Any = strawberry.Schema(MiniQuery, Changes, config=StrawberryConfig(scalar_map=SCALARS))
    graphql_schema = getattr(schema, "_schema")  # noqa: B009 - Strawberry has no public access to it
    engine = both_paths.engine
    mutating_engine = QueryEngine(
        graphql_schema, both_paths.pool, engine.sessions, engine.zone, {"signer": "signed"}
    )
    titles: dict[UUID, str] = both_paths.run(all_titles())
    yield BothPaths(both_paths.run, both_paths.pool, mutating_engine)
    both_paths.run(restore(titles))


async def all_titles() -> dict[UUID, str]:
    return dict(await models.Club.all().values_list("id", "title"))


async def restore(titles: dict[UUID, str]) -> None:
    for key, title in titles.items():
        await models.Club.filter(id=key).update(title=title)


def mutate(both_paths: BothPaths, query: str, **variables: object) -> Any:
    """The data as JSON, the errors' messages and paths, and the number of statements."""
    call = both_paths.call(query, "nobody's", **variables)
    both_paths.pool.statements.clear()
    mutation = both_paths.run(
        both_paths.engine.execute_mutation(call, MiniContext(both_paths.engine.rows(call, None)))
    )
    errors = [(error.message, error.path) for error in mutation.result.errors or ()]
    data = orjson.loads(orjson.dumps(mutation.result.data))
    return data, errors, mutation.by_plan and len(both_paths.pool.statements)


def mutate_by_resolvers(both_paths: BothPaths, query: str, **variables: object) -> Any:
    """The same without plans for payloads."""
    both_paths.engine.__dict__["_payloads"] = lambda *_: None  # pyright: ignore - the test's switch
    data, errors, by_plan = mutate(both_paths, query, **variables)
    both_paths.engine.__post_init__()
    assert by_plan is False
    return data, errors


@pytest.fixture
def club_and_viewer(mini_rows: MiniRows) -> dict[str, object]:
    club = next(id_ for id_ in mini_rows.ids["clb"] if mini_rows.owners[id_])
    token = min(mini_rows.owners[club])
    return {"id": club, "viewer": mini_rows.ids["per"][mini_rows.tokens.index(token)]}


@pytest.mark.parametrize("no", [True, False])
def test_each_payload_is_one_statement(
    changing: BothPaths, club_and_viewer: dict[str, object], *, no: bool
):
    data, errors, statements = mutate(changing, RENAME, **club_and_viewer, no=no, first=2)
    assert (errors, statements) == ([], 2)
    assert data["first"]["club"]["title"] == "Renamed"
    assert data["rename"]["club"]["title"] == "Again"
    assert [club["t"] for club in data["rename"]["clubs"]] == ["Again"] * 2
    assert [author["words"] for author in data["rename"]["authors"]] == ["!", "?"]
    resolved, _ = mutate_by_resolvers(changing, RENAME, **club_and_viewer, no=no, first=2)
    assert orjson.dumps(resolved) == orjson.dumps(data)


def test_a_payload_without_objects_is_none(changing: BothPaths, club_and_viewer: dict[str, object]):
    query = "mutation ($id: ID!, $viewer: ID!) { rename(id: $id, viewer: $viewer) { title } }"
    assert mutate(changing, query, **club_and_viewer) == ({"rename": {"title": "Renamed"}}, [], 0)


def test_a_payload_shows_nothing_that_is_not_the_viewers(changing: BothPaths, mini_rows: MiniRows):
    club, viewer = mini_rows.ids["clb"][0], mini_rows.ids["per"][4]
    query = """mutation ($id: ID!, $viewer: ID!) {
        rename(id: $id, viewer: $viewer) { club { id } clubs { id } } }"""
    data, _, statements = mutate(changing, query, id=club, viewer=viewer)
    assert (data, statements) == ({"rename": {"club": None, "clubs": []}}, 1)


@pytest.mark.parametrize(
    "rest",
    [
        'b: rename(id: $id, viewer: $viewer, title: "broken") { title }',
        'b: rename(id: $id, viewer: $viewer, title: "C") { must { title } }',
    ],
)
def test_errors_of_payloads_are_those_of_graphql_core(
    changing: BothPaths, club_and_viewer: dict[str, object], rest: str
):
    """Fields after an error in a non-null field aren't executed."""
    query = """mutation ($id: ID!, $viewer: ID!) {
        a: rename(id: $id, viewer: $viewer, title: "A") { club { title } clubs { title } }
        %s  c: rename(id: $id, viewer: $viewer, title: "C") { clubs { title } } }"""
    data, errors, _ = mutate(changing, query % rest, **club_and_viewer)
    assert (data, errors) == mutate_by_resolvers(changing, query % rest, **club_and_viewer)


@pytest.mark.parametrize("mutate_", [mutate, mutate_by_resolvers])
def test_a_refused_argument_of_a_payload_changes_nothing(
    changing: BothPaths, club_and_viewer: dict[str, object], mutate_: Callable[..., Any]
):
    query = """mutation ($id: ID!, $viewer: ID!) { rename(id: $id, viewer: $viewer) { title }
        b: rename(id: $id, viewer: $viewer, title: "B") { club { events(first: 0) { id } } } }"""

    with pytest.raises(InvalidDocument) as refused:
        mutate_(changing, query, **club_and_viewer)

    assert [error.path for error in refused.value.errors] == [["b", "club", "events"]]
    assert changing.pool.statements == []
    assert {"Renamed", "B"}.isdisjoint(changing.run(all_titles()).values())


def test_a_change_is_reported_even_if_its_objects_can_t_be_read(
    changing: BothPaths, club_and_viewer: dict[str, object], monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise ConnectionError("too slow")

    monkeypatch.setattr(changing.pool, "fetchrow", fail)
    query = """mutation ($id: ID!, $viewer: ID!) {
        rename(id: $id, viewer: $viewer) { title club { title } } }"""
    data, errors, _ = mutate(changing, query, **club_and_viewer)
    assert data == {"rename": {"title": "Renamed", "club": None}}
    assert errors == [("too slow", ["rename", "club"])]


def test_an_error_has_the_location_of_its_field(
    changing: BothPaths, club_and_viewer: dict[str, object]
) -> None:
    """The locations are right although no part of the AST is kept."""
    call = changing.call(
        """mutation ($id: ID!, $viewer: ID!) { __typename
        rename(id: $id, viewer: $viewer, title: "broken") { title } }""",
        "nobody's", **club_and_viewer,
    )  # fmt: skip

    def failure() -> Any:
        rows = changing.engine.rows(call, None)
        result = changing.run(changing.engine.execute_mutation(call, MiniContext(rows)))
        [error] = result.result.errors
        return result.by_plan, error.message, error.path, error.locations

    assert failure() == (True, "broken", ["rename"], [(2, 9)])
    selection = ref(call.operation.node.selection_set)
    for number in range(PARSED_DOCUMENTS):
        _ = changing.call(f"query Q{number} {{ tags {{ id }} }}").operation.document
    gc.collect()
    assert failure() == (True, "broken", ["rename"], [(2, 9)])
    assert selection() is None
