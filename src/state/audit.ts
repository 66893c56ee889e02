import { randomInt } from 'node:crypto'
import type { Database, SqlRow } from './database.ts'

export const auditKinds = ['change', 'sign-in', 'refusal'] as const
export type AuditKind = (typeof auditKinds)[number]

/** Something that somebody did, or was not let do. */
export interface AuditEntry {
  readonly id: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly kind: AuditKind
  /** `account/NAME`, `person/ID`, `token/NAME`, `socket`, or `unknown name`. */
  readonly actor: string
  readonly address: string
  /** `POST /api/people/:id/disable`, or a way to sign in. */
  readonly action: string
  /** What was changed, such as `id=office/…`; empty: nothing in particular. Never a secret. */
  readonly target: string
  /** `done`, `refused`, or why not. */
  readonly outcome: string
}

/** Which entries: those that fit all of what is said. */
export interface AuditFilter {
  readonly kind?: AuditKind | undefined
  readonly actor?: string | undefined
  /** Id of a person: what he did, and what was done about him. */
  readonly person?: string | undefined
  /** Id of an entry: what is older. */
  readonly before?: number | undefined
}

/** Refusals are kept apart: whoever guesses passwords must not push out what was changed. */
const kept: Readonly<Record<AuditKind, number>> = {
  change: 50_000,
  'sign-in': 20_000,
  refusal: 5000,
}

/** Who changed what, and who came in. */
export class Audit {
  readonly #database: Database
  #last: number

  private constructor(database: Database, last: number) {
    this.#database = database
    this.#last = last
  }

  static async open(database: Database): Promise<Audit> {
    const [row] = await database.query('select max(id) as newest from audit')
    return new Audit(database, Number(row?.['newest'] ?? 0))
  }

  async add(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    const { at, kind, actor, address, action, target, outcome } = entry
    // Of several nodes no two may write the same number, and the order is that of time.
    this.#last = Math.max(this.#last + 1, at * 1000 + randomInt(1000))
    await this.#database.run([
      {
        sql: `insert into audit (id, at, kind, actor, address, action, target, outcome)
          values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        parameters: [this.#last, at, kind, actor, address, action, target, outcome],
      },
      {
        sql: `delete from audit where kind = $1 and id <= coalesce((select id from audit
          where kind = $1 order by id desc limit 1 offset ${kept[kind]}), 0)`,
        parameters: [kind],
      },
    ])
  }

  /** The newest first. */
  async newest(limit: number, filter: AuditFilter = {}): Promise<readonly AuditEntry[]> {
    const { kind, actor, person, before = Number.MAX_SAFE_INTEGER } = filter
    const values: (string | number)[] = []
    const place = (value: string | number) => `$${values.push(value)}`
    const wanted = [`id < ${place(before)}`]
    if (kind !== undefined) wanted.push(`kind = ${place(kind)}`)
    if (actor !== undefined) wanted.push(`actor = ${place(actor)}`)
    if (person !== undefined) {
      const about = `${new URLSearchParams({ id: person })}&`
      const isAbout = `substr(target || '&', 1, ${about.length}) = ${place(about)}`
      wanted.push(`(actor = ${place(`person/${person}`)} or ${isAbout})`)
    }
    const rows = await this.#database.query(
      `select * from audit where ${wanted.join(' and ')} order by id desc limit ${place(limit)}`,
      values,
    )
    return rows.map(readEntry)
  }
}

function readEntry(row: SqlRow): AuditEntry {
  return {
    id: Number(row['id']),
    at: Number(row['at']),
    kind: String(row['kind']) as AuditKind, // written by `add`
    actor: String(row['actor']),
    address: String(row['address']),
    action: String(row['action']),
    target: String(row['target']),
    outcome: String(row['outcome']),
  }
}
