import { LRUCache } from 'lru-cache'
import type { Logger } from '../../logger.ts'

const quietMs = 60_000

/** Says each kind of trouble once a minute and address, and how often it was; never floods a log. */
export class TroubleLog {
  readonly #log: Logger
  readonly #now: () => number
  readonly #what: string
  readonly #told = new LRUCache<string, { at: number; unsaid: number }>({ max: 1000 })

  /** `what`: what became of it. */
  constructor(log: Logger, now: () => number, what: string) {
    this.#log = log
    this.#now = now
    this.#what = what
  }

  tell(address: string, problem: string): void {
    const key = `${address} ${problem}`
    const told = this.#told.get(key)
    if (told && this.#now() - told.at < quietMs) {
      told.unsaid += 1
      return
    }
    const before = told?.unsaid ?? 0
    this.#told.set(key, { at: this.#now(), unsaid: 0 })
    this.#log.warn({ address, problem, ...(before === 0 ? {} : { before }) }, this.#what)
  }
}
