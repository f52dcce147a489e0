// The cabinet for Mercurius, as its guides advise: resolvers for the roots, loaders for all below, so
// that each level of an operation is one statement. The session's statement brings the user along,
// every statement is prepared, and PostgreSQL writes the texts. Loader caches are off: nothing is
// asked for twice, and serialising the keys costs more than they save.

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import { submit } from './submission.mjs'

const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: 10 })

const SESSION = `
  SELECT u.id, u.email, u.first_name AS "firstName", u.last_name AS "lastName"
  FROM session s JOIN "user" u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL`

const OWN_REGISTER = `
  SELECT r.id, r.zone, r.label
  FROM register r JOIN meter m ON m.id = r.meter_id JOIN account_link l ON l.account_id = m.account_id
  WHERE r.id = $1 AND l.user_id = $2 AND l.state = 'ACTIVE'`

const ACCOUNTS = `
  SELECT p.n, a.id, a.number, a.address, l.name
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n)
  JOIN account_link l ON l.user_id = p.id AND l.state = 'ACTIVE'
  JOIN account a ON a.id = l.account_id
  ORDER BY p.n, a.number`

const BALANCES = `
  SELECT p.n, (greatest(0, b.debt + b.penalty - coalesce((
    SELECT sum(amount) FROM registry_row WHERE account_id = p.id AND posted_at IS NULL), 0)) * 0.01)::text AS "amountDue"
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n) JOIN account_balance b ON b.account_id = p.id`

const INVOICES = `
  SELECT p.n, i.*
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n)
  CROSS JOIN LATERAL (
    SELECT id, number, to_char(period, 'YYYY-MM') AS period, ((charged + recalculated + penalty) * 0.01)::text AS total,
      (paid * 0.01)::text AS paid, due_on::text AS "dueOn",
      CASE WHEN unpaid = 0 THEN 'PAID'
        WHEN due_on < (now() AT TIME ZONE 'Asia/Novokuznetsk')::date THEN 'OVERDUE'
        WHEN unpaid < charged + recalculated + penalty THEN 'PARTLY_PAID' ELSE 'DUE' END AS status
    FROM invoice WHERE account_id = p.id ORDER BY invoice.period DESC LIMIT $2
  ) i`

const LINES = `
  SELECT p.n, l.service, l.zone, trim_scale(l.quantity_kwh)::text AS "quantityKwh",
    (l.amount * 0.01)::text AS amount
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n) JOIN invoice_line l ON l.invoice_id = p.id
  ORDER BY p.n, l.position`

const METERS = `
  SELECT p.n, m.id, m.serial, m.next_verification_on::text AS "nextVerificationOn"
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n) JOIN meter m ON m.account_id = p.id
  ORDER BY p.n, m.serial`

const REGISTERS = `
  SELECT p.n, r.id, r.zone, r.label
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n) JOIN register r ON r.meter_id = p.id
  ORDER BY p.n, r.position`

const READINGS = `
  SELECT p.n, r.*
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n)
  CROSS JOIN LATERAL (
    SELECT trim_scale(value)::text AS value, taken_on::text AS "takenOn", to_char(period, 'YYYY-MM') AS period,
      source, state
    FROM reading WHERE register_id = p.id ORDER BY reading.taken_on DESC, id DESC LIMIT $2
  ) r`

const LAST_READINGS = `
  SELECT p.n, r.*
  FROM unnest($1::uuid[]) WITH ORDINALITY p(id, n)
  CROSS JOIN LATERAL (
    SELECT trim_scale(value)::text AS value, taken_on::text AS "takenOn"
    FROM reading WHERE register_id = p.id AND state = 'ACCEPTED'
    ORDER BY reading.taken_on DESC, id DESC LIMIT 1
  ) r`

// For each of the parents its rows, in one statement whatever their number.
async function below (name, text, queries, ...values) {
  const parents = queries.map(({ obj }) => obj.id)
  const { rows } = await pool.query({ name, text, values: [parents, ...values] })
  const found = queries.map(() => [])
  for (const row of rows) found[row.n - 1].push(row)
  return found
}

async function oneBelow (...question) {
  return (await below(...question)).map(rows => rows[0] ?? null)
}

function page (rows, first) {
  return { nodes: rows.slice(0, first), pageInfo: { hasNextPage: rows.length > first } }
}

// Run `act` with a connection of its own, all or nothing.
async function inTransaction (act) {
  const client = await pool.connect()
  const query = async (name, text, values) => (await client.query({ name, text, values })).rows
  try {
    await client.query('BEGIN')
    const answer = await act(query)
    await client.query(answer.errors.length ? 'ROLLBACK' : 'COMMIT')
    return answer
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

const resolvers = {
  Query: {
    viewer: (_, __, { viewer }) => viewer,
    async node (_, { id }, { viewer }) {
      if (!viewer || !id.startsWith('reg_')) return null
      const values = [id.slice('reg_'.length), viewer.id]
      const { rows } = await pool.query({ name: 'register', text: OWN_REGISTER, values })
      return rows[0] ?? null
    }
  },
  Mutation: {
    readingsSubmit (_, { input }, { viewer }) {
      const asked = {
        user: viewer?.id,
        account: input.accountId.slice('acc_'.length),
        key: input.idempotencyKey,
        hash: createHash('sha256').update(JSON.stringify(input)).digest(),
        entries: input.entries.map(({ registerId, value }) => ({ register: registerId.slice('reg_'.length), value }))
      }
      return inTransaction(query => submit(query, asked))
    }
  },
  Node: { resolveType: () => 'Register' }
}

const uncached = loader => ({ loader, opts: { cache: false } })

const loaders = {
  User: {
    accounts: uncached(queries => below('accounts', ACCOUNTS, queries))
  },
  Account: {
    balance: uncached(queries => oneBelow('balances', BALANCES, queries)),
    invoices: uncached(async queries => {
      const most = Math.max(...queries.map(({ params }) => params.first))
      const found = await below('invoices', INVOICES, queries, most)
      return found.map((rows, i) => rows.slice(0, queries[i].params.first))
    }),
    meters: uncached(queries => below('meters', METERS, queries))
  },
  Invoice: {
    lines: uncached(queries => below('lines', LINES, queries))
  },
  Meter: {
    registers: uncached(queries => below('registers', REGISTERS, queries))
  },
  Register: {
    lastReading: uncached(queries => oneBelow('last readings', LAST_READINGS, queries)),
    readings: uncached(async queries => {
      const most = Math.max(...queries.map(({ params }) => params.first))
      const found = await below('readings', READINGS, queries, most + 1)
      return found.map((rows, i) => page(rows, queries[i].params.first))
    })
  }
}

async function context ({ headers }) {
  const token = headers.authorization?.slice('Bearer '.length) ?? ''
  const values = [createHash('sha256').update(token).digest()]
  const { rows } = await pool.query({ name: 'session', text: SESSION, values })
  return { viewer: rows[0] ?? null }
}

const schema = readFileSync(new URL('cabinet.graphql', import.meta.url), 'utf8')

export const cabinet = { schema, resolvers, loaders, context, jit: 1 }
