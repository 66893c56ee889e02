import { createHash, randomBytes } from 'node:crypto'
import type { Database, SqlRow } from './database.ts'
import { FollowedKeys } from './followed-keys.ts'

export interface Session {
  /** `account/NAME` or `person/ID`. */
  readonly subject: string
  /** Milliseconds since 1970, both. */
  readonly createdAt: number
  readonly seenAt: number
}

export interface SessionLimits {
  /** How long a session lives that nobody uses, and how long at most. */
  readonly idleMs: number
  readonly longestMs: number
}

/** Being seen is kept at most this often: a page asks many times a minute. */
const seenStepMs = 60_000
/** The oldest of somebody's sessions ends when he begins one more. */
const mostOfOne = 20
/** More that have changed at once are read with all others. */
const keysAtOnce = 500

/** Who is signed in: in memory for the answers, in the state over a restart, as digests only. */
export class Sessions {
  readonly #database: Database
  readonly #now: () => number
  readonly #sessions = new Map<string, Session>()
  readonly #own = new FollowedKeys()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<Sessions> {
    const sessions = new Sessions(database, now)
    await sessions.refresh()
    return sessions
  }

  /** Another node may have begun, seen or ended these (digests); without them, any. */
  async refresh(digests?: readonly string[]): Promise<void> {
    const [rows, isOwn] = await this.#own.during(() => this.#read(digests))
    const there = new Map(rows.map((row) => [String(row['digest']), readSession(row)]))
    for (const key of digests ?? [...this.#sessions.keys()])
      if (!there.has(key) && !isOwn(key)) this.#sessions.delete(key)
    for (const [key, session] of there) {
      if (isOwn(key)) continue
      const seenAt = Math.max(session.seenAt, this.#sessions.get(key)?.seenAt ?? 0)
      this.#sessions.set(key, { ...session, seenAt })
    }
  }

  async #read(digests: readonly string[] | undefined): Promise<readonly SqlRow[]> {
    if (!digests || digests.length > keysAtOnce)
      return this.#database.query('select * from sessions order by created_at')
    const places = digests.map((_, index) => `$${index + 1}`).join(', ')
    return this.#database.query(`select * from sessions where digest in (${places})`, digests)
  }

  /** A new session under a name that nobody knew before: 256 random bits. */
  async begin(subject: string): Promise<string> {
    const token = randomBytes(32).toString('base64url')
    const now = this.#now()
    const own = [...this.#sessions].filter(([, session]) => session.subject === subject)
    const surplus = own.slice(0, Math.max(0, own.length - mostOfOne + 1)).map(([each]) => each)
    this.#note(digest(token), ...surplus)
    await this.#database.run([
      { sql: 'delete from sessions where digest = $1', many: surplus.map((each) => [each]) },
      {
        sql: 'insert into sessions (digest, subject, created_at, seen_at) values ($1, $2, $3, $4)',
        parameters: [digest(token), subject, now, now],
      },
    ])
    this.#note(digest(token), ...surplus)
    for (const each of surplus) this.#sessions.delete(each)
    this.#sessions.set(digest(token), { subject, createdAt: now, seenAt: now })
    return token
  }

  /** Undefined for any other text, and for a session that is over. */
  check(token: string, { idleMs, longestMs }: SessionLimits): Session | undefined {
    const key = digest(token)
    const session = this.#sessions.get(key)
    if (!session) return undefined
    const now = this.#now()
    if (now - session.seenAt >= idleMs || now - session.createdAt >= longestMs) {
      this.#note(key)
      this.#sessions.delete(key)
      this.#write('delete from sessions where digest = $1', [key])
      return undefined
    }
    if (now - session.seenAt >= seenStepMs) {
      this.#sessions.set(key, { ...session, seenAt: now })
      this.#write('update sessions set seen_at = $1 where digest = $2', [now, key])
    }
    return session
  }

  async end(token: string): Promise<void> {
    const key = digest(token)
    this.#note(key)
    this.#sessions.delete(key)
    await this.#database.run([{ sql: 'delete from sessions where digest = $1', parameters: [key] }])
    this.#note(key)
  }

  /** Ends all of somebody's sessions. */
  async endAll(subject: string): Promise<void> {
    const own = [...this.#sessions].filter(([, session]) => session.subject === subject)
    const keys = own.map(([key]) => key)
    this.#note(...keys)
    for (const key of keys) this.#sessions.delete(key)
    await this.#database.run([
      { sql: 'delete from sessions where subject = $1', parameters: [subject] },
    ])
    this.#note(...keys)
  }

  #note(...keys: readonly string[]): void {
    for (const key of keys) this.#own.note(key)
  }

  /** Nobody waits for it: what is lost with a full disk is only how long somebody was idle. */
  #write(sql: string, parameters: readonly (string | number)[]): void {
    this.#database.run([{ sql, parameters }]).catch(() => {})
  }
}

function readSession(row: SqlRow): Session {
  return {
    subject: String(row['subject']),
    createdAt: Number(row['created_at']),
    seenAt: Number(row['seen_at']),
  }
}

// The token is random and long: a fast digest is enough.
function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
