import { DatabaseSync } from 'node:sqlite'
import { claimsOf } from '../../src/people/member.ts'
import { openState } from '../../src/state/state.ts'
import { tables } from '../../src/state/tables.ts'
import { makePerson } from '../support/person.ts'

export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** Makes a state with somebody, his secrets and his telephone, and something in every other table. */
export async function fillState(file: string): Promise<{ readonly secret: string }> {
  let secret: string | undefined
  {
    await using state = await openState({ state: `sqlite:${file}` }, Date.now)
    const person = makePerson('501')
    const after = { person, claims: claimsOf(person, undefined, 1) }
    await state.people.save({ put: [{ before: undefined, after }], removed: [] }, Date.now())
    await state.secrets.provide([[person.id, {}]], { initialPin: null })
    await state.contacts.put('501;@a', { id: '501;@a', uri: 'sip:501@127.0.0.1' })
    secret = state.secrets.sip(person.id)
  }
  using database = new DatabaseSync(file)
  for (const { name } of tables) {
    if (database.prepare(`select 1 from ${name}`).get()) continue
    const columns = columnsOf(database, name)
    const places = columns.map(() => '?').join(', ')
    const values = columns.map(({ type }) => (type === 'TEXT' ? '{}' : 1))
    database.prepare(`insert into ${name} values (${places})`).run(...values)
  }
  if (secret === undefined) throw new Error('no secret was made')
  return { secret }
}

export function columnsOf(
  database: DatabaseSync,
  table: string,
): readonly { readonly name: string; readonly type: string }[] {
  return database
    .prepare(`select name, upper(type) as type from pragma_table_info(?)`)
    .all(table)
    .map(({ name, type }) => ({ name: String(name), type: String(type) }))
}

/** Everything that is kept. */
export function rowsOf(file: string): Rows {
  using database = new DatabaseSync(file, { readOnly: true })
  const read = ({ name, key }: (typeof tables)[number]) =>
    database.prepare(`select * from ${name} order by ${key.join(', ')}`).all()
  return Object.fromEntries(tables.map((table) => [table.name, read(table)]))
}
