-- Hand-written part of the migration of the same name, by subject.

-- A balance of a bill counted as of its day of issue; now it is that of the month's end.
UPDATE "account_balance" b SET period = i.period,
    as_of = b.as_of - (i.issued_on - (i.period + interval '1 month')::date) * interval '1 day'
FROM "invoice" i WHERE i.account_id = b.account_id
    AND b.as_of BETWEEN i.issued_on::timestamptz - interval '1 day'
        AND i.issued_on::timestamptz + interval '1 day'
    AND b.debt + b.penalty - b.overpayment = i.closing_balance;

-- What billing has acknowledged by number alone so far counts as agreed.
UPDATE "registry_row" SET posted_amount = amount WHERE posted_at IS NOT NULL;
UPDATE "payment_difference" SET state = 'SETTLED', resolution = 'EXPLAINED'
    WHERE settled_at IS NOT NULL;
UPDATE "fiscal_receipt" r SET failed_at = p.changed_at FROM "payment" p
    WHERE p.id = r.payment_id AND r.state = 'FAILED';
-- One unsettled difference of a kind with the acquirer, and one of a movement with billing.
DROP INDEX "open_difference";
CREATE UNIQUE INDEX "open_difference" ON "payment_difference" (payment_id, kind)
    WHERE settled_at IS NULL AND registry_row_id IS NULL;
CREATE UNIQUE INDEX "open_posting_difference" ON "payment_difference" (registry_row_id)
    WHERE settled_at IS NULL;
ALTER TABLE "payment_difference" DROP CONSTRAINT "settled_somehow";
ALTER TABLE "payment_difference" ADD CONSTRAINT "settled_somehow" CHECK (
    (state = 'SETTLED') = (settled_at IS NOT NULL)
    AND (state = 'OPEN') = (settlement IS NULL)
    AND (state = 'OPEN') = (resolution IS NULL)
    AND (state = 'AWAITING_BILLING') <= (resolution = 'BILLING_CORRECTS'));
ALTER TABLE "payment_difference" ADD CONSTRAINT "posting_is_of_a_movement" CHECK (
    (registry_row_id IS NOT NULL)
    = (kind IN ('POSTED_AMOUNT', 'POSTED_ACCOUNT', 'POSTING_REVERSED', 'NOT_POSTED')));
CREATE INDEX "unsettled_difference" ON "payment_difference" (found_at, id)
    WHERE settled_at IS NULL;
CREATE INDEX "failed_receipt" ON "fiscal_receipt" (failed_at, id)
    WHERE state = 'FAILED' AND settled_at IS NULL;
ALTER TABLE "fiscal_receipt" ADD CONSTRAINT "receipt_settled_somehow"
    CHECK ((settled_at IS NULL) = (settlement IS NULL));
-- Money given back, penalties that are written off.
ALTER TABLE "received_payment" DROP CONSTRAINT "payment_is_positive";
ALTER TABLE "invoice" DROP CONSTRAINT "unpaid_is_a_part";
ALTER TABLE "invoice" ADD CONSTRAINT "unpaid_is_a_part" CHECK (unpaid BETWEEN 0
    AND greatest(charged + recalculated, 0) + greatest(penalty, 0));

ALTER TABLE "reading" ADD CONSTRAINT "callers_tell_customers_readings" CHECK (caller IS NULL OR source = 'CUSTOMER');

-- Hand-written part of the migration of the same name.

-- Consumption since the last value that was read, less what the estimates since then have counted;
-- see docs/decisions/0082. All windows begin with the account, so that PostgreSQL reads only one
-- account's readings.
CREATE OR REPLACE VIEW "monthly_consumption" AS
SELECT md5(account_id::text || period::text || zone)::uuid AS id, account_id, period, zone,
    sum(ratio * CASE
        WHEN NOT is_read AND 2 * step < -turn THEN step + turn
        WHEN NOT is_read AND 2 * step > turn THEN step - turn
        WHEN NOT is_read THEN step
        WHEN taken_on < read_on THEN -mod(read_value - value + turn, turn) - counted
        ELSE mod(value - read_value + turn, turn) - counted
    END)::numeric(18, 3) AS kwh,
    (array_agg(source ORDER BY taken_on DESC, reading_id DESC))[1] AS source,
    min(since) AS since, max(taken_on) AS until
FROM (
    SELECT *, lag(run > 0) OVER earlier AS is_read, value - lag(value) OVER earlier AS step,
        lag(read_value_of_run) OVER earlier AS read_value, lag(read_on_of_run) OVER earlier AS read_on,
        lag(counted_of_run) OVER earlier AS counted, lag(taken_on) OVER earlier AS since
    FROM (
        SELECT *, first_value(value) OVER of_run AS read_value_of_run,
            first_value(taken_on) OVER of_run AS read_on_of_run,
            mod(value - first_value(value) OVER of_run + turn, turn) AS counted_of_run
        FROM (
            SELECT meter.account_id, register.id AS register_id, register.zone, meter.ratio,
                10::numeric ^ register.digits AS turn, reading.id AS reading_id, reading.period,
                reading.source, reading.taken_on, reading.value,
                count(*) FILTER (WHERE reading.source <> 'ESTIMATED') OVER (
                    PARTITION BY meter.account_id, register.id
                    ORDER BY reading.period, reading.taken_on, reading.id
                ) AS run
            FROM reading
            JOIN register ON register.id = reading.register_id
            JOIN meter ON meter.id = register.meter_id
            WHERE reading.state = 'ACCEPTED'
        ) runs
        WINDOW of_run AS (
            PARTITION BY account_id, register_id, run ORDER BY period, taken_on, reading_id
        )
    ) counts
    WINDOW earlier AS (
        PARTITION BY account_id, register_id ORDER BY period, taken_on, reading_id
    )
) steps
WHERE step IS NOT NULL
GROUP BY account_id, period, zone;

-- Whoever changes an account, or what belongs to it, publishes the account at the commit; see
-- docs/decisions/0112. The argument is the column that leads to the account. An import sets
-- lk.import, and publishes all accounts once, at its end.
CREATE FUNCTION publish_account_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb;
    key uuid;
BEGIN
    IF TG_OP = 'DELETE' THEN changed := to_jsonb(OLD); ELSE changed := to_jsonb(NEW); END IF;
    key := changed ->> TG_ARGV[0];
    IF TG_ARGV[0] = 'meter_id' THEN
        key := (SELECT account_id FROM meter WHERE id = key);
    ELSIF TG_ARGV[0] = 'register_id' THEN
        key := (
            SELECT account_id FROM register JOIN meter ON meter.id = meter_id WHERE register.id = key
        );
    END IF;
    PERFORM pg_notify('lk_signal', 'account ' || replace(key::text, '-', '')) WHERE key IS NOT NULL;
    RETURN NULL;
END $$;

-- For rules that every account shows.
CREATE FUNCTION publish_all_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('lk_signal', 'account *');
    RETURN NULL;
END $$;

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON account_balance FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON account_link FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON holder FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON invoice FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON meter FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON reading FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(register_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON received_payment FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON register FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(meter_id);

CREATE TRIGGER publish_account_change AFTER INSERT OR UPDATE OR DELETE ON registry_row FOR EACH ROW
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_account_change(account_id);

CREATE TRIGGER publish_all_accounts AFTER INSERT OR UPDATE OR DELETE ON window_rule FOR EACH STATEMENT
WHEN (current_setting('lk.import', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION publish_all_accounts();

-- The days of the account's present holder, by the name as it is compared for a change of holder.
UPDATE "account" SET "visible_days" = days.visible FROM (
    SELECT present.account_id, range_agg(daterange(own.since, own.until)) AS visible
    FROM holder present JOIN holder own ON own.account_id = present.account_id
        AND own.surname_key = present.surname_key
        AND upper(left(own.first_name, 1)) = upper(left(present.first_name, 1))
        AND upper(left(coalesce(own.patronymic, ''), 1))
            = upper(left(coalesce(present.patronymic, ''), 1))
    WHERE present.until IS NULL GROUP BY present.account_id
) days WHERE days.account_id = "account".id;

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

-- Lines of payments that exist: one of the debt and one of the advance, as their receipts had.
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
