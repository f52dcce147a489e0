"""The audit log in monthly partitions, 4 of 4: the table is exchanged, by `audit_partitions.sql`."""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return Path(__file__).with_name("audit_partitions.sql").read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    return Path(__file__).with_name("audit_partitions_down.sql").read_text("utf-8")
