SELECT a.id FROM account a JOIN account_link l ON l.account_id = a.id
WHERE a.id = $1 AND l.user_id = $2 AND l.state = 'ACTIVE' AND a.closed_on IS NULL
FOR NO KEY UPDATE OF a
