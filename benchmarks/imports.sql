-- A month of bills for :bills new accounts: one bill with five lines each, in no order of theirs.
INSERT INTO account (id, number, subscriber_type, contract_number, contract_signed_on, address,
    house_kind, tariff_category, has_range_privilege, data_as_of)
SELECT new_key(), '77' || lpad(n::text, 8, '0'), 'HOUSEHOLD', 'Э-' || n, '2019-03-01',
    '654007, г. Новокузнецк, ул. Кирова, д. ' || n, 'APARTMENT', 'URBAN_GAS', false, now()
FROM generate_series(1, {bills}) n;
CREATE TABLE bill AS
SELECT new_key() AS id, id AS account_id, number AS account, number || '-2610' AS number,
    500 + (random() * 100000)::int AS amount, (random() * 500)::int AS kwh
FROM account WHERE number LIKE '77%' ORDER BY random();
VACUUM ANALYZE;
