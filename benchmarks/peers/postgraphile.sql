-- Computed columns, as PostGraphile's guide advises: texts as the API writes them, and the way
-- from a customer to their accounts.

CREATE FUNCTION user_accounts(u "user") RETURNS SETOF account LANGUAGE sql STABLE AS $$
  SELECT a.* FROM account_link l JOIN account a ON a.id = l.account_id
  WHERE l.user_id = u.id AND l.state = 'ACTIVE' ORDER BY a.number
$$;

CREATE FUNCTION account_balance_amount_due(b account_balance) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (greatest(0, b.debt + b.penalty - coalesce((
    SELECT sum(amount) FROM registry_row r
    WHERE r.account_id = b.account_id AND r.posted_at IS NULL), 0)) * 0.01)::text
$$;

CREATE FUNCTION invoice_month(i invoice) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(i.period, 'YYYY-MM')
$$;

CREATE FUNCTION invoice_rubles_total(i invoice) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT ((i.charged + i.recalculated + i.penalty) * 0.01)::text
$$;

CREATE FUNCTION invoice_rubles_paid(i invoice) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (i.paid * 0.01)::text
$$;

CREATE FUNCTION invoice_status(i invoice) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN i.unpaid = 0 THEN 'PAID'
    WHEN i.due_on < (now() AT TIME ZONE 'Asia/Novokuznetsk')::date THEN 'OVERDUE'
    WHEN i.unpaid < i.charged + i.recalculated + i.penalty THEN 'PARTLY_PAID' ELSE 'DUE' END
$$;

CREATE FUNCTION invoice_line_rubles(l invoice_line) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT (l.amount * 0.01)::text
$$;

CREATE FUNCTION invoice_line_plain_quantity(l invoice_line) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT trim_scale(l.quantity_kwh)::text
$$;

CREATE FUNCTION reading_plain_value(r reading) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT trim_scale(r.value)::text
$$;

CREATE FUNCTION reading_month(r reading) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_char(r.period, 'YYYY-MM')
$$;
