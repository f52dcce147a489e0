// Sending two readings, as both peers do it: the statements that a careful programmer of a resolver
// writes, in one transaction. The key is claimed, the account locked, what was known is read and
// compared, what was sent before in the month gives way.

const CLAIM = `
  INSERT INTO idempotent_call (id, user_id, mutation, key, body_hash, outcome, happened_at)
  VALUES (gen_random_uuid(), $1, 'readingsSubmit', $2, $3, '{}', now())
  ON CONFLICT DO NOTHING RETURNING id`

const OWN_ACCOUNT = `
  SELECT a.id FROM account a JOIN account_link l ON l.account_id = a.id
  WHERE a.id = $1 AND l.user_id = $2 AND l.state = 'ACTIVE' AND a.closed_on IS NULL
  FOR NO KEY UPDATE OF a`

const KNOWN = `
  SELECT r.id, r.digits, (now() AT TIME ZONE 'Asia/Novokuznetsk')::date::text AS today, w.first_day, w.last_day,
    (SELECT value FROM reading
      WHERE register_id = r.id AND state = 'ACCEPTED'
        AND period < date_trunc('month', now() AT TIME ZONE 'Asia/Novokuznetsk')
      ORDER BY taken_on DESC, id DESC LIMIT 1)::text AS last
  FROM meter m JOIN register r ON r.meter_id = m.id
  CROSS JOIN LATERAL (SELECT * FROM window_rule ORDER BY from_period DESC LIMIT 1) w
  WHERE m.account_id = $1 AND m.removed_on IS NULL`

const SUPERSEDE = `
  UPDATE reading SET state = 'SUPERSEDED'
  WHERE register_id = ANY($1) AND period = $2 AND source = 'CUSTOMER' AND state = 'ACCEPTED'`

const KEEP = `
  INSERT INTO reading (id, register_id, value, taken_on, received_at, period, source, state, submitted_by_id)
  SELECT gen_random_uuid(), new.*, $3, now(), $4, 'CUSTOMER', 'ACCEPTED', $5
  FROM unnest($1::uuid[], $2::numeric[]) AS new
  RETURNING value::text AS value, to_char(period, 'YYYY-MM') AS period`

const OUTCOME = 'UPDATE idempotent_call SET outcome = $2 WHERE id = $1'

const refused = message => ({ entries: null, errors: [{ message }] })

// Inside a transaction that `query` speaks to; entries are { register, value }.
export async function submit (query, { user, account, key, hash, entries }) {
  const claimed = await query('claim', CLAIM, [user, key, hash])
  if (!claimed.length) return refused('This key was used')
  const own = await query('own account', OWN_ACCOUNT, [account, user])
  if (!own.length) return refused('No such account')
  const known = new Map((await query('known', KNOWN, [account])).map(row => [row.id.replaceAll('-', ''), row]))
  for (const { register, value } of entries) {
    const found = known.get(register)
    if (!found) return refused('No such register')
    const day = Number(found.today.slice(8))
    if (day < found.first_day || day > found.last_day) return refused('The window is closed')
    if (value.length > found.digits || Number(value) < Number(found.last)) return refused('Less than before')
  }
  const today = known.get(entries[0].register).today
  const period = `${today.slice(0, 7)}-01`
  const registers = entries.map(({ register }) => register)
  await query('supersede', SUPERSEDE, [registers, period])
  const kept = await query('keep', KEEP, [registers, entries.map(({ value }) => value), today, period, user])
  await query('outcome', OUTCOME, [claimed[0].id, JSON.stringify(kept)])
  return { entries: kept.map(reading => ({ status: 'ACCEPTED_FOR_BILLING', reading })), errors: [] }
}
