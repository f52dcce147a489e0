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
