"""Zones of a month in a fixed order, and months with their totals."""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_FOLDER = Path(__file__).parent


async def upgrade(db: BaseDBAsyncClient) -> str:
    return (_FOLDER / "consumption_months.sql").read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        DROP VIEW IF EXISTS "consumption_month";""" + (_FOLDER / "estimate_steps.sql").read_text(
        "utf-8"
    )
