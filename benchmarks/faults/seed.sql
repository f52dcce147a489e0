-- What the writers need besides the rows of benchmarks/seed.sql.

INSERT INTO document (id, kind, version, title, text, sha256, valid_from)
VALUES (gen_random_uuid(), 'SMS', '2020-01-01', 'SMS', 'SMS', encode(sha256('SMS'), 'hex'), '2020-01-01');

-- No quiet hours, because the run doesn't wait for the morning; a quarter gets SMS, too
INSERT INTO notice_manners (user_id, has_sms, quiet_from, quiet_until, changed_at)
SELECT id, substr(phone, 12)::int % 4 = 0, NULL, NULL, now() FROM "user";

INSERT INTO phone_proof (id, user_id, phone, nonce, created_at, expires_at, confirmed_at)
SELECT gen_random_uuid(), id, phone, decode(repeat('00', 32), 'hex'), now(), now(), now() FROM "user"
WHERE substr(phone, 12)::int % 4 = 0;

INSERT INTO supplier (id, valid_from, name, inn, kpp, ogrn, bank_name, bic, account,
  correspondent_account, address, phone, office_hours)
VALUES (gen_random_uuid(), '2020-01-01', 'ООО «Энергосбыт»', '4217039402', '421701001',
  '1024200000000', 'Сбербанк', '043207612', '40702810526000000001', '30101810200000000612',
  'г. Новокузнецк', '+7 3843 00-00-00', 'пн-пт 8-17');

INSERT INTO staff_member (id, email, last_name, first_name, role, enrolled_at, created_at)
VALUES (gen_random_uuid(), 'supervisor@example.com', 'Белова', 'Ольга', 'SUPERVISOR', now(), now());

INSERT INTO vat_rate (id, percent, valid_from, reference)
VALUES (gen_random_uuid(), 22, '2019-01-01', 'a benchmark') ON CONFLICT DO NOTHING;
