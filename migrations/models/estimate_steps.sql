-- Consumption since the last value that was read, less what the estimates since then have added;
-- see docs/decisions/0082. Of an estimate each step goes the shorter way round the dial, because it
-- may lie below a reading that billing had later. All windows begin with the account, so that
-- PostgreSQL reads only one account's readings.

CREATE OR REPLACE VIEW "monthly_consumption" AS
SELECT md5(account_id::text || period::text || zone)::uuid AS id, account_id, period, zone,
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
