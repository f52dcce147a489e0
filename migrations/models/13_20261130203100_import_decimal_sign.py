from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        SET LOCAL lock_timeout = '300ms';
        ALTER TABLE "import_run" ADD "decimal_sign" VARCHAR(10);
        COMMENT ON COLUMN "import_run"."decimal_sign" IS 'COMMA: COMMA\\nPOINT: POINT';"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "import_run" DROP COLUMN "decimal_sign";"""
