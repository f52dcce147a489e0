"""Queries of the customer's own login, by the planner and by resolvers."""

from datetime import UTC, datetime, timedelta

import asyncpg

from lk_graphql.identity.service import consents, sessions
from lk_graphql.kit.ids import to_public
from tests.factories import identity
from tests.support.client import ApiClient

EVERYTHING = """{ viewer {
  id email phone lastName firstName patronymic fullName registeredAt passwordChangedAt
  sessions { id createdAt expiresAt clientAddress userAgent isCurrent }
  consents { action happenedAt clientAddress userAgent
             document { id kind version title sha256 validFrom } }
} }"""


async def test_everything_is_read_alike_on_both_paths(
    empty_database: asyncpg.Connection, api: ApiClient
):
    user = await identity.user()
    now = datetime.now(UTC)
    documents = await consents.current(now=now)
    await consents.record(user, [*documents.values()], client=identity.CLIENT, now=now)
    await identity.session(user, now)
    session = await identity.session(user, now)
    ended = await identity.session(user, now)
    await empty_database.execute(
        "UPDATE session SET ended_at = now() WHERE id = $1", ended.viewer.session_id
    )
    viewer = (await api.ask(EVERYTHING, session.token))["viewer"]
    assert viewer["id"] == to_public("usr", user.id)
    assert viewer["fullName"] == "Иванов Пётр"
    current_ids = [row["id"] for row in viewer["sessions"] if row["isCurrent"]]
    assert current_ids == [to_public("ses", session.viewer.session_id)]
    assert len(viewer["sessions"]) == 2
    assert {consent["document"]["version"] for consent in viewer["consents"]} == {identity.VERSION}


async def test_an_expired_session_isn_t_listed_before_its_deletion(
    empty_database: asyncpg.Connection, api: ApiClient
):
    user, now = await identity.user(), datetime.now(UTC)
    await identity.session(user, now - sessions.LIFETIME)
    expiring = await identity.session(user, now - sessions.LIFETIME + timedelta(seconds=1))
    current = await identity.session(user, now)
    query = "{ viewer { sessions { id } } }"
    rows = (await api.ask(query, current.token, now=now))["viewer"]["sessions"]
    active_keys = [current.viewer.session_id, expiring.viewer.session_id]
    assert rows == [{"id": to_public("ses", key)} for key in active_keys if key]


async def test_a_guest_has_no_viewer_and_may_read_documents(
    empty_database: asyncpg.Connection, api: ApiClient
):
    user = await identity.user()
    document = next(iter((await consents.current(now=identity.NOW)).values()))
    data = await api.ask(
        """query($doc: ID!, $usr: ID!) {
          viewer { id } doc: node(id: $doc) { id } usr: node(id: $usr) { id } }""",
        doc=to_public("doc", document.id),
        usr=to_public("usr", user.id),
    )
    assert data == {
        "viewer": None, "doc": {"id": to_public("doc", document.id)}, "usr": None,
    }  # fmt: skip
