"""The check of the sessions of open connections, during which others open."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import asyncpg

from lk_graphql.api.context import AppState
from lk_graphql.api.realtime.server import SessionWatcher
from lk_graphql.database.connections import ReadPool
from lk_graphql.identity.models import Session
from lk_graphql.kit.company import Company
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.principal import SessionSql
from tests.api.endpoint_client import ONLY_PUBSUB, TOKEN, ZONE
from tests.api.note_schema import graphql_schema, session_sql

OLD, NEW = sha256(TOKEN.encode()).digest(), bytes(32)
BLOCKED = """SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""


async def test_a_session_that_connects_during_a_check_is_not_ended_by_it(
    pool: ReadPool, viewer: UUID, opened: asyncpg.Connection
):
    now = datetime.now(UTC)
    await Session.create(
        user_id=viewer, token_hash=NEW, client_address="127.0.0.1", user_agent="test",
        created_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip
    await Session.filter(token_hash=OLD).update(ended_at=now)
    engine = QueryEngine(graphql_schema, pool, SessionSql(session_sql), ZONE)
    app_state = AppState(engine, Company("Энергосбыт", "https://lk.example.ru", ZONE), ONLY_PUBSUB)
    watcher = SessionWatcher(lambda: app_state, interval=0.05)

    with watcher.ended(OLD) as old_ended:
        transaction = opened.transaction()
        await transaction.start()
        await opened.execute("LOCK TABLE session IN ACCESS EXCLUSIVE MODE")
        while not await opened.fetchval(BLOCKED):  # noqa: ASYNC110 - the check in PostgreSQL
            await asyncio.sleep(0.01)
        with watcher.ended(NEW) as new_ended:
            await transaction.rollback()
            async with asyncio.timeout(5):
                await old_ended.wait()
            assert not new_ended.is_set()

            await Session.filter(token_hash=NEW).update(ended_at=now)
            async with asyncio.timeout(5):
                await new_ended.wait()
