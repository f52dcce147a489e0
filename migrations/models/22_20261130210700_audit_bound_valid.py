"""The audit log in monthly partitions, 2 of 4: the bound is checked, without a lock for writers."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        DO $$ BEGIN EXECUTE (
            SELECT format('ALTER TABLE audit_entry VALIDATE CONSTRAINT %I', conname)
            FROM pg_constraint WHERE conrelid = 'audit_entry'::regclass
            AND conname LIKE 'audit\\_entry\\_before\\_%'
        ); END $$;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return "SELECT 1;"
