UPDATE idempotent_call SET outcome = $2 WHERE id = $1
