from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        ALTER TABLE "refund" ADD "buyer_email" VARCHAR(254);"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "refund" DROP COLUMN "buyer_email";"""


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
