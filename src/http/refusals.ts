import type { Logger } from '../logger.ts'

const quietMs = 60_000
/** Addresses that are remembered; a scan from more of them is logged more often, not kept longer. */
const mostAddresses = 1000

/** Logs who was refused: once for each address and minute, with how often it was since. */
export class Refusals {
  readonly #log: Logger
  readonly #now: () => number
  readonly #seen = new Map<string, { loggedAt: number; since: number }>()

  constructor(log: Logger, now: () => number) {
    this.#log = log
    this.#now = now
  }

  /** Both texts are ours: nothing that was sent is logged, for it may be a token. */
  note(address: string, problem: string, remedy: string): void {
    const now = this.#now()
    const seen = this.#seen.get(address)
    if (seen && now - seen.loggedAt < quietMs) {
      seen.since++
      return
    }
    if (!seen && this.#seen.size >= mostAddresses) this.#seen.clear()
    const before = seen?.since ? { refusedSince: seen.since } : {}
    this.#seen.set(address, { loggedAt: now, since: 0 })
    this.#log.warn({ address, problem, remedy, ...before }, 'question refused')
  }
}
