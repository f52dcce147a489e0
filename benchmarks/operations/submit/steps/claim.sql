INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, outcome, happened_at)
VALUES (gen_random_uuid(), $1, 'readingsSubmit', $2, $3, '{}', now())
ON CONFLICT DO NOTHING RETURNING id
