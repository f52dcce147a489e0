-- The view as it was before.

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
