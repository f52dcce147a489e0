"""Ending of a customer's own sessions."""

from uuid import uuid4

import asyncpg
import pytest

from lk_graphql.identity.errors import SessionNotFound
from lk_graphql.identity.models import Session
from lk_graphql.identity.service import sessions
from tests.factories import identity
from tests.factories.identity import NOW


async def active_ids() -> set[str]:
    return {str(session.id) for session in await Session.filter(ended_at__isnull=True)}


async def test_signing_out_ends_this_session_only(empty_database: asyncpg.Connection):
    user = await identity.user()
    current, other = await identity.session(user), await identity.session(user)
    await sessions.end(current.viewer, now=NOW)
    assert await active_ids() == {str(other.viewer.session_id)}


async def test_another_customer_s_session_is_not_found(empty_database: asyncpg.Connection):
    own = await identity.session(await identity.user())
    foreign = await identity.session(await identity.user("other@example.com"))
    for key in (foreign.viewer.session_id, uuid4(), None):
        with pytest.raises(SessionNotFound):
            await sessions.revoke(own.viewer, key, now=NOW)
    assert len(await active_ids()) == 2


async def test_a_session_is_revoked_once(empty_database: asyncpg.Connection):
    user = await identity.user()
    current, other = await identity.session(user), await identity.session(user)
    await sessions.revoke(current.viewer, other.viewer.session_id, now=NOW)
    with pytest.raises(SessionNotFound):
        await sessions.revoke(current.viewer, other.viewer.session_id, now=NOW)
    assert await active_ids() == {str(current.viewer.session_id)}


async def test_other_sessions_of_the_customer_end_and_those_of_others_stay(
    empty_database: asyncpg.Connection,
):
    user = await identity.user()
    current = await identity.session(user)
    for _ in range(3):
        await identity.session(user)
    stranger = await identity.session(await identity.user("other@example.com"))
    assert await sessions.revoke_others(current.viewer, now=NOW) == 3
    assert await active_ids() == {str(current.viewer.session_id), str(stranger.viewer.session_id)}


async def test_signing_out_everywhere_ends_all_sessions_of_the_user(
    empty_database: asyncpg.Connection,
):
    user = await identity.user()
    current = await identity.session(user)
    await identity.session(user)
    assert await sessions.end(current.viewer, everywhere=True, now=NOW) == 2
    assert await active_ids() == set()
    with pytest.raises(SessionNotFound):
        await sessions.end(current.viewer, now=NOW)


async def test_sessions_to_keep_have_to_be_there(empty_database: asyncpg.Connection):
    user = await identity.user()
    current, spared, other = [await identity.session(user) for _ in range(3)]
    stranger = await identity.session(await identity.user("other@example.com"))
    for key in (stranger.viewer.session_id, uuid4(), None):
        with pytest.raises(SessionNotFound):
            await sessions.revoke_others(current.viewer, keep=[key], now=NOW)
    assert len(await active_ids()) == 4
    session_ids = [spared.viewer.session_id, spared.viewer.session_id]
    assert await sessions.revoke_others(current.viewer, keep=session_ids, now=NOW) == 1
    assert str(other.viewer.session_id) not in await active_ids()
