WITH asked AS (
  SELECT u.id AS user_id, date_trunc('month', now() AT TIME ZONE 'Asia/Novokuznetsk')::date AS period,
    (now() AT TIME ZONE 'Asia/Novokuznetsk')::date AS today
  FROM session s JOIN "user" u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
), claimed AS (
  INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, outcome, happened_at)
  SELECT gen_random_uuid(), user_id, 'readingsSubmit', $5::uuid::text, $1, '{}', now() FROM asked
  ON CONFLICT DO NOTHING RETURNING id
), fit AS (
  SELECT r.id, position, 40000 AS value
  FROM unnest(ARRAY [$3, $4]::uuid[]) WITH ORDINALITY entry(register_id, number)
  CROSS JOIN asked
  JOIN claimed ON true
  JOIN register r ON r.id = entry.register_id
  JOIN meter m ON m.id = r.meter_id AND m.removed_on IS NULL
  JOIN account_link l ON l.account_id = m.account_id AND l.user_id = asked.user_id AND l.state = 'ACTIVE'
  CROSS JOIN LATERAL (SELECT * FROM window_rule ORDER BY from_period DESC LIMIT 1) w
  WHERE m.account_id = $2 AND extract(day FROM asked.today) BETWEEN w.first_day AND w.last_day
    AND 40000 >= (
      SELECT value FROM reading
      WHERE register_id = r.id AND state = 'ACCEPTED' AND reading.period < asked.period
      ORDER BY taken_on DESC, id DESC LIMIT 1
    )
), superseded AS (
  UPDATE reading SET state = 'SUPERSEDED' FROM fit, asked
  WHERE register_id = fit.id AND reading.period = asked.period AND source = 'CUSTOMER'
    AND state = 'ACCEPTED'
  RETURNING reading.id
), kept AS (
  INSERT INTO reading (id, register_id, value, taken_on, received_at, period, source, state, submitted_by_id)
  SELECT gen_random_uuid(), fit.id, fit.value, today, now(), asked.period, 'CUSTOMER', 'ACCEPTED', user_id
  FROM fit, asked, (SELECT count(*) FROM superseded) done
  RETURNING value, period
)
SELECT json_build_object('readingsSubmit', json_build_object(
  'entries', (
    SELECT json_agg(json_build_object('status', 'ACCEPTED_FOR_BILLING', 'reading',
      json_build_object('value', trim_scale(value)::text, 'period', to_char(period, 'YYYY-MM')))) FROM kept
  ),
  'errors', '[]'::json
))
