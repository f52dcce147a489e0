// Sending two readings, as both peers do it: the statements that a careful programmer of a resolver
// writes, in one transaction. The key is claimed, the account locked, what was known is read and
// compared, what was sent before in the month gives way.

import { readFileSync } from 'node:fs'

const FOLDER = new URL('../operations/submit/steps/', import.meta.url)
const NAMES = ['claim', 'own_account', 'known', 'supersede', 'keep', 'outcome']
const STEPS = new Map(NAMES.map(name => [name, readFileSync(new URL(`${name}.sql`, FOLDER), 'utf8')]))

const refused = message => ({ entries: null, errors: [{ message }] })

// Inside a transaction that `ask` speaks to; entries are { register, value }.
export async function submit (ask, { user, account, key, hash, entries }) {
  const query = (name, values) => ask(name, STEPS.get(name), values)
  const claimed = await query('claim', [user, key, hash])
  if (!claimed.length) return refused('This key was used')
  const own = await query('own_account', [account, user])
  if (!own.length) return refused('No such account')
  const known = new Map((await query('known', [account])).map(row => [row.id.replaceAll('-', ''), row]))
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
  await query('supersede', [registers, period])
  const kept = await query('keep', [registers, entries.map(({ value }) => value), today, period, user])
  await query('outcome', [claimed[0].id, JSON.stringify(kept)])
  return { entries: kept.map(reading => ({ status: 'ACCEPTED_FOR_BILLING', reading })), errors: [] }
}
