"""Deletion of old rows in batches."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from prometheus_client import REGISTRY

from lk_graphql.database import retention
from lk_graphql.database.retention import OldRows
from lk_graphql.identity.models import Captcha
from lk_graphql.kit.ids import new_key
from tests.support.sql_recorder import SqlRecorder, recording

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CAPTCHAS = OldRows("captcha", "expires_at")


async def given_captchas(number: int, expires_at: datetime) -> None:
    await Captcha.bulk_create(
        Captcha(
            id=new_key(),
            picture_hash=b"",
            audio_hash=b"",
            failures=0,
            created_at=expires_at - DAY,
            expires_at=expires_at,
        )
        for _ in range(number)
    )


def deleted() -> float:
    return REGISTRY.get_sample_value("lk_graphql_deleted_rows_total", {"table": "captcha"}) or 0


async def test_old_rows_go_in_batches_and_are_counted(database: str):
    await given_captchas(12, NOW - DAY)
    await given_captchas(2, NOW)
    before, recorder = deleted(), SqlRecorder()

    async with recording(recorder):
        assert await retention.delete(CAPTCHAS, before=NOW, batch=5) == 12

    assert [statement.arguments[1] for statement in recorder.statements] == [5, 5, 5]
    assert deleted() - before == 12
    assert await Captcha.all().values_list("expires_at", flat=True) == [NOW, NOW]


async def test_rows_that_do_not_meet_the_condition_stay(database: str):
    await given_captchas(3, NOW - DAY)
    used = OldRows("captcha", "expires_at", "used_at IS NOT NULL")

    assert await retention.delete(used, before=NOW) == 0

    assert await Captcha.all().count() == 3


async def test_a_locked_row_is_left_to_the_next_run(database: str, opened: asyncpg.Connection):
    await given_captchas(3, NOW - DAY)

    async with opened.transaction():
        await opened.fetch("SELECT FROM captcha LIMIT 1 FOR UPDATE")
        assert await retention.delete(CAPTCHAS, before=NOW) == 2
    assert await retention.delete(CAPTCHAS, before=NOW) == 1

    assert await Captcha.all().count() == 0


async def test_an_interrupted_deletion_keeps_its_batches(database: str, opened: asyncpg.Connection):
    """The third batch fails, by a trigger for the last row."""
    await given_captchas(4, NOW - 2 * DAY)
    await given_captchas(1, NOW - DAY)
    await opened.execute(
        """CREATE FUNCTION pg_temp.fail() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'interrupted'; END $$"""
    )
    await opened.execute(
        f"""CREATE TRIGGER interrupted BEFORE DELETE ON captcha FOR EACH ROW
        WHEN (OLD.expires_at > '{NOW - 2 * DAY}') EXECUTE FUNCTION pg_temp.fail()"""
    )
    with pytest.raises(asyncpg.RaiseError, match="interrupted"):
        await retention.delete(CAPTCHAS, before=NOW, batch=2)
    await opened.execute("DROP FUNCTION pg_temp.fail() CASCADE")  # and the trigger

    assert await Captcha.all().count() == 1
    assert await retention.delete(CAPTCHAS, before=NOW, batch=2) == 1
