import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'
import { FollowedKeys } from './followed-keys.ts'
import { hashPassword, isPassword } from './password-hash.ts'

/** What somebody may do here; each may do what the ones after it may. `person`: see to himself. */
export const roles = ['administrator', 'helpDesk', 'reader', 'person'] as const
export type Role = (typeof roles)[number]

/** The account that is there from the first start and works without any directory. */
export const superadmin = 'superadmin'

interface Kept {
  readonly role: Role
  readonly hash: string
  readonly changedAt: number
}

/** An account as it is listed: never its password. */
export interface Account {
  readonly name: string
  readonly role: Role
  /** When it got its password, in milliseconds since 1970. */
  readonly changedAt: number
}

/** Accounts of Peerage's own, for when no directory can say who somebody is. */
export class Accounts {
  readonly #database: Database
  readonly #now: () => number
  readonly #accounts = new Map<string, Kept>()
  readonly #own = new FollowedKeys()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<Accounts> {
    const accounts = new Accounts(database, now)
    await accounts.refresh()
    return accounts
  }

  /** Another node may have given one another password. */
  async refresh(): Promise<void> {
    const [rows, isOwn] = await this.#own.during(() =>
      this.#database.query('select name, role, hash, changed_at from accounts'),
    )
    for (const row of rows) {
      const name = String(row['name'])
      const role = String(row['role']) as Role // written by `reset`
      const hash = String(row['hash'])
      const changedAt = Number(row['changed_at'])
      if (!isOwn(name)) this.#accounts.set(name, { role, hash, changedAt })
    }
    const there = new Set(rows.map((row) => String(row['name'])))
    for (const name of this.#accounts.keys())
      if (!there.has(name) && !isOwn(name)) this.#accounts.delete(name)
  }

  get size(): number {
    return this.#accounts.size
  }

  /** By name. */
  list(): readonly Account[] {
    return Array.from(this.#accounts, ([name, { role, changedAt }]) => ({
      name,
      role,
      changedAt,
    })).toSorted((one, other) => (one.name < other.name ? -1 : 1))
  }

  /** Undefined: there is none of that name. */
  roleOf(name: string): Role | undefined {
    return this.#accounts.get(name)?.role
  }

  async isPassword(name: string, password: string): Promise<boolean> {
    const account = this.#accounts.get(name)
    return account !== undefined && isPassword(password, account.hash)
  }

  /** Gives an account, or a new one, another password of 120 random bits; it is shown once. */
  async reset(name: string, role: Role = 'administrator'): Promise<string> {
    const password = randomBytes(15).toString('base64url')
    const hash = await hashPassword(password)
    const changedAt = this.#now()
    this.#own.note(name)
    await this.#database.run([
      {
        sql: `insert into accounts (name, role, hash, changed_at) values ($1, $2, $3, $4)
          on conflict (name) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
        parameters: [name, role, hash, changedAt],
      },
    ])
    this.#own.note(name)
    this.#accounts.set(name, { role: this.roleOf(name) ?? role, hash, changedAt })
    return password
  }
}
