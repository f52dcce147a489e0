-- Everybody has one account with a bill that isn't paid; `bench.notices` says how many people.

SET LOCAL session_replication_role = replica;  -- the rows refer to each other by construction
SET LOCAL synchronous_commit = off;

CREATE TEMP TABLE person ON COMMIT DROP AS
SELECT n, uuidv7() AS id, uuidv7() AS account_id
FROM generate_series(1, current_setting('bench.notices')::int) n;

INSERT INTO "user" (id, email, email_key, phone, last_name, first_name, patronymic,
  has_no_patronymic, password_hash, preferred_language, created_at, activated_at, password_changed_at)
SELECT id, mail, mail, '+79' || lpad(n::text, 9, '0'), 'Иванов', 'Иван', 'Иванович',
  false, '!', CASE n % 10 WHEN 0 THEN 'EN' ELSE 'RU' END, now(), now(), now()
FROM person, concat('customer', n, '@example.com') mail;

INSERT INTO notice_manners (user_id, has_sms, changed_at) SELECT id, false, now() FROM person;

INSERT INTO account (id, number, subscriber_type, contract_number, contract_signed_on, address,
  house_kind, tariff_category, has_range_privilege, data_as_of)
SELECT account_id, lpad(n::text, 12, '0'), 'HOUSEHOLD', 'Д-' || n, '2020-01-15',
  'г. Новокузнецк, пр. Металлургов, ' || n, 'APARTMENT', 'URBAN_GAS', false, now()
FROM person;

INSERT INTO account_link (id, account_id, user_id, role, state, linked_at, changed_at)
SELECT uuidv7(), account_id, id, 'OWNER', 'ACTIVE', now(), now() FROM person;

INSERT INTO invoice (id, account_id, number, period, issued_on, due_on, opening_balance, charged,
  recalculated, penalty, paid, closing_balance, unpaid, consumption_kwh)
SELECT uuidv7(), account_id, 'Б-' || n, '2026-10-01', '2026-11-05', '2026-11-16', 0,
  60000 + n % 9000, 0, 0, 0, 60000 + n % 9000, 60000 + n % 9000, 180
FROM person;
