WITH renamed AS (
  UPDATE account_link l SET name = 'Дача', changed_at = now()
  FROM session s JOIN "user" u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
    AND l.user_id = u.id AND l.account_id = $2 AND l.state = 'ACTIVE'
  RETURNING l.account_id, l.name
)
SELECT json_build_object('accountRename', json_build_object(
  'account', (
    SELECT json_build_object('number', a.number, 'name', r.name)
    FROM renamed r JOIN account a ON a.id = r.account_id
  ),
  'errors', '[]'::json
))
