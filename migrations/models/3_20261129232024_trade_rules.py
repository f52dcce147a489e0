from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_FOLDER = Path(__file__).parent


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "estimate_rule" ADD "gap_pricing" VARCHAR(10) NOT NULL DEFAULT 'ALL_MONTHS';
        COMMENT ON COLUMN estimate_rule."gap_pricing" IS 'ALL_MONTHS: ALL_MONTHS\nLAST_MONTH: LAST_MONTH';""" + (
        _FOLDER / "trade_rules.sql"
    ).read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "estimate_rule" DROP COLUMN "gap_pricing";""" + (
        _FOLDER / "trade_rules_down.sql"
    ).read_text("utf-8")


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
