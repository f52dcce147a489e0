"""An index for the confirmation of readings: their batch was searched in the whole table.

How many readings a customer has confirmed isn't known to PostgreSQL, as most have no batch, so it took
a scan that ends at the first row for cheap, which it isn't where the row is missing.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = False


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS "reading_of_batch" ON "reading" (batch)
            WHERE batch IS NOT NULL;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "reading_of_batch";"""
