SELECT r.id, r.digits, (now() AT TIME ZONE 'Asia/Novokuznetsk')::date::text AS today, w.first_day, w.last_day,
  (SELECT value FROM reading
    WHERE register_id = r.id AND state = 'ACCEPTED'
      AND period < date_trunc('month', now() AT TIME ZONE 'Asia/Novokuznetsk')
    ORDER BY taken_on DESC, id DESC LIMIT 1)::text AS last
FROM meter m JOIN register r ON r.meter_id = m.id
CROSS JOIN LATERAL (SELECT * FROM window_rule ORDER BY from_period DESC LIMIT 1) w
WHERE m.account_id = $1 AND m.removed_on IS NULL
