"""An index for the deletion of unconfirmed registrations, which read all users every hour."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "unconfirmed_user"
            ON "user" ("created_at") WHERE activated_at IS NULL;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "unconfirmed_user";"""
