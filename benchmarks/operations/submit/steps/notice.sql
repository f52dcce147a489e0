WITH told AS (
  INSERT INTO notice (id, user_id, account_id, kind, cause, subject_id, period, created_at)
  SELECT uuidv7(), user_id, $1, 'READINGS_ACCEPTED', $2, $1, $3, now()
  FROM account_link WHERE account_id = $1 AND state = 'ACTIVE'
  RETURNING id
)
INSERT INTO delivery (id, notice_id, channel, state, attempts, due_at)
SELECT uuidv7(), id, 'EMAIL', 'WAITING', 0, now() FROM told
