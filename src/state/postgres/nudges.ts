import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../database.ts'
import type { PostgresAddress } from './address.ts'
import { Link } from './link.ts'

const timeoutMs = 3_000
/** A nudge on one machine takes a millisecond; one that takes longer than this is of no use. */
const patienceMs = 1_000
/** Who hears nothing tries again after this. */
const againMs = 600_000

/**
 * Hears at once that another node has changed something. Nothing depends on it: a nudge that is
 * lost, or that a pooler of transactions never forwards, comes with the next look at the changes.
 */
export class Nudges implements AsyncDisposable {
  readonly #link: Link
  readonly #database: Database
  readonly #onNudge: () => void
  #isListening = false
  #deafSince: number | null = null

  /** `database` is the same one, over other connections. */
  constructor(address: PostgresAddress, database: Database, onNudge: () => void) {
    this.#database = database
    this.#onNudge = onNudge
    this.#link = new Link(address, 'peerage (listens)', timeoutMs, () => {
      this.#isListening = false
    })
  }

  /** What PostgreSQL notifies of does not arrive here. */
  get isDeaf(): boolean {
    return this.#deafSince !== null
  }

  /** Sees to it that it listens; rejects when there is no connection. */
  async listen(): Promise<void> {
    if (this.#isListening) return
    if (this.#deafSince !== null && performance.now() - this.#deafSince < againMs) return
    const client = await this.#link.client()
    client.on('notification', this.#onNudge)
    const heard = new Promise<true>((resolve) => client.once('notification', () => resolve(true)))
    this.#isListening = true
    try {
      await client.query('listen peerage')
      // From another connection: a pooler forwards what a transaction tells itself.
      await this.#database.query(`select pg_notify('peerage', '')`)
    } catch (error) {
      this.#isListening = false
      this.#link.drop()
      throw error
    }
    const isHeard = await Promise.race([heard, sleep(patienceMs, false, { ref: false })])
    this.#deafSince = isHeard ? null : performance.now()
    if (!isHeard) {
      this.#isListening = false
      this.#link.drop()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]()
  }
}
