-- Functions for values that differ between accounts, in the cloning session only. The first two are
-- equivalent to `supplier.account_number` and `supplier._unified_number`.

CREATE FUNCTION pg_temp.account_number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN
  lpad((4 + n % 5)::text, 2, '0') || lpad((n * 61803399 % 100000000)::text, 8, '0');

CREATE FUNCTION pg_temp.unified_number(n bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN
  '80' || substr('ABCDEFGHJKLMNPQRSTUVWXYZ', (n * 355987343 % 576000000 / 24000000)::int + 1, 1)
  || substr('ABCDEFGHJKLMNPQRSTUVWXYZ', (n * 355987343 % 24000000 / 1000000)::int + 1, 1)
  || lpad((n * 355987343 % 1000000)::text, 6, '0');

-- A UUIDv7 of the same millisecond: its last 62 bits are a hash of the template's key, seeded by
-- the copy. So references to a row's copy can be computed without a query for its key.
CREATE FUNCTION pg_temp.copied(key uuid, copy bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN
  CASE copy WHEN 0 THEN key ELSE encode(
    substr(uuid_send(key), 1, 8)
    || int8send(uuid_hash_extended(key, copy) & 4611686018427387903 | (-9223372036854775808)),
    'hex')::uuid END;

-- Another number with as many digits and without a leading zero; `lowest` is 10, 100, ...
CREATE FUNCTION pg_temp.another(number text, copy bigint, lowest bigint) RETURNS text
LANGUAGE sql IMMUTABLE RETURN lowest + (number::bigint - lowest + copy * 104729) % (9 * lowest);

-- «д. 12» becomes «д. 12/37»
CREATE FUNCTION pg_temp.next_door(address text, copy bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE copy WHEN 0 THEN address ELSE
    regexp_replace(address, 'д\. (\d+)', 'д. \1/' || copy) END;
