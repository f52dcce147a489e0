"""Secrets of second factors are stored encrypted: what was derived from the key can't be rotated."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "staff_member" ADD "factor_secret" BYTEA;
        -- the derived secrets need the key, which no migration has: all members enrol again
        UPDATE "staff_member" SET enrolled_at = NULL, last_step = NULL;
        DELETE FROM "recovery_code";
        ALTER TABLE "staff_member" DROP COLUMN "factor_nonce";"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "staff_member" ADD "factor_nonce" BYTEA;
        UPDATE "staff_member" SET enrolled_at = NULL, last_step = NULL, factor_nonce =
            sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));
        DELETE FROM "recovery_code";
        ALTER TABLE "staff_member" ALTER COLUMN "factor_nonce" SET NOT NULL;
        ALTER TABLE "staff_member" ADD CONSTRAINT "factor_is_not_guessable"
            CHECK (octet_length(factor_nonce) = 32);
        ALTER TABLE "staff_member" DROP COLUMN "factor_secret";"""
