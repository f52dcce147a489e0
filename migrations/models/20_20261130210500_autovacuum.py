"""Autovacuum's settings of the tables that grow with each month (docs/decisions/0276).

With PostgreSQL's own, a table of 900 million rows is vacuumed after 180 million changes, for hours.
SHARE UPDATE EXCLUSIVE is the lock of `ALTER TABLE … SET (autovacuum_…)`: no request waits for it,
so one migration sets several tables.
"""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_TABLES = (
    *("invoice", "invoice_line", "invoice_reading", "reading", "received_payment"),
    *("notice", "delivery", "idempotent_call", "job_log"),
)
_SETTINGS = {
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_vacuum_insert_scale_factor": 0.02,
    "autovacuum_analyze_scale_factor": 0.02,
}
_BEFORE = {
    "delivery": "SET (autovacuum_vacuum_scale_factor = 0.05)",
    "job_log": "SET (autovacuum_vacuum_scale_factor = 0.95, autovacuum_vacuum_threshold = 1000000,"
    " autovacuum_analyze_scale_factor = 0.05)",
}


def _each(changes: dict[str, str]) -> str:
    """SQL that alters tables one by one; `changes` are by the table."""
    statements = [f'EXECUTE $sql$ALTER TABLE "{name}" {sql}$sql$;' for name, sql in changes.items()]
    return f"""
        SET LOCAL lock_timeout = '300ms';
        DO $$ BEGIN
            {" ".join(statements)}
        END $$;"""


async def upgrade(db: BaseDBAsyncClient) -> str:
    settings = ", ".join(f"{name} = {value}" for name, value in _SETTINGS.items())
    changes = dict.fromkeys(_TABLES, f"SET ({settings})")
    changes["job_log"] = f"SET ({settings}, autovacuum_vacuum_threshold = 10000)"
    return _each(changes)


async def downgrade(db: BaseDBAsyncClient) -> str:
    reset = f"RESET ({', '.join(_SETTINGS)})"
    return _each(dict.fromkeys(_TABLES, reset)) + _each(_BEFORE)
