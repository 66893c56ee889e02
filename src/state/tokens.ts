import { createHash, randomBytes } from 'node:crypto'
import type { Database } from './database.ts'

/** Bearer tokens of the API. Only their digests are kept: a token is shown once, when it is made. */
export class Tokens {
  readonly #database: Database
  readonly #now: () => number
  readonly #names = new Map<string, string>()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<Tokens> {
    const tokens = new Tokens(database, now)
    await tokens.refresh()
    return tokens
  }

  /** Another node may have made or withdrawn some. */
  async refresh(): Promise<void> {
    const rows = await this.#database.query('select digest, name from tokens')
    this.#names.clear()
    for (const row of rows) this.#names.set(String(row['digest']), String(row['name']))
  }

  get size(): number {
    return this.#names.size
  }

  /** A new token of 256 random bits; it cannot be shown again. */
  async make(name: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    await this.#database.run([
      {
        sql: 'insert into tokens (digest, name, created_at) values ($1, $2, $3)',
        parameters: [digest(token), name, this.#now()],
      },
    ])
    this.#names.set(digest(token), name)
    return token
  }

  /** The name the token was made under; undefined for any other text. */
  check(token: string): string | undefined {
    return this.#names.get(digest(token))
  }
}

// The token is random and long, so a fast digest is enough, and comparing digests leaks nothing.
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
