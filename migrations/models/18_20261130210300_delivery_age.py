"""An index for the deletion of finished deliveries, which read the whole table."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "finished_delivery"
            ON "delivery" ("due_at") WHERE state <> 'WAITING';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "finished_delivery";"""
