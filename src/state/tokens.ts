import { createHash, randomBytes } from 'node:crypto'
import type { Database, SqlRow } from './database.ts'
import { FollowedKeys } from './followed-keys.ts'
import { readScopes, writeScopes, type Scope } from './token-scopes.ts'

/** A bearer token of the API, as it is listed: never itself. */
export interface Token {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  /** Null: never so far. */
  readonly lastUse: TokenUse | null
}

export interface TokenUse {
  readonly at: number
  /** Address that it came from. */
  readonly from: string
}

interface Kept extends Token {
  lastUse: TokenUse | null
}

/** A use is kept at most this often; it is seen at once by `list`. */
const useStepMs = 60_000

/** Bearer tokens of the API. Only their digests are kept: a token is shown once, when it is made. */
export class Tokens {
  readonly #database: Database
  readonly #now: () => number
  readonly #tokens = new Map<string, Kept>()
  /** When each use was kept last, by digest. */
  readonly #keptAt = new Map<string, number>()
  readonly #own = new FollowedKeys()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<Tokens> {
    const tokens = new Tokens(database, now)
    await tokens.refresh()
    return tokens
  }

  /** Another node may have made, used or withdrawn some. */
  async refresh(): Promise<void> {
    const [rows, isOwn] = await this.#own.during(() =>
      this.#database.query('select * from tokens order by created_at, name'),
    )
    const there = new Map(rows.map((row) => [String(row['digest']), readToken(row)]))
    for (const key of this.#tokens.keys())
      if (!there.has(key) && !isOwn(key)) this.#tokens.delete(key)
    for (const [key, token] of there) {
      if (isOwn(key)) continue
      const seen = this.#tokens.get(key)?.lastUse ?? null
      if (seen && seen.at > (token.lastUse?.at ?? 0)) token.lastUse = seen
      this.#tokens.set(key, token)
    }
  }

  get size(): number {
    return this.#tokens.size
  }

  /** In the order in which they were made. */
  list(): readonly Token[] {
    return Array.from(this.#tokens.values(), (token) => ({ ...token }))
  }

  has(name: string): boolean {
    return this.list().some((token) => token.name === name)
  }

  /** A new token of 256 random bits; it cannot be shown again. */
  async make(name: string, scopes: readonly Scope[] = ['administer']): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const key = digest(token)
    const written = writeScopes(scopes)
    const createdAt = this.#now()
    this.#own.note(key)
    await this.#database.run([
      {
        sql: 'insert into tokens (digest, name, scopes, created_at) values ($1, $2, $3, $4)',
        parameters: [key, name, written, createdAt],
      },
    ])
    this.#own.note(key)
    this.#tokens.set(key, { name, scopes: readScopes(written), createdAt, lastUse: null })
    return token
  }

  /** Resolves with whether there was one of that name, when it is good for nothing any more. */
  async revoke(name: string): Promise<boolean> {
    const keys = [...this.#tokens].filter(([, token]) => token.name === name).map(([key]) => key)
    if (keys.length === 0) return false
    for (const key of keys) this.#own.note(key)
    await this.#database.run([{ sql: 'delete from tokens where name = $1', parameters: [name] }])
    for (const key of keys) {
      this.#own.note(key)
      this.#tokens.delete(key)
    }
    return true
  }

  /** Undefined for any text that is no token. `from`: the address that it came from. */
  check(text: string, from = ''): Token | undefined {
    const key = digest(text)
    const token = this.#tokens.get(key)
    if (!token) return undefined
    const at = this.#now()
    token.lastUse = { at, from }
    if (at - (this.#keptAt.get(key) ?? 0) >= useStepMs) {
      this.#keptAt.set(key, at)
      const sql = 'update tokens set used_at = $1, used_from = $2 where digest = $3'
      // When a token was used last is worth no failure, and nobody waits for it.
      this.#database.run([{ sql, parameters: [at, from, key] }]).catch(() => {})
    }
    return token
  }
}

function readToken(row: SqlRow): Kept {
  const usedAt = row['used_at']
  return {
    name: String(row['name']),
    scopes: readScopes(String(row['scopes'])),
    createdAt: Number(row['created_at']),
    lastUse: usedAt === null ? null : { at: Number(usedAt), from: String(row['used_from']) },
  }
}

// The token is random and long, so a fast digest is enough, and comparing digests leaks nothing.
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
