import { StateUnavailable, type Database, type Statement } from './database.ts'

/** Another node synchronises, so nothing that only one node may do can be done here. */
export class NotTheHolder extends StateUnavailable {
  override name = 'NotTheHolder'
}

/** Who of several nodes synchronises. No two believe it for long, and only one can write. */
export interface Lease {
  readonly isHeld: boolean
  /** Name of the node that holds it, as far as this one knows; null: nobody does. */
  readonly holder: string | null
}

/** Where there is one node only. */
export const soleHolder: Lease = { isHeld: true, holder: null }

/**
 * A row of the state that says who synchronises. Its holder lets `beat` grow; who wants to follow
 * him takes over when it stood still for a while by his own clock, so that no two clocks are ever
 * compared. It needs no session of the database: it works through transaction poolers, and after a
 * fail-over. Each holder has an `epoch` of his own, and all that he writes is checked against it in
 * the same transaction: a holder who was asleep for an hour changes nothing when he wakes.
 */
export class LeaseRow implements Lease {
  readonly #database: Database
  readonly #node: string
  readonly #patienceMs: number
  readonly #monotonic: () => number
  #epoch: number | null = null
  #holder: string | null = null
  #seen: { readonly epoch: number; readonly beat: number; readonly since: number } | null = null
  #renewedAt = 0
  #lastEpoch: number | null = null

  constructor(
    database: Database,
    node: string,
    patienceMs: number,
    monotonic: () => number = () => performance.now(),
  ) {
    this.#database = database
    this.#node = node
    this.#patienceMs = patienceMs
    this.#monotonic = monotonic
  }

  /** Not any more when another node may have it by now, though this one has not heard of that. */
  get isHeld(): boolean {
    return this.#epoch !== null && this.#silentMs <= this.#patienceMs
  }

  get holder(): string | null {
    return this.#holder
  }

  get epoch(): number | null {
    return this.#epoch
  }

  /** One look at the lease, to be had about every second: renews it, or takes it if it is free. */
  async beat(): Promise<void> {
    if (this.#epoch !== null) return this.#renew(this.#epoch)
    try {
      await this.#tryToTake()
    } catch (error) {
      // How long the holder has been silent while nobody could hear him says nothing.
      this.#seen = null
      throw error
    }
  }

  /** Somebody else may have it at once. */
  async release(): Promise<void> {
    const epoch = this.#epoch
    this.#lose()
    if (epoch === null) return
    await this.#database.run([
      {
        sql: `update leases set holder = null where name = 'sync' and epoch = $1`,
        parameters: [epoch],
      },
    ])
  }

  async #renew(epoch: number): Promise<void> {
    const begun = this.#monotonic()
    try {
      const [touched] = await this.#database.run([
        {
          sql: `update leases set beat = beat + 1 where name = 'sync' and epoch = $1`,
          parameters: [epoch],
        },
      ])
      if (touched === 1) this.#renewedAt = begun
      else this.#lose()
    } catch (error) {
      // By now somebody else may have it.
      if (this.#silentMs > this.#patienceMs) this.#lose()
      throw error
    }
  }

  async #tryToTake(): Promise<void> {
    const begun = this.#monotonic()
    const [row] = await this.#database.query(
      `select holder, epoch, beat from leases where name = 'sync'`,
    )
    const holder = row?.['holder'] == null ? null : String(row['holder'])
    const epoch = Number(row?.['epoch'])
    const beat = Number(row?.['beat'])
    this.#holder = holder
    const isSame = this.#seen?.epoch === epoch && this.#seen.beat === beat
    // From the answer on: the question may have waited for a network that was cut.
    if (!isSame) this.#seen = { epoch, beat, since: this.#monotonic() }
    const silentMs = begun - (this.#seen?.since ?? begun)
    // Nobody had it since this node did, when the state was away for all of them.
    const isOurs = epoch === this.#lastEpoch
    if (holder !== null && !isOurs && silentMs < this.#patienceMs) return
    const [touched] = await this.#database.run([
      {
        sql: `update leases set holder = $1, epoch = epoch + 1, beat = beat + 1
          where name = 'sync' and epoch = $2 and beat = $3`,
        parameters: [this.#node, epoch, beat],
      },
    ])
    if (touched !== 1) return
    this.#epoch = epoch + 1
    this.#lastEpoch = this.#epoch
    this.#holder = this.#node
    this.#renewedAt = begun
  }

  get #silentMs(): number {
    return this.#monotonic() - this.#renewedAt
  }

  #lose(): void {
    this.#epoch = null
    this.#holder = null
    this.#seen = null
  }
}

/** The same database for what only the holder of the lease may write. */
export class FencedDatabase implements Database {
  readonly #database: Database
  readonly #lease: LeaseRow

  constructor(database: Database, lease: LeaseRow) {
    this.#database = database
    this.#lease = lease
  }

  query: Database['query'] = (sql, parameters) => this.#database.query(sql, parameters)

  /** Rejects with `NotTheHolder` when another node has the lease, whatever this one believes. */
  async run(statements: readonly Statement[]): Promise<readonly number[]> {
    const { epoch, holder } = this.#lease
    if (epoch === null) throw new NotTheHolder(followsText(holder))
    try {
      return (await this.#database.run([fence(epoch), ...statements])).slice(1)
    } catch (error) {
      if (error instanceof Error && /fenced/.test(error.message)) {
        throw new NotTheHolder(followsText(null), { cause: error })
      }
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** Why this node does not do what only one of them does. */
export function followsText(holder: string | null): string {
  return holder === null
    ? 'another node synchronises, this one follows it; ask again in a moment'
    : `node '${holder}' synchronises, this one follows it; ask that one`
}

/** Fails the transaction when the epoch is another one, since `fenced` may not be null. */
function fence(epoch: number): Statement {
  return {
    sql: `update leases set fenced = case when epoch = $1 then 1 end where name = 'sync'`,
    parameters: [epoch],
  }
}
