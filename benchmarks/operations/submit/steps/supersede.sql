UPDATE reading SET state = 'SUPERSEDED'
WHERE register_id = ANY($1) AND period = $2 AND source = 'CUSTOMER' AND state = 'ACCEPTED'
