// PostGraphile 5 as its guides advise: the schema comes from the tables, with lists beside the
// connections; what the tables can't say are computed columns (postgraphile.sql) and plans. The
// session is looked up inside the operation's statement, which spares a transaction with settings.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { TYPES, sideEffectWithPgClient } from 'postgraphile/@dataplan/pg'
import { makePgService } from 'postgraphile/adaptors/pg'
import { constant, context, object } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { extendSchema, gql } from 'postgraphile/utils'

const RENAME = `
  UPDATE account_link l SET name = $3, changed_at = now()
  FROM account a, session s JOIN "user" u ON u.id = s.user_id
  WHERE a.id = l.account_id AND l.account_id = $1 AND l.user_id = u.id AND l.state = 'ACTIVE'
    AND s.token_hash = $2 AND s.expires_at > now() AND s.ended_at IS NULL AND u.locked_at IS NULL
  RETURNING a.number, l.name`

async function rename (client, { input: { accountId, name }, tokenHash }) {
  const { rows } = await client.query({ text: RENAME, values: [accountId, tokenHash, name] })
  const errors = rows[0] ? [] : [{ message: 'No such account' }]
  return { account: rows[0] ?? null, errors }
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

  function accountRename (_, { $input }) {
    const $asked = object({ input: $input, tokenHash: context().get('tokenHash') })
    return sideEffectWithPgClient(pgResources.account.executor, $asked, rename)
  }

  return {
    typeDefs: gql`
      extend type Query {
        viewer: User
        ownRegister(rowId: UUID!): Register
      }
      extend type Mutation {
        accountRename(input: AccountRenameInput!): AccountRenamePayload
      }
      input AccountRenameInput {
        accountId: UUID!
        name: String
      }
      type AccountRenamePayload {
        account: RenamedAccount
        errors: [AccountError!]!
      }
      type RenamedAccount {
        number: String!
        name: String
      }
      type AccountError {
        message: String!
      }
      extend type Register {
        lastReading: Reading
      }
    `,
    objects: {
      Query: { plans: { viewer, ownRegister } },
      Mutation: { plans: { accountRename } },
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
