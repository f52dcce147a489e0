from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True

RULES = """
    ALTER TABLE "payment_line"
        ADD CONSTRAINT "line_is_paid_for" CHECK (amount > 0),
        ADD CONSTRAINT "line_is_its_volume_times_its_price"
            CHECK (quantity_kwh * kopecks_per_kwh = amount),
        ADD CONSTRAINT "line_has_volume_and_price"
            CHECK ((quantity_kwh IS NULL) = (kopecks_per_kwh IS NULL)),
        ADD CONSTRAINT "line_of_account_has_part"
            CHECK ((kind = 'COMMISSION') = (part_id IS NULL)),
        ADD CONSTRAINT "penalty_has_no_vat" CHECK (kind <> 'PENALTY' OR vat_percent IS NULL);
    ALTER TABLE "refund_line" ADD CONSTRAINT "line_returns_something" CHECK (amount > 0);
    CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE
        ON "payment_line" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
    CREATE TRIGGER "append_only" BEFORE UPDATE OR DELETE
        ON "refund_line" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();
"""

ROWS = """
    INSERT INTO payment_line (id, payment_id, part_id, position, kind, amount, vat_percent)
    SELECT gen_random_uuid(), line.payment_id, line.part_id,
        row_number() OVER (PARTITION BY line.payment_id ORDER BY line.place, line.step),
        line.kind, line.amount, (
            SELECT v.percent FROM vat_rate v WHERE v.valid_from <= line.created_at::date
            ORDER BY v.valid_from DESC LIMIT 1)
    FROM (
        SELECT p.id AS payment_id, p.created_at, t.id AS part_id, t.position AS place, 1 AS step,
            'DEBT' AS kind, t.amount - t.advance AS amount
        FROM payment_part t JOIN payment p ON p.id = t.payment_id
        UNION ALL
        SELECT p.id, p.created_at, t.id, t.position, 2, 'ADVANCE', t.advance
        FROM payment_part t JOIN payment p ON p.id = t.payment_id
        UNION ALL
        SELECT id, created_at, NULL, 32767, 1, 'COMMISSION', commission FROM payment
    ) line WHERE line.amount > 0;

    INSERT INTO refund_line (id, refund_id, line_id, amount)
    SELECT gen_random_uuid(), back.id, l.id, back.amount
    FROM (
        SELECT r.id, r.part_id, kind.name, CASE kind.name
            WHEN 'ADVANCE' THEN least(r.amount, greatest(0, t.advance - r.earlier))
            ELSE r.amount - least(r.amount, greatest(0, t.advance - r.earlier)) END AS amount
        FROM (
            SELECT id, part_id, amount,
                sum(amount) OVER (PARTITION BY part_id ORDER BY id) - amount AS earlier
            FROM refund WHERE state <> 'FAILED'
        ) r JOIN payment_part t ON t.id = r.part_id
        CROSS JOIN (VALUES ('ADVANCE'), ('DEBT')) kind (name)
    ) back JOIN payment_line l ON l.part_id = back.part_id AND l.kind = back.name
    WHERE back.amount > 0;
"""
"""Lines of payments that exist: one of the debt and one of the advance, as their receipts had."""


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""
        CREATE TABLE IF NOT EXISTS "payment_line" (
    "id" UUID NOT NULL PRIMARY KEY,
    "position" SMALLINT NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "service" VARCHAR(100),
    "first_period" DATE,
    "period" DATE,
    "amount" BIGINT NOT NULL,
    "vat_percent" DECIMAL(5,2),
    "quantity_kwh" DECIMAL(12,3),
    "kopecks_per_kwh" BIGINT,
    "part_id" UUID REFERENCES "payment_part" ("id") ON DELETE RESTRICT,
    "payment_id" UUID NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_payment_lin_payment_431c0a" UNIQUE ("payment_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_payment_lin_part_id_639251" ON "payment_line" ("part_id");
COMMENT ON COLUMN "payment_line"."kind" IS 'DEBT: DEBT\nPENALTY: PENALTY\nADVANCE: ADVANCE\nCOMMISSION: COMMISSION';
COMMENT ON TABLE "payment_line" IS 'A line of a payment''s fiscal receipt, fixed when the payment is started.';
        CREATE TABLE IF NOT EXISTS "refund_line" (
    "id" UUID NOT NULL PRIMARY KEY,
    "amount" BIGINT NOT NULL,
    "line_id" UUID NOT NULL REFERENCES "payment_line" ("id") ON DELETE RESTRICT,
    "refund_id" UUID NOT NULL REFERENCES "refund" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_refund_line_refund__74e342" UNIQUE ("refund_id", "line_id")
);
CREATE INDEX IF NOT EXISTS "idx_refund_line_line_id_3b6b89" ON "refund_line" ("line_id");
COMMENT ON TABLE "refund_line" IS 'The part of a payment''s line that a refund returns; a refund''s lines sum to it.';
        {RULES}
        {ROWS}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE IF EXISTS "refund_line";
        DROP TABLE IF EXISTS "payment_line";"""


MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")
