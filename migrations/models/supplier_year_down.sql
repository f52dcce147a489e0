-- Hand-written part of the migration of the same name, by subject.

DROP FUNCTION publish_account_change() CASCADE;
DROP FUNCTION publish_all_accounts() CASCADE;
CREATE OR REPLACE VIEW "monthly_consumption" AS
SELECT md5(account_id::text || period::text || zone)::uuid AS id, account_id, period, zone,
    sum(ratio * CASE
        WHEN 2 * step < -turn THEN step + turn
        WHEN 2 * step > turn THEN step - turn
        ELSE step
    END)::numeric(18, 3) AS kwh,
    (array_agg(source ORDER BY taken_on DESC, reading_id DESC))[1] AS source,
    min(since) AS since, max(taken_on) AS until
FROM (
    SELECT meter.account_id, register.zone, meter.ratio, 10::numeric ^ register.digits AS turn,
        reading.id AS reading_id, reading.period, reading.source, reading.taken_on,
        reading.value - lag(reading.value) OVER earlier AS step,
        lag(reading.taken_on) OVER earlier AS since
    FROM reading
    JOIN register ON register.id = reading.register_id
    JOIN meter ON meter.id = register.meter_id
    WHERE reading.state = 'ACCEPTED'
    WINDOW earlier AS (
        PARTITION BY meter.account_id, register.id ORDER BY reading.taken_on, reading.id
    )
) steps
WHERE step IS NOT NULL
GROUP BY account_id, period, zone;

ALTER TABLE "reading" DROP CONSTRAINT "callers_tell_customers_readings";

ALTER TABLE "invoice" DROP CONSTRAINT "unpaid_is_a_part";
ALTER TABLE "invoice" ADD CONSTRAINT "unpaid_is_a_part" CHECK (unpaid BETWEEN 0
    AND greatest(charged + recalculated, 0) + penalty AND penalty >= 0) NOT VALID;
ALTER TABLE "received_payment" ADD CONSTRAINT "payment_is_positive" CHECK (amount > 0)
    NOT VALID;
ALTER TABLE "fiscal_receipt" DROP CONSTRAINT "receipt_settled_somehow";
DROP INDEX "failed_receipt";
DROP INDEX "unsettled_difference";
ALTER TABLE "payment_difference" DROP CONSTRAINT "posting_is_of_a_movement";
ALTER TABLE "payment_difference" DROP CONSTRAINT "settled_somehow";
DROP INDEX "open_posting_difference";
DROP INDEX "open_difference";
DELETE FROM "payment_difference" WHERE registry_row_id IS NOT NULL;
ALTER TABLE "payment_difference" ADD CONSTRAINT "settled_somehow"
    CHECK ((settled_at IS NULL) = (settlement IS NULL));
CREATE UNIQUE INDEX "open_difference" ON "payment_difference" (payment_id, kind)
    WHERE settled_at IS NULL;
