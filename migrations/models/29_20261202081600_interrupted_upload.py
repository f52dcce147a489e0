"""An index for the search of interrupted uploads each minute, which would read the whole table."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "interrupted_upload"
            ON "upload" ("receiving_until") WHERE receiving_until IS NOT NULL;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "interrupted_upload";"""
