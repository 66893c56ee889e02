import { createHash, randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

export interface SetupLink {
  /** 128 random bits in 22 characters. It cannot be shown again. */
  readonly token: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Links under which somebody's telephone account is to be had once, within minutes. They are read
 * from the state each time: a link that was made on one node works on each, and only once on all.
 */
export class SetupLinks {
  readonly #database: Database
  readonly #now: () => number

  constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  /** A new link; somebody's earlier ones are good for nothing any more. */
  async make(person: string, lifetimeMs: number): Promise<SetupLink> {
    const token = randomBytes(16).toString('base64url')
    const now = this.#now()
    const expiresAt = now + lifetimeMs
    await this.#database.run([
      {
        sql: 'delete from setup_links where person = $1 or expires_at <= $2',
        parameters: [person, now],
      },
      {
        sql: 'insert into setup_links (digest, person, expires_at) values ($1, $2, $3)',
        parameters: [digest(token), person, expiresAt],
      },
    ])
    return { token, expiresAt }
  }

  /** Id of the person whose link it is. Undefined: it was used, is over, or never was. */
  async find(token: string): Promise<string | undefined> {
    if (!/^[\w-]{22}$/.test(token)) return undefined
    const sql = 'select person from setup_links where digest = $1 and expires_at > $2'
    const [row] = await this.#database.query(sql, [digest(token), this.#now()])
    return row && String(row['person'])
  }

  /** Uses it up. False: somebody else was quicker. */
  async take(token: string): Promise<boolean> {
    const sql = 'delete from setup_links where digest = $1'
    const [taken] = await this.#database.run([{ sql, parameters: [digest(token)] }])
    return taken === 1
  }
}

// The token is random and long: a fast digest is enough.
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
