SET LOCAL lock_timeout = '300ms';

-- As in estimate_steps.sql, but for the key: pages put equal months in the descending order of
-- their keys, so the first digit of a key is that of its zone. Only cursors use the keys.

CREATE OR REPLACE VIEW "monthly_consumption" AS
SELECT overlay(
        md5(account_id::text || period::text || zone)
        PLACING array_position(
            ARRAY['NIGHT', 'HALF_PEAK', 'PEAK', 'DAY', 'SINGLE']::varchar[], zone
        )::text FROM 1 FOR 1
    )::uuid AS id, account_id, period, zone,
    sum(ratio * CASE
        WHEN source = 'ESTIMATED' OR NOT follows_read THEN step
        WHEN taken_on < read_on THEN -mod(read_value - value + turn, turn) - added
        ELSE mod(value - read_value + turn, turn) - added
    END)::numeric(18, 3) AS kwh,
    (array_agg(source ORDER BY taken_on DESC, reading_id DESC))[1] AS source,
    min(since) AS since, max(taken_on) AS until
FROM (
    SELECT *, lag(run > 0) OVER earlier AS follows_read,
        lag(read_value_of_run) OVER earlier AS read_value,
        lag(read_on_of_run) OVER earlier AS read_on, lag(added_in_run) OVER earlier AS added
    FROM (
        SELECT *, first_value(value) OVER of_run AS read_value_of_run,
            first_value(taken_on) OVER of_run AS read_on_of_run,
            coalesce(sum(step) FILTER (WHERE source = 'ESTIMATED') OVER of_run, 0) AS added_in_run
        FROM (
            SELECT account_id, zone, ratio, turn, register_id, reading_id, period, source,
                taken_on, value, since, run,
                CASE WHEN 2 * difference > turn THEN difference - turn
                    WHEN 2 * difference <= -turn THEN difference + turn
                    ELSE difference
                END AS step
            FROM (
                SELECT meter.account_id, register.id AS register_id, register.zone, meter.ratio,
                    10::numeric ^ register.digits AS turn, reading.id AS reading_id,
                    reading.period, reading.source, reading.taken_on, reading.value,
                    reading.value - lag(reading.value) OVER in_order AS difference,
                    lag(reading.taken_on) OVER in_order AS since,
                    count(*) FILTER (WHERE reading.source <> 'ESTIMATED') OVER in_order AS run
                FROM reading
                JOIN register ON register.id = reading.register_id
                JOIN meter ON meter.id = register.meter_id
                WHERE reading.state = 'ACCEPTED'
                WINDOW in_order AS (
                    PARTITION BY meter.account_id, register.id
                    ORDER BY reading.period, reading.taken_on, reading.id
                )
            ) differences
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

-- The months themselves, with their zones in the same order; see docs/decisions/0246.

CREATE VIEW "consumption_month" AS
SELECT md5(account_id::text || period::text)::uuid AS id, account_id, period,
    sum(kwh)::numeric(18, 3) AS kwh,
    jsonb_agg(jsonb_build_object(
        'zone', zone, 'kwh', kwh::text, 'source', source, 'since', since, 'until', until
    ) ORDER BY id DESC) AS zones
FROM "monthly_consumption"
GROUP BY account_id, period;
