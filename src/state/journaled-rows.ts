import { setTimeout as sleep } from 'node:timers/promises'
import { StateUnavailable, type Database, type Mishap } from './database.ts'
import { keepLateStatement, type RowKind, type RowStore, type WrittenRow } from './row-store.ts'

/** Asterisk waits for the answer while a phone waits for its own. */
const patienceMs = 1_000
const retryMs = 1_000
const deliveredAtOnce = 500
/** The last word about each registration is kept, so this is a number of phones. */
export const mostUndelivered = 200_000

interface Undelivered {
  readonly row: WrittenRow | null
  readonly at: number
}

/**
 * Rows of several nodes: in the shared state, or while that is away in a journal of this node, from
 * which they are delivered as soon as it is there again. Either is on a disk before a phone is told
 * that it is registered. A late delivery does not replace what somebody else wrote in the meantime.
 */
export class JournaledRows implements RowStore, AsyncDisposable {
  readonly #shared: RowStore
  readonly #database: Database
  readonly #journal: Database
  readonly #now: () => number
  readonly #most: number
  readonly #undelivered = new Map<string, Undelivered>()
  readonly #listeners = new Set<(kind: RowKind, keys: readonly string[]) => void>()
  readonly #closing = new AbortController()
  #delivering: Promise<void> = Promise.resolve()
  #isDelivering = false
  /** No two rows of this node are of the same millisecond: the journal tells them apart by it. */
  #last = 0

  private constructor(
    shared: RowStore,
    database: Database,
    journal: Database,
    now: () => number,
    most: number,
  ) {
    this.#shared = shared
    this.#database = database
    this.#journal = journal
    this.#now = now
    this.#most = most
  }

  /** `journal` is a database of this node alone, `database` the one behind `shared`. */
  static async open(
    shared: RowStore,
    database: Database,
    journal: Database,
    now: () => number,
    most = mostUndelivered,
  ): Promise<JournaledRows> {
    await journal.run([{ sql: table }])
    const rows = new JournaledRows(shared, database, journal, now, most)
    for (const row of await journal.query('select kind, key, fields, at from undelivered')) {
      const fields =
        row['fields'] == null ? null : (JSON.parse(String(row['fields'])) as WrittenRow)
      const name = nameOf(String(row['kind']) as RowKind, String(row['key'])) // written by `#note`
      rows.#undelivered.set(name, { row: fields, at: Number(row['at']) })
    }
    if (rows.#undelivered.size > 0) rows.#deliver()
    return rows
  }

  /** Rows that wait for the shared state to be there again. */
  get undelivered(): number {
    return this.#undelivered.size
  }

  async load(kind: RowKind): Promise<ReadonlyMap<string, WrittenRow>> {
    const rows = new Map(await this.#shared.load(kind))
    for (const [name, { row }] of this.#undelivered) {
      const [itsKind, key] = partsOf(name)
      if (itsKind !== kind) continue
      if (row) rows.set(key, row)
      else rows.delete(key)
    }
    return rows
  }

  read(kind: RowKind, keys: readonly string[]): Promise<ReadonlyMap<string, WrittenRow>> {
    return this.#shared.read(kind, keys)
  }

  readonly isUnderway = (kind: RowKind, key: string): boolean => {
    return this.#undelivered.has(nameOf(kind, key))
  }

  async keep(kind: RowKind, key: string, row: WrittenRow | null, through?: Mishap): Promise<void> {
    // While rows wait here, newer ones wait behind them.
    if (this.#undelivered.size === 0) {
      const isKept = await Promise.race([
        this.#keepShared(kind, key, row, through),
        sleep(patienceMs, false, { ref: false }),
      ])
      if (isKept) return
    }
    await this.#note(kind, key, row)
    this.#deliver()
  }

  /** Told of rows that were delivered late: what is kept of them by now may be somebody else's. */
  onDelivered(listener: (kind: RowKind, keys: readonly string[]) => void): void {
    this.#listeners.add(listener)
  }

  /** What was not delivered is in the journal at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#delivering
  }

  /** False when the state is away; rejects when it refuses. */
  async #keepShared(
    kind: RowKind,
    key: string,
    row: WrittenRow | null,
    through: Mishap | undefined,
  ): Promise<boolean> {
    try {
      await this.#shared.keep(kind, key, row, through)
      return true
    } catch (error) {
      if (isAway(error)) return false
      throw error
    }
  }

  async #note(kind: RowKind, key: string, row: WrittenRow | null): Promise<void> {
    const name = nameOf(kind, key)
    if (this.#undelivered.size >= this.#most && !this.#undelivered.has(name)) {
      throw new StateUnavailable(
        `the state is away, and ${this.#most} registrations wait for it already; no more are kept`,
      )
    }
    const before = this.#undelivered.get(name)
    const noted: Undelivered = { row, at: (this.#last = Math.max(this.#now(), this.#last + 1)) }
    this.#undelivered.set(name, noted)
    const parameters = [kind, key, row && JSON.stringify(row), noted.at]
    try {
      await this.#journal.run([{ sql: note, parameters }])
    } catch (error) {
      if (this.#undelivered.get(name) === noted) {
        if (before) this.#undelivered.set(name, before)
        else this.#undelivered.delete(name)
      }
      throw error
    }
  }

  #deliver(): void {
    if (!this.#isDelivering) this.#delivering = this.#deliverAll()
  }

  async #deliverAll(): Promise<void> {
    const { signal } = this.#closing
    this.#isDelivering = true
    while (this.#undelivered.size > 0 && !signal.aborted) {
      try {
        await this.#deliverSome([...this.#undelivered].slice(0, deliveredAtOnce))
      } catch {
        await sleep(retryMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
    this.#isDelivering = false
  }

  async #deliverSome(some: readonly (readonly [string, Undelivered])[]): Promise<void> {
    await Promise.all(
      some.map(async ([name, { row, at }]) => {
        const [kind, key] = partsOf(name)
        try {
          await this.#database.run([keepLateStatement(kind, key, row, at)])
        } catch (error) {
          if (isAway(error)) throw error
          // What is refused now is refused for ever, and must not hold up the others.
        }
      }),
    )
    // What was written again meanwhile stays: it is another row by now.
    const delivered = some.filter(([name, noted]) => this.#undelivered.get(name) === noted)
    const many = delivered.map(([name, { at }]) => [...partsOf(name), at])
    await this.#journal.run([{ sql: forget, many }])
    const keys = new Map<RowKind, string[]>()
    for (const [name, noted] of delivered) {
      if (this.#undelivered.get(name) !== noted) continue
      this.#undelivered.delete(name)
      const [kind, key] = partsOf(name)
      keys.set(kind, [...(keys.get(kind) ?? []), key])
    }
    for (const listener of this.#listeners) for (const each of keys) listener(...each)
  }
}

function isAway(error: unknown): boolean {
  return error instanceof StateUnavailable && error.problem === 'unreachable'
}

function nameOf(kind: RowKind, key: string): string {
  return `${kind} ${key}`
}

function partsOf(name: string): [RowKind, string] {
  const end = name.indexOf(' ')
  return [name.slice(0, end) as RowKind, name.slice(end + 1)] // as `nameOf` joined them
}

const table = `create table if not exists undelivered (
  kind text not null, key text not null, fields text, at bigint not null, primary key (kind, key))`

const note = `insert into undelivered (kind, key, fields, at) values ($1, $2, $3, $4)
  on conflict (kind, key) do update set fields = excluded.fields, at = excluded.at`

const forget = 'delete from undelivered where kind = $1 and key = $2 and at = $3'
