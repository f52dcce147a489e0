"""Callbacks without an inbox, and an access log for customers that nobody rewrites."""

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        COMMENT ON COLUMN "payment_difference"."kind" IS 'ORDER: ORDER\nAMOUNT: AMOUNT\nCURRENCY: CURRENCY\nSTATE: STATE\nREFUNDED: REFUNDED\nUNKNOWN_REFUND: UNKNOWN_REFUND\nLOST: LOST\nUNREADABLE: UNREADABLE\nNO_ANSWER: NO_ANSWER\nPOSTED_AMOUNT: POSTED_AMOUNT\nPOSTED_ACCOUNT: POSTED_ACCOUNT\nPOSTING_REVERSED: POSTING_REVERSED\nNOT_POSTED: NOT_POSTED';
        DROP TABLE IF EXISTS "acquirer_notice";
        DELETE FROM "job" WHERE entrypoint = 'payments.take_notice';
        CREATE FUNCTION keep_access_note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND (
                NOT EXISTS (SELECT FROM "user" WHERE id = OLD.user_id)
                OR EXISTS (
                    SELECT FROM "user" WHERE id = OLD.user_id AND activated_at IS NULL
                )
                OR EXISTS (
                    SELECT FROM "erasure_request"
                    WHERE user_id = OLD.user_id AND state = 'WAITING'
                )
            ) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'access_note is append-only' USING ERRCODE = 'restrict_violation';
        END $$;
        CREATE TRIGGER "kept_until_erasure" BEFORE UPDATE OR DELETE
            ON "access_note" FOR EACH ROW EXECUTE FUNCTION keep_access_note();"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TRIGGER "kept_until_erasure" ON "access_note";
        DROP FUNCTION keep_access_note();
        CREATE TABLE "acquirer_notice" (
            "id" UUID NOT NULL PRIMARY KEY,
            "provider" VARCHAR(20) NOT NULL,
            "subject" VARCHAR(60) NOT NULL,
            "kind" VARCHAR(40) NOT NULL,
            "received_at" TIMESTAMPTZ NOT NULL,
            "done_at" TIMESTAMPTZ,
            "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
            CONSTRAINT "uid_acquirer_no_provide_affb4c" UNIQUE ("provider", "subject", "kind")
        );
        CREATE INDEX "idx_acquirer_no_payment_c5e8dd" ON "acquirer_notice" ("payment_id");
        COMMENT ON COLUMN "payment_difference"."kind" IS 'ORDER: ORDER\nAMOUNT: AMOUNT\nCURRENCY: CURRENCY\nSTATE: STATE\nREFUNDED: REFUNDED\nUNKNOWN_REFUND: UNKNOWN_REFUND\nLOST: LOST\nPOSTED_AMOUNT: POSTED_AMOUNT\nPOSTED_ACCOUNT: POSTED_ACCOUNT\nPOSTING_REVERSED: POSTING_REVERSED\nNOT_POSTED: NOT_POSTED';"""
