SELECT json_build_object('node', (
  SELECT json_build_object('zone', r.zone, 'readings', json_build_object(
    'nodes', (
      SELECT coalesce(json_agg(d), '[]') FROM (
        SELECT trim_scale(value)::text AS value, taken_on AS "takenOn", to_char(period, 'YYYY-MM') AS period,
          source, state
        FROM reading WHERE register_id = r.id ORDER BY taken_on DESC, id DESC LIMIT 100
      ) d
    ),
    'pageInfo', json_build_object('hasNextPage', EXISTS (
      SELECT FROM reading WHERE register_id = r.id OFFSET 100
    ))
  ))
  FROM session s
  JOIN "user" u ON u.id = s.user_id
  JOIN account_link l ON l.user_id = u.id AND l.state = 'ACTIVE'
  JOIN meter m ON m.account_id = l.account_id
  JOIN register r ON r.meter_id = m.id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
    AND r.id = $2
))
