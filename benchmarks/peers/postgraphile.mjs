// PostGraphile 5 as its guides advise: the schema comes from the tables, with lists beside the
// connections; what the tables can't say are computed columns (postgraphile.sql) and plans. The
// session is looked up inside the operation's statement, which spares a transaction with settings.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { TYPES, sideEffectWithPgClientTransaction } from 'postgraphile/@dataplan/pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import { constant, context, object } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { extendSchema, gql } from 'postgraphile/utils'
import { submit } from './submission.mjs'

const SESSION = `
  SELECT u.id FROM session s JOIN "user" u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL`

async function send (client, { input, tokenHash }) {
  const query = async (name, text, values) => (await client.query({ name, text, values })).rows
  const [viewer] = await query('session', SESSION, [tokenHash])
  return submit(query, {
    user: viewer?.id,
    account: input.accountId,
    key: input.idempotencyKey,
    hash: createHash('sha256').update(JSON.stringify(input)).digest(),
    entries: input.entries.map(({ registerId, value }) => ({ register: registerId.replaceAll('-', ''), value }))
  })
}

const CabinetPlugin = extendSchema(({ sql, pgResources }) => {
  function viewerOf ($rows) {
    const token = $rows.placeholder(context().get('tokenHash'), TYPES.bytea)
    return sql`(
      select s.user_id from session s join "user" u on u.id = s.user_id
      where s.token_hash = ${token} and s.expires_at > now() and s.ended_at is null
        and u.locked_at is null)`
  }

  function viewer () {
    const $users = pgResources.user.find()
    $users.where(sql`${$users}.id = ${viewerOf($users)}`)
    return $users.single()
  }

  function ownRegister (_, { $rowId }) {
    const $registers = pgResources.register.find({ id: $rowId })
    $registers.where(sql`exists (
      select from meter m join account_link l on l.account_id = m.account_id
      where m.id = ${$registers}.meter_id and l.state = 'ACTIVE'
        and l.user_id = ${viewerOf($registers)})`)
    return $registers.single()
  }

  function lastReading ($register) {
    const $readings = pgResources.reading.find({ register_id: $register.get('id'), state: constant('ACCEPTED') })
    for (const attribute of ['taken_on', 'id']) $readings.orderBy({ attribute, direction: 'DESC' })
    $readings.setFirst(constant(1))
    return $readings.single()
  }

  function readingsSubmit (_, { $input }) {
    const $asked = object({ input: $input, tokenHash: context().get('tokenHash') })
    return sideEffectWithPgClientTransaction(pgResources.account.executor, $asked, send)
  }

  return {
    typeDefs: gql`
      extend type Query {
        viewer: User
        ownRegister(rowId: UUID!): Register
      }
      extend type Mutation {
        readingsSubmit(input: ReadingsSubmitInput!): ReadingsSubmitPayload
      }
      input ReadingsSubmitInput {
        accountId: UUID!
        entries: [ReadingEntryInput!]!
        idempotencyKey: String!
        allowPartial: Boolean! = false
      }
      input ReadingEntryInput {
        registerId: UUID!
        value: String!
      }
      type ReadingsSubmitPayload {
        entries: [ReadingEntryOutcome!]
        errors: [ReadingError!]!
      }
      type ReadingEntryOutcome {
        status: String!
        reading: SentReading
      }
      type SentReading {
        value: String!
        period: String!
      }
      type ReadingError {
        message: String!
      }
      extend type Register {
        lastReading: Reading
      }
    `,
    objects: {
      Query: { plans: { viewer, ownRegister } },
      Mutation: { plans: { readingsSubmit } },
      Register: { plans: { lastReading } }
    }
  }
})

const preset = {
  extends: [PostGraphileAmberPreset],
  plugins: [CabinetPlugin],
  schema: { defaultBehavior: 'connection list' },
  pgServices: [
    makePgService({ connectionString: process.env.DATABASE, schemas: ['public'], poolConfig: { max: 10 } })
  ],
  grafserv: { port: Number(process.env.PORT), graphqlPath: '/graphql', graphiql: false },
  grafast: {
    explain: false,
    context ({ node }) {
      const token = node?.req.headers.authorization?.slice('Bearer '.length) ?? ''
      return { tokenHash: createHash('sha256').update(token).digest() }
    }
  }
}

const server = createServer()
const serv = postgraphile(preset).createServ(grafserv)
await serv.addTo(server)
server.listen(preset.grafserv.port, '127.0.0.1')
