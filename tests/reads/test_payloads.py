"""What a mutation's payload shows is named by keys and read for the viewer who is named."""

from typing import Any
from uuid import UUID

import pytest
import strawberry
import tiny_models as models
from conftest import Paths
from strawberry.schema.config import StrawberryConfig
from tiny_schema import Club, TinyQuery
from tiny_world import World

from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.reads.plain import Info
from lk_graphql.reads.run import Reader
from lk_graphql.reads.scalars import SCALARS


@strawberry.type(description="What came of it.")
class RenamePayload:
    club: Club | None = strawberry.field(default=None, description="The club.")
    clubs: list[Club] = strawberry.field(description="It, twice.")


@strawberry.type(description="Where changes start.")
class Changes:
    @strawberry.mutation(description="Gives a club another title, as somebody.")
    async def rename(self, info: Info, id: strawberry.ID, viewer: strawberry.ID) -> RenamePayload:
        key, reader = key_of(id), key_of(viewer)
        assert key
        assert reader
        await models.Club.filter(id=key).update(title="Renamed")
        rows = info.context.rows.seen_by(Viewer(reader, UUID(int=0)))
        return RenamePayload(club=rows.by_key(Club, key), clubs=rows.by_keys(Club, [key, key]))


RENAME = """mutation ($id: ID!, $viewer: ID!) { rename(id: $id, viewer: $viewer) {
    club { id title nickname events(last: 1) { club { title } } } clubs { title } } }"""


@pytest.fixture
def changing(paths: Paths) -> Paths:
    schema: Any = strawberry.Schema(TinyQuery, Changes, config=StrawberryConfig(scalar_map=SCALARS))
    core = getattr(schema, "_schema")  # noqa: B009 - private, and the only way
    old = paths.reader
    return Paths(
        paths.run, paths.pool, Reader(core, paths.pool, old.session, old.zone, {"signer": ""})
    )


def test_a_payload_is_read_by_whom_the_use_case_names(changing: Paths, world: World) -> None:
    club = next(id_ for id_ in world.ids["clb"] if world.owners[id_])
    token = min(world.owners[club])
    viewer = world.ids["per"][world.tokens.index(token)]
    call = changing.call(RENAME, "nobody's", id=club, viewer=viewer)
    payload = changing.plain(call)["rename"]
    assert payload["club"]["title"] == "Renamed"
    assert payload["clubs"] == [{"title": "Renamed"}] * 2
    assert all(event["club"]["title"] == "Renamed" for event in payload["club"]["events"])


def test_a_payload_shows_nothing_that_is_not_the_viewers(changing: Paths, world: World) -> None:
    club, viewer = world.ids["clb"][0], world.ids["per"][4]
    call = changing.call(RENAME, "nobody's", id=club, viewer=viewer)
    assert changing.plain(call) == {"rename": {"club": None, "clubs": []}}
