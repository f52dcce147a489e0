from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "import_run" ADD "expected_changes" INT;
        ALTER TABLE "import_run" ADD "impact" JSONB;
        COMMENT ON COLUMN "import_run"."state" IS 'WAITING: WAITING\nRUNNING: RUNNING\nDONE: DONE\nCHECKED: CHECKED\nREFUSED: REFUSED\nNEEDS_CONFIRMATION: NEEDS_CONFIRMATION\nFAILED: FAILED\nINTERRUPTED: INTERRUPTED';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "import_run" DROP COLUMN "expected_changes";
        ALTER TABLE "import_run" DROP COLUMN "impact";
        COMMENT ON COLUMN "import_run"."state" IS 'WAITING: WAITING\nRUNNING: RUNNING\nDONE: DONE\nCHECKED: CHECKED\nREFUSED: REFUSED\nFAILED: FAILED\nINTERRUPTED: INTERRUPTED';"""
