from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "account_balance" ADD "period" DATE;
        ALTER TABLE "invoice" ADD "closing_on" DATE;
        ALTER TABLE "invoice" ADD "closing_penalty" BIGINT;
        -- A balance of a bill counted as of its day of issue; now it is that of the month's end.
        UPDATE "account_balance" b SET period = i.period,
            as_of = b.as_of - (i.issued_on - (i.period + interval '1 month')::date) * interval '1 day'
        FROM "invoice" i WHERE i.account_id = b.account_id
            AND b.as_of BETWEEN i.issued_on::timestamptz - interval '1 day'
                AND i.issued_on::timestamptz + interval '1 day'
            AND b.debt + b.penalty - b.overpayment = i.closing_balance;"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        ALTER TABLE "invoice" DROP COLUMN "closing_on";
        ALTER TABLE "invoice" DROP COLUMN "closing_penalty";
        ALTER TABLE "account_balance" DROP COLUMN "period";"""


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
