"""Ending sessions: one's own only."""

from uuid import uuid4

import asyncpg
import pytest

from lk_graphql.identity.errors import SessionNotFound
from lk_graphql.identity.models import Session
from lk_graphql.identity.service import sessions
from tests.factories import identity
from tests.factories.identity import NOW


async def living() -> set[str]:
    return {str(s.id) for s in await Session.filter(ended_at__isnull=True)}


async def test_signing_out_ends_this_session_only(empty_database: asyncpg.Connection):
    user = await identity.user()
    one, other = await identity.session(user), await identity.session(user)
    await sessions.end(one.viewer, now=NOW)
    assert await living() == {str(other.viewer.session_id)}


async def test_a_strangers_session_is_not_there(empty_database: asyncpg.Connection):
    mine = await identity.session(await identity.user())
    theirs = await identity.session(await identity.user("other@example.com"))
    for key in (theirs.viewer.session_id, uuid4(), None):
        with pytest.raises(SessionNotFound):
            await sessions.revoke(mine.viewer, key, now=NOW)
    assert len(await living()) == 2


async def test_a_session_is_revoked_once(empty_database: asyncpg.Connection):
    user = await identity.user()
    here, there = await identity.session(user), await identity.session(user)
    await sessions.revoke(here.viewer, there.viewer.session_id, now=NOW)
    with pytest.raises(SessionNotFound):
        await sessions.revoke(here.viewer, there.viewer.session_id, now=NOW)
    assert await living() == {str(here.viewer.session_id)}


async def test_all_others_end_and_strangers_stay(empty_database: asyncpg.Connection):
    user = await identity.user()
    here = await identity.session(user)
    for _ in range(3):
        await identity.session(user)
    stranger = await identity.session(await identity.user("other@example.com"))
    assert await sessions.revoke_others(here.viewer, now=NOW) == 3
    assert await living() == {str(here.viewer.session_id), str(stranger.viewer.session_id)}


async def test_signing_out_everywhere_ends_them_all(empty_database: asyncpg.Connection):
    user = await identity.user()
    here = await identity.session(user)
    await identity.session(user)
    assert await sessions.end(here.viewer, everywhere=True, now=NOW) == 2
    assert await living() == set()
    with pytest.raises(SessionNotFound):
        await sessions.end(here.viewer, now=NOW)


async def test_sessions_to_keep_have_to_be_there(empty_database: asyncpg.Connection):
    user = await identity.user()
    here, kept, other = [await identity.session(user) for _ in range(3)]
    stranger = await identity.session(await identity.user("other@example.com"))
    for key in (stranger.viewer.session_id, uuid4(), None):
        with pytest.raises(SessionNotFound):
            await sessions.revoke_others(here.viewer, keep=[key], now=NOW)
    assert len(await living()) == 4
    keep = [kept.viewer.session_id, kept.viewer.session_id]
    assert await sessions.revoke_others(here.viewer, keep=keep, now=NOW) == 1
    assert str(other.viewer.session_id) not in await living()
