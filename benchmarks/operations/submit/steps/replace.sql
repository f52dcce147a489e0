WITH gone AS (
  UPDATE reading SET state = 'SUPERSEDED'
  WHERE register_id = ANY($1) AND period = $4 AND source = 'CUSTOMER' AND state = 'ACCEPTED'
  RETURNING id
)
INSERT INTO reading (id, register_id, value, taken_on, received_at, period, source, state, submitted_by_id)
SELECT gen_random_uuid(), new.*, $3, now(), $4, 'CUSTOMER', 'ACCEPTED', $5
FROM unnest($1::uuid[], $2::numeric[]) AS new
WHERE (SELECT count(*) FROM gone) >= 0
RETURNING id
