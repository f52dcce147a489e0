from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

_FOLDER = Path(__file__).parent


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "norm" DROP CONSTRAINT IF EXISTS "uid_norm_categor_c0eb58";
        ALTER TABLE "account" ADD "rooms" SMALLINT;
        ALTER TABLE "estimate_rule" ADD "gap_pricing" VARCHAR(10) NOT NULL DEFAULT 'ALL_MONTHS';
        ALTER TABLE "norm" ADD "rooms" SMALLINT NOT NULL DEFAULT 1;
        COMMENT ON COLUMN "reading_finding"."kind" IS 'ABOVE_USUAL: ABOVE_USUAL\nABOVE_POSSIBLE: ABOVE_POSSIBLE\nROLLED_OVER: ROLLED_OVER\nNOTHING_USED: NOTHING_USED\nVERIFICATION_EXPIRED: VERIFICATION_EXPIRED';
        COMMENT ON COLUMN estimate_rule."gap_pricing" IS 'ALL_MONTHS: ALL_MONTHS\nLAST_MONTH: LAST_MONTH';
        CREATE UNIQUE INDEX IF NOT EXISTS "uid_norm_categor_29783d" ON "norm" ("category", "rooms", "residents", "from_period");""" + (
        _FOLDER / "trade_rules.sql"
    ).read_text("utf-8")


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP INDEX IF EXISTS "uid_norm_categor_29783d";
        ALTER TABLE "norm" DROP COLUMN "rooms";
        ALTER TABLE "account" DROP COLUMN "rooms";
        ALTER TABLE "estimate_rule" DROP COLUMN "gap_pricing";
        COMMENT ON COLUMN "reading_finding"."kind" IS 'ABOVE_USUAL: ABOVE_USUAL\nABOVE_POSSIBLE: ABOVE_POSSIBLE\nROLLED_OVER: ROLLED_OVER\nNOTHING_USED: NOTHING_USED';
        CREATE UNIQUE INDEX IF NOT EXISTS "uid_norm_categor_c0eb58" ON "norm" ("category", "residents", "from_period");""" + (
        _FOLDER / "trade_rules_down.sql"
    ).read_text("utf-8")


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
