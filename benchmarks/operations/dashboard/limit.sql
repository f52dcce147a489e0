SELECT json_build_object('viewer', row_to_json(x)) FROM (
  SELECT u.email, u.first_name AS "firstName", (
    SELECT coalesce(json_agg(a), '[]') FROM (
      SELECT a.number, a.address, (
        SELECT json_build_object('amountDue', (greatest(0, b.debt + b.penalty - b.overpayment - coalesce((
            SELECT sum(amount) FROM registry_row
            WHERE account_id = a.id AND posted_at IS NULL), 0)) * 0.01)::text)
        FROM account_balance b WHERE b.account_id = a.id
      ) AS balance, (
        SELECT coalesce(json_agg(i), '[]') FROM (
          SELECT i.number, to_char(i.period, 'YYYY-MM') AS period,
            ((i.charged + i.recalculated + i.penalty) * 0.01)::text AS total,
            (i.paid * 0.01)::text AS paid,
            CASE WHEN i.unpaid = 0 THEN 'PAID'
              WHEN i.due_on < (now() AT TIME ZONE 'Asia/Novokuznetsk')::date THEN 'OVERDUE'
              WHEN i.unpaid < i.charged + i.recalculated + i.penalty THEN 'PARTLY_PAID'
              ELSE 'DUE' END AS status,
            i.due_on AS "dueOn", (
              SELECT coalesce(json_agg(l), '[]') FROM (
                SELECT l.service, l.zone, trim_scale(l.quantity_kwh)::text AS "quantityKwh",
                  (l.amount * 0.01)::text AS amount
                FROM invoice_line l WHERE l.invoice_id = i.id ORDER BY l.position
              ) l
            ) AS lines
          FROM invoice i WHERE i.account_id = a.id ORDER BY i.period DESC LIMIT 6
        ) i
      ) AS invoices, (
        SELECT coalesce(json_agg(m), '[]') FROM (
          SELECT m.serial, m.next_verification_on AS "nextVerificationOn", (
            SELECT coalesce(json_agg(r), '[]') FROM (
              SELECT r.zone, r.label, (
                SELECT row_to_json(d) FROM (
                  SELECT trim_scale(d.value)::text AS value, d.taken_on AS "takenOn"
                  FROM reading d WHERE d.register_id = r.id AND d.state = 'ACCEPTED'
                  ORDER BY d.taken_on DESC, d.id DESC LIMIT 1
                ) d
              ) AS "lastReading"
              FROM register r WHERE r.meter_id = m.id ORDER BY r.position
            ) r
          ) AS registers
          FROM meter m WHERE m.account_id = a.id ORDER BY m.serial
        ) m
      ) AS meters
      FROM account_link k JOIN account a ON a.id = k.account_id
      WHERE k.user_id = u.id AND k.state = 'ACTIVE' ORDER BY a.number
    ) a
  ) AS accounts
  FROM session s JOIN "user" u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
) x
