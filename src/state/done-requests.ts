import { createHash } from 'node:crypto'
import type { Database } from './database.ts'

/** A change that somebody asked for under a key of his own (`Idempotency-Key`). */
export interface KeyedRequest {
  /** On whose behalf: the same key of somebody else is another one. */
  readonly actor: string
  readonly key: string
  /** All that makes it this request: method, address and body. */
  readonly asked: string
}

/** What it was answered. Never a secret. */
export interface DoneAnswer {
  readonly status: number
  readonly body: string
}

const keptMs = 86_400_000
const most = 10_000

/** What was done under a key, so that asking again does nothing more. For a day, in the state. */
export class DoneRequests {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** Undefined: nothing was done under this key; `another`: something else was. */
  async find(request: KeyedRequest): Promise<DoneAnswer | 'another' | undefined> {
    const [row] = await this.#database.query(
      'select asked, status, body from done_requests where key = $1 and at > $2',
      [keyOf(request), this.#now() - keptMs],
    )
    if (!row) return undefined
    if (row['asked'] !== digest(request.asked)) return 'another'
    return { status: Number(row['status']), body: String(row['body']) }
  }

  async keep(request: KeyedRequest, { status, body }: DoneAnswer): Promise<void> {
    const now = this.#now()
    await this.#database.run([
      {
        sql: `insert into done_requests (key, asked, status, body, at) values ($1, $2, $3, $4, $5)
          on conflict (key) do update set asked = excluded.asked, status = excluded.status,
          body = excluded.body, at = excluded.at`,
        parameters: [keyOf(request), digest(request.asked), status, body, now],
      },
      {
        sql: `delete from done_requests where at <= $1 or at < coalesce((select at from
          done_requests order by at desc limit 1 offset ${most}), 0)`,
        parameters: [now - keptMs],
      },
    ])
  }
}

function keyOf({ actor, key }: KeyedRequest): string {
  return digest(JSON.stringify([actor, key]))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
