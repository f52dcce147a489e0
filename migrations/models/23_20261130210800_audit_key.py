"""The audit log in monthly partitions, 3 of 4: a key that includes the partitions' column."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "audit_entry_key"
            ON "audit_entry" ("id", "happened_at");"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "audit_entry_key";"""
