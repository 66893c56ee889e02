import { randomBytes } from 'node:crypto'
import type { Database } from './database.ts'
import { hashPassword, isPassword } from './password-hash.ts'

/** What somebody may do here; each may do what the ones after it may. `person`: see to himself. */
export const roles = ['administrator', 'helpDesk', 'reader', 'person'] as const
export type Role = (typeof roles)[number]

/** The account that is there from the first start and works without any directory. */
export const superadmin = 'superadmin'

interface Account {
  readonly role: Role
  readonly hash: string
}

/** Accounts of Peerage's own, for when no directory can say who somebody is. */
export class Accounts {
  readonly #database: Database
  readonly #now: () => number
  readonly #accounts = new Map<string, Account>()

  private constructor(database: Database, now: () => number) {
    this.#database = database
    this.#now = now
  }

  static async open(database: Database, now: () => number): Promise<Accounts> {
    const accounts = new Accounts(database, now)
    for (const row of await database.query('select name, role, hash from accounts')) {
      const role = String(row['role']) as Role // written by `reset`
      accounts.#accounts.set(String(row['name']), { role, hash: String(row['hash']) })
    }
    return accounts
  }

  get size(): number {
    return this.#accounts.size
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
    await this.#database.run([
      {
        sql: `insert into accounts (name, role, hash, changed_at) values ($1, $2, $3, $4)
          on conflict (name) do update set hash = excluded.hash, changed_at = excluded.changed_at`,
        parameters: [name, role, hash, this.#now()],
      },
    ])
    this.#accounts.set(name, { role: this.roleOf(name) ?? role, hash })
    return password
  }
}
