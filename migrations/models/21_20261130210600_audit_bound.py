"""The audit log in monthly partitions (docs/decisions/0278), 1 of 4: a bound for the rows so far.

They become the first partition, which ends three months from now. The bound is in the constraint's
name, where the next migrations read it.
"""

from datetime import UTC, date, datetime

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True
_MONTHS = 3


def _bound(today: date) -> date:
    """The first day of the third month after this one."""
    years, month = divmod(today.month - 1 + _MONTHS, 12)
    return date(today.year + years, month + 1, 1)


async def upgrade(db: BaseDBAsyncClient) -> str:
    bound = _bound(datetime.now(UTC).date())
    return f"""
        SET LOCAL lock_timeout = '300ms';
        ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_before_{bound:%Y_%m}"
            CHECK (happened_at < '{bound} 00:00:00+00') NOT VALID;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        DO $$ DECLARE bound text; BEGIN
            FOR bound IN SELECT conname FROM pg_constraint
                WHERE conrelid = 'audit_entry'::regclass AND conname LIKE 'audit\\_entry\\_before\\_%'
            LOOP
                EXECUTE format('ALTER TABLE audit_entry DROP CONSTRAINT %I', bound);
            END LOOP;
        END $$;"""
