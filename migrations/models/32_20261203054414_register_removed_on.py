"""A meter that is set to other zones keeps its former registers, which have a day of removal.

A former register may have the position of a present one. The import compares the positions of the
registers in use (docs/decisions/0166): a unique index of these can't be deferred, and registers may
exchange their positions.
"""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        -- no query relies on it, and imports of both releases compare the positions themselves
        -- squawk-ignore ban-drop-constraint
        ALTER TABLE "register" DROP CONSTRAINT IF EXISTS "uid_register_meter_i_53822a";
        ALTER TABLE "register" ADD "removed_on" DATE;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "register" DROP COLUMN "removed_on";
        ALTER TABLE "register" ADD CONSTRAINT "uid_register_meter_i_53822a"
            UNIQUE ("meter_id", "position") DEFERRABLE INITIALLY DEFERRED;"""


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
