import type { PostgresAddress } from './address.ts'
import { Link } from './link.ts'

const timeoutMs = 3_000

/**
 * Hears at once that another node has changed something. Nothing depends on it: a nudge that is
 * lost, or that a transaction pooler never forwards, comes with the next look at the changes.
 */
export class Nudges implements AsyncDisposable {
  readonly #link: Link
  readonly #onNudge: () => void
  #isListening = false

  constructor(address: PostgresAddress, onNudge: () => void) {
    this.#onNudge = onNudge
    this.#link = new Link(address, 'peerage (listens)', timeoutMs, () => {
      this.#isListening = false
    })
  }

  /** Sees to it that it listens; rejects when there is no connection. */
  async listen(): Promise<void> {
    if (this.#isListening) return
    const client = await this.#link.client()
    client.on('notification', this.#onNudge)
    this.#isListening = true
    try {
      await client.query('listen peerage')
    } catch (error) {
      this.#isListening = false
      this.#link.drop()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]()
  }
}
