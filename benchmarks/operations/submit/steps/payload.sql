SELECT json_agg(json_build_object('status', 'ACCEPTED_FOR_BILLING', 'reading',
  json_build_object('value', trim_scale(value)::text, 'period', to_char(period, 'YYYY-MM')))
  ORDER BY array_position($1, r.id))
FROM reading r JOIN register ON register.id = r.register_id JOIN meter m ON m.id = register.meter_id
JOIN account_link l ON l.account_id = m.account_id AND l.user_id = $2 AND l.state = 'ACTIVE'
WHERE r.id = ANY($1)
