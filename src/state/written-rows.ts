import type { Database, Statement } from './database.ts'

/** A row as Asterisk wrote it: its own field names, its own texts. */
export type WrittenRow = Readonly<Record<string, string>>

/**
 * Rows that Asterisk writes and reads back: in memory for reading, in the state before a write is
 * acknowledged. `contacts` for chan_pjsip, `registrations` for chan_sip, others for what they say.
 */
export class WrittenRows {
  readonly #database: Database
  readonly #table: Table
  readonly #now: () => number
  readonly #rows = new Map<string, WrittenRow>()
  /** On their way to the disk; a second write builds on the first one. */
  readonly #pending = new Map<string, WrittenRow | null>()
  readonly #listeners = new Set<(key: string, before?: WrittenRow, after?: WrittenRow) => void>()

  private constructor(database: Database, table: Table, now: () => number) {
    this.#database = database
    this.#table = table
    this.#now = now
  }

  static async open(database: Database, name: keyof typeof tables, now: () => number) {
    const rows = new WrittenRows(database, tables[name], now)
    for (const row of await database.query(rows.#table.load)) {
      rows.#rows.set(String(row['key']), JSON.parse(String(row['fields'])) as WrittenRow)
    }
    return rows
  }

  get(key: string): WrittenRow | undefined {
    return this.#rows.get(key)
  }

  values(): Iterable<WrittenRow> {
    return this.#rows.values()
  }

  /** Merges into the row or makes it. Resolves when it is kept. */
  async put(key: string, fields: WrittenRow): Promise<void> {
    const row = { ...(this.#pending.get(key) ?? this.#rows.get(key)), ...fields }
    await this.#write(key, row, {
      sql: this.#table.put,
      parameters: [key, JSON.stringify(row), this.#now()],
    })
  }

  /** Resolves with whether there was such a row, when it is gone for good. */
  async remove(key: string): Promise<boolean> {
    const was = (this.#pending.get(key) ?? this.#rows.get(key)) !== undefined
    await this.#write(key, null, { sql: this.#table.remove, parameters: [key] })
    return was
  }

  /** Told after each write that was kept. */
  onChange(listener: (key: string, before?: WrittenRow, after?: WrittenRow) => void): void {
    this.#listeners.add(listener)
  }

  /** Call the result to forget whoever listens now; those who come meanwhile stay. */
  listening(): () => void {
    const listeners = [...this.#listeners]
    return () => listeners.forEach((each) => this.#listeners.delete(each))
  }

  async #write(key: string, row: WrittenRow | null, statement: Statement): Promise<void> {
    this.#pending.set(key, row)
    try {
      await this.#database.run([statement])
    } finally {
      if (this.#pending.get(key) === row) this.#pending.delete(key)
    }
    const before = this.#rows.get(key)
    if (row) this.#rows.set(key, row)
    else this.#rows.delete(key)
    for (const listener of this.#listeners) listener(key, before, row ?? undefined)
  }
}

interface Table {
  readonly load: string
  readonly put: string
  readonly remove: string
}

const tables = {
  contacts: table('contacts', 'id'),
  registrations: table('registrations', 'name'),
  queueMembers: table('queue_members', 'uniqueid'),
  iaxRegistrations: table('iax_registrations', 'name'),
} as const satisfies Record<string, Table>

/** Names are ours, from the list above. */
function table(name: string, key: string): Table {
  return {
    load: `select ${key} as key, fields from ${name}`,
    put: `insert into ${name} (${key}, fields, changed_at) values ($1, $2, $3)
      on conflict (${key}) do update set fields = excluded.fields, changed_at = excluded.changed_at`,
    remove: `delete from ${name} where ${key} = $1`,
  }
}
