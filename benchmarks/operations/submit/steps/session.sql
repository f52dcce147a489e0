SELECT u.id
FROM session s JOIN "user" u ON u.id = s.user_id
WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
