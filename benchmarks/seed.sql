-- The rows to measure with, made where they lie. `bench.customers` says for how many customers;
-- each has 3 accounts of `bench.months` (18) bills of 5 lines, 2 meters with 2 registers on each
-- account, and readings: `bench.longest` (100) of one register, `bench.readings` (4) of each other.
-- Bills go in month by month, as the billing system delivers them: a customer's six newest lie
-- as far apart as they do in life.

SET LOCAL session_replication_role = replica;  -- the rows refer to each other by construction
SET LOCAL synchronous_commit = off;

CREATE TEMP TABLE customer ON COMMIT DROP AS
SELECT n, uuidv7() AS id FROM generate_series(1, current_setting('bench.customers')::int) n;

CREATE TEMP TABLE cabinet ON COMMIT DROP AS
SELECT c.n * 3 + k AS n, k, c.id AS user_id, uuidv7() AS id
FROM customer c, generate_series(0, 2) k ORDER BY c.n, k;

-- without them `lk serve` doesn't start
INSERT INTO document (id, kind, version, title, text, sha256, valid_from)
SELECT gen_random_uuid(), kind, '2020-01-01', kind, kind, encode(sha256(kind::bytea), 'hex'),
       '2020-01-01'
FROM unnest(ARRAY ['TERMS', 'PERSONAL_DATA']) kind;

INSERT INTO window_rule (id, from_period, first_day, last_day, late_policy, offline_days, reference)
VALUES (gen_random_uuid(), '2010-01-01', 1, 31, 'REFUSED', 3, 'a benchmark runs on any day');

INSERT INTO anomaly_rule (id, from_period, usual_times, usual_months, least_months, allowed_kw, reference)
VALUES (gen_random_uuid(), '2010-01-01', 3, 12, 3, 15, 'a benchmark');

-- Of every other customer the two registers count more than the norm: then the history is read, too
INSERT INTO norm (id, category, residents, kwh_per_person, from_period, order_reference)
VALUES (gen_random_uuid(), 'URBAN_GAS', 1, 90, '2010-01-01', 'a benchmark');

INSERT INTO "user" (id, email, email_key, phone, last_name, first_name, patronymic,
  has_no_patronymic, password_hash, preferred_language, created_at, activated_at, password_changed_at)
SELECT id, mail, mail, '+79' || lpad(n::text, 9, '0'), 'Иванов', 'Иван', 'Иванович',
  false, '!', 'RU', now(), now(), now()
FROM customer, concat('customer', n, '@example.com') mail;

INSERT INTO session (id, user_id, token_hash, client_address, user_agent, created_at, expires_at)
SELECT uuidv7(), id, sha256(convert_to('bench-' || lpad(n::text, 37, '0'), 'UTF8')), '127.0.0.1', 'benchmark',
  now(), now() + interval '1 day'
FROM customer;

INSERT INTO account (id, number, subscriber_type, contract_number, contract_signed_on, address,
  house_kind, tariff_category, residents, has_range_privilege, data_as_of)
SELECT id, lpad(n::text, 12, '0'), 'HOUSEHOLD', 'Д-' || n, '2020-01-15',
  'г. Новокузнецк, пр. Металлургов, ' || n, 'APARTMENT', 'URBAN_GAS', 1 + n % 2, false, now()
FROM cabinet;

INSERT INTO account_link (id, account_id, user_id, role, state, linked_at, changed_at)
SELECT uuidv7(), id, user_id, 'OWNER', 'ACTIVE', now(), now() FROM cabinet;

INSERT INTO holder (id, account_id, last_name, first_name, patronymic, surname_key, since)
SELECT uuidv7(), id, 'Иванов', 'Иван', 'Иванович', 'иванов', '2020-01-15' FROM cabinet;

-- Of the newest bill nothing is paid yet
INSERT INTO invoice (id, account_id, number, period, issued_on, due_on, opening_balance, charged,
  recalculated, penalty, paid, closing_balance, unpaid, consumption_kwh)
SELECT uuidv7(), a.id, concat('Б-', a.n, '-', m), month, month + 35, month + 45, 0, charged,
  0, 0, CASE WHEN m < months THEN charged ELSE 0 END, CASE WHEN m < months THEN 0 ELSE charged END,
  CASE WHEN m < months THEN 0 ELSE charged END, 602.5
FROM (SELECT current_setting('bench.months')::int AS months) _
CROSS JOIN LATERAL generate_series(1, months) m
CROSS JOIN cabinet a
CROSS JOIN LATERAL (SELECT (date_trunc('month', now()) - (1 + months - m) * interval '1 month')::date) __(month)
CROSS JOIN LATERAL (SELECT 5 * (1000 + a.n::bigint * 7919 % 90000 + m * 131)) ___(charged)
ORDER BY m, a.n;

INSERT INTO invoice_line (id, invoice_id, position, kind, service, zone, range_number,
  quantity_kwh, rubles_per_kwh, amount)
SELECT uuidv7(), i.id, p, 'ENERGY', 'Электроэнергия', CASE p % 2 WHEN 0 THEN 'NIGHT' ELSE 'DAY' END,
  (p + 1) / 2, 120.5, 3.58, i.charged / 5
FROM invoice i, generate_series(1, 5) p ORDER BY i.period, i.id, p;

INSERT INTO account_balance (id, account_id, debt, penalty, overpayment, as_of)
SELECT uuidv7(), account_id, sum(unpaid), 0, 0, now() FROM invoice GROUP BY account_id;

INSERT INTO meter (id, account_id, serial, model, ratio, installed_on, verified_on,
  verification_interval_years, next_verification_on, reports_itself)
SELECT uuidv7(), id, concat(lpad(n::text, 8, '0'), m), 'Меркурий 200.02', 1, '2020-01-15',
  '2020-01-15', 16, '2036-01-15', false
FROM cabinet a, generate_series(1, 2) m ORDER BY a.n, m;

INSERT INTO register (id, meter_id, position, zone, label, digits, fraction_digits)
SELECT uuidv7(), m.id, p, CASE p WHEN 1 THEN 'DAY' ELSE 'NIGHT' END, 'T' || p, 6, 0
FROM meter m, generate_series(1, 2) p ORDER BY m.serial, p;

-- The first register of each customer's first account has the long history
INSERT INTO reading (id, register_id, value, taken_on, received_at, period, source, state)
SELECT uuidv7(), r.id, 40000 - 100.5 * age, month + 22, month + 22, month, 'CUSTOMER', 'ACCEPTED'
FROM register r
JOIN meter m ON m.id = r.meter_id
JOIN cabinet a ON a.id = m.account_id
CROSS JOIN LATERAL generate_series(
  1, CASE WHEN a.k = 0 AND r.position = 1 AND m.serial LIKE '%1' THEN current_setting('bench.longest')
    ELSE current_setting('bench.readings') END::int) age
CROSS JOIN LATERAL (SELECT (date_trunc('month', now()) - age * interval '1 month')::date) _(month)
ORDER BY age DESC, m.serial, r.position;
