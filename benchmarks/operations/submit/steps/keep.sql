INSERT INTO reading (id, register_id, value, taken_on, received_at, period, source, state, submitted_by_id)
SELECT gen_random_uuid(), new.*, $3, now(), $4, 'CUSTOMER', 'ACCEPTED', $5
FROM unnest($1::uuid[], $2::numeric[]) AS new
RETURNING trim_scale(value)::text AS value, to_char(period, 'YYYY-MM') AS period
