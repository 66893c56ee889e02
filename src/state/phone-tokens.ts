import { createHash, randomBytes } from 'node:crypto'
import type { Database, SqlRow } from './database.ts'
import { FollowedKeys } from './followed-keys.ts'

/** A phone that may read a view of the phone book. */
export interface PhoneToken {
  readonly id: number
  readonly vendor: string
  readonly view: string
  /** What the administrator calls it: usually its MAC address. */
  readonly device: string
  /** Milliseconds since 1970, as all times here. */
  readonly createdAt: number
  /** Null: never so far. */
  readonly lastUse: PhoneUse | null
}

export interface PhoneUse {
  readonly at: number
  /** Address that it came from. */
  readonly from: string
  /** Maker, model and version as the phone says. */
  readonly by: string
}

/** The realm of HTTP Digest; a part of `ha1`. */
export const phoneRealm = 'peerage'

/**
 * Tokens of the phones: 128 random bits each, short enough for any phone's address field. Only
 * digests are kept. When a token was used last is kept a few seconds later, so that no phone waits.
 */
export class PhoneTokens implements AsyncDisposable {
  readonly #database: Database
  readonly #now: () => number
  readonly #phones = new Map<number, Kept>()
  readonly #byDigest = new Map<string, Kept>()
  readonly #used = new Set<Kept>()
  readonly #own = new FollowedKeys()
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<PhoneTokens> {
    const tokens = new PhoneTokens(database, now)
    await tokens.refresh()
    return tokens
  }

  /** Another node may have made, used or revoked some. */
  async refresh(): Promise<void> {
    const [rows, isOwn] = await this.#own.during(() =>
      this.#database.query('select * from phones order by id'),
    )
    const there = new Map(rows.map((row) => [String(row['digest']), readPhone(row)]))
    for (const [key, kept] of this.#byDigest) if (!there.has(key) && !isOwn(key)) this.#forget(kept)
    for (const [key, phone] of there) {
      if (isOwn(key)) continue
      const known = this.#byDigest.get(key)
      if (!known) this.#add(phone)
      else if ((phone.lastUse?.at ?? 0) > (known.lastUse?.at ?? 0)) known.lastUse = phone.lastUse
    }
  }

  /** In the order in which they were made. */
  list(): readonly PhoneToken[] {
    return Array.from(this.#phones.values(), ({ digest: _, ha1: __, ...phone }) => phone)
  }

  /** A new token; it cannot be shown again. Resolves when it is kept. */
  async make(
    phone: Pick<PhoneToken, 'vendor' | 'view' | 'device'>,
  ): Promise<{ readonly id: number; readonly token: string }> {
    const token = randomBytes(16).toString('base64url')
    const kept: Kept = {
      ...phone,
      id: Math.max(0, ...this.#phones.keys()) + 1,
      digest: digest(token),
      ha1: createHash('md5').update(`${phone.device}:${phoneRealm}:${token}`).digest('hex'),
      createdAt: this.#now(),
      lastUse: null,
    }
    this.#own.note(kept.digest)
    this.#add(kept) // two that are made at once must not take the same number
    try {
      await this.#database.run([
        {
          sql: `insert into phones (id, digest, ha1, vendor, view, device, created_at)
            values ($1, $2, $3, $4, $5, $6, $7)`,
          parameters: [
            kept.id,
            kept.digest,
            kept.ha1,
            kept.vendor,
            kept.view,
            kept.device,
            kept.createdAt,
          ],
        },
      ])
    } catch (error) {
      this.#forget(kept)
      throw error
    }
    this.#own.note(kept.digest)
    return { id: kept.id, token }
  }

  /** Resolves with whether there was such a phone, when its token is good for nothing any more. */
  async revoke(id: number): Promise<boolean> {
    const kept = this.#phones.get(id)
    if (!kept) return false
    this.#own.note(kept.digest)
    await this.#database.run([{ sql: 'delete from phones where id = $1', parameters: [id] }])
    this.#own.note(kept.digest)
    this.#forget(kept)
    return true
  }

  /** Whose token this is; undefined for any other text. */
  check(token: string): PhoneToken | undefined {
    return this.#byDigest.get(digest(token))
  }

  /** Those that call themselves so, with what HTTP Digest is computed from. */
  named(device: string): readonly { readonly phone: PhoneToken; readonly ha1: string }[] {
    return [...this.#phones.values()]
      .filter((kept) => kept.device === device)
      .map((kept) => ({ phone: kept, ha1: kept.ha1 }))
  }

  /** Seen at once by `list`; kept within seconds. */
  noteUse(id: number, from: string, by: string): void {
    const kept = this.#phones.get(id)
    if (!kept) return
    kept.lastUse = { at: this.#now(), from, by }
    this.#used.add(kept)
    this.#timer ??= setTimeout(() => this.#keepUses(), 5000).unref()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#keepUses()
    await this.#writing
  }

  #keepUses(): void {
    this.#timer = null
    const many = Array.from(this.#used, ({ id, lastUse }) => [
      lastUse?.at ?? null,
      lastUse?.from ?? null,
      lastUse?.by ?? null,
      id,
    ])
    this.#used.clear()
    if (many.length === 0) return
    const sql = 'update phones set used_at = $1, used_from = $2, used_by = $3 where id = $4'
    // When a phone asked last is worth no failure; the next use is written again.
    this.#writing = this.#database.run([{ sql, many }]).then(
      () => undefined,
      () => undefined,
    )
  }

  #add(kept: Kept): void {
    this.#phones.set(kept.id, kept)
    this.#byDigest.set(kept.digest, kept)
  }

  #forget(kept: Kept): void {
    this.#phones.delete(kept.id)
    this.#byDigest.delete(kept.digest)
    this.#used.delete(kept)
  }
}

function readPhone(row: SqlRow): Kept {
  const usedAt = row['used_at']
  return {
    id: Number(row['id']),
    digest: String(row['digest']),
    ha1: String(row['ha1']),
    vendor: String(row['vendor']),
    view: String(row['view']),
    device: String(row['device']),
    createdAt: Number(row['created_at']),
    lastUse:
      usedAt === null
        ? null
        : { at: Number(usedAt), from: String(row['used_from']), by: String(row['used_by']) },
  }
}

interface Kept extends Omit<PhoneToken, 'lastUse'> {
  readonly digest: string
  readonly ha1: string
  lastUse: PhoneUse | null
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64')
}
