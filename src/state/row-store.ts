import type { Database, Mishap, Statement } from './database.ts'

/** A row as Asterisk wrote it: its own field names, its own texts. */
export type WrittenRow = Readonly<Record<string, string>>

export type RowKind = keyof typeof kinds

/** Where rows are kept that Asterisk writes. */
export interface RowStore {
  load(kind: RowKind): Promise<ReadonlyMap<string, WrittenRow>>
  /** As they are kept now; who is not in the answer is not there. */
  read(kind: RowKind, keys: readonly string[]): Promise<ReadonlyMap<string, WrittenRow>>
  /** Null removes the row. Resolves when that is kept, through a loss of power or what is said. */
  keep(kind: RowKind, key: string, row: WrittenRow | null, through?: Mishap): Promise<void>
  /** Present where rows may be kept elsewhere than in the state for a while. */
  readonly isUnderway?: (kind: RowKind, key: string) => boolean
}

const keysAtOnce = 500

/** In the tables of the state. */
export class DatabaseRows implements RowStore {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  async load(kind: RowKind): Promise<ReadonlyMap<string, WrittenRow>> {
    const { table, key } = kinds[kind]
    const rows = await this.#database.query(`select ${key} as key, fields from ${table}`)
    return new Map(rows.map((row) => [String(row['key']), parse(row['fields'])]))
  }

  async read(kind: RowKind, keys: readonly string[]): Promise<ReadonlyMap<string, WrittenRow>> {
    const { table, key } = kinds[kind]
    const found = new Map<string, WrittenRow>()
    for (let from = 0; from < keys.length; from += keysAtOnce) {
      const some = keys.slice(from, from + keysAtOnce)
      const places = some.map((_, index) => `$${index + 1}`).join(', ')
      const rows = await this.#database.query(
        `select ${key} as key, fields from ${table} where ${key} in (${places})`,
        some,
      )
      for (const row of rows) found.set(String(row['key']), parse(row['fields']))
    }
    return found
  }

  async keep(kind: RowKind, key: string, row: WrittenRow | null, through?: Mishap): Promise<void> {
    await this.#database.run([keepStatement(kind, key, row, this.#now())], through)
  }
}

export function keepStatement(
  kind: RowKind,
  key: string,
  row: WrittenRow | null,
  at: number,
): Statement {
  const { table, key: column } = kinds[kind]
  if (row === null) return { sql: `delete from ${table} where ${column} = $1`, parameters: [key] }
  return { sql: putText(kind), parameters: [key, JSON.stringify(row), at] }
}

/** The same for a write that comes late: what was written since by somebody else stays. */
export function keepLateStatement(
  kind: RowKind,
  key: string,
  row: WrittenRow | null,
  at: number,
): Statement {
  const { table, key: column } = kinds[kind]
  if (row !== null) {
    const sql = `${putText(kind)} where ${table}.changed_at <= excluded.changed_at`
    return { sql, parameters: [key, JSON.stringify(row), at] }
  }
  const sql = `delete from ${table} where ${column} = $1 and changed_at <= $2`
  return { sql, parameters: [key, at] }
}

function putText(kind: RowKind): string {
  const { table, key } = kinds[kind]
  return `insert into ${table} (${key}, fields, changed_at) values ($1, $2, $3)
    on conflict (${key}) do update set fields = excluded.fields, changed_at = excluded.changed_at`
}

/** Names are ours, so that they may stand in a statement. */
const kinds = {
  contacts: { table: 'contacts', key: 'id' },
  registrations: { table: 'registrations', key: 'name' },
  queueMembers: { table: 'queue_members', key: 'uniqueid' },
  iaxRegistrations: { table: 'iax_registrations', key: 'name' },
} as const

function parse(fields: unknown): WrittenRow {
  return JSON.parse(String(fields)) as WrittenRow // written above
}
