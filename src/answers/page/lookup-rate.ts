import { paceOf, type LookupTally } from '../realtime/lookup-tally.ts'

const shortestMs = 2000

/** How often Asterisk asks at present: between two looks at the page, whoever it is that looks. */
export class LookupRate {
  readonly #tallies: readonly LookupTally[]
  #at: number
  #count: number
  #rate = 0

  constructor(tallies: readonly LookupTally[]) {
    this.#tallies = tallies
    this.#at = performance.now()
    this.#count = paceOf(tallies).count
  }

  /** `now`: by the clock that never jumps, in milliseconds. */
  perSecond(now: number): number {
    const passed = now - this.#at
    if (passed < shortestMs) return this.#rate
    const { count } = paceOf(this.#tallies)
    this.#rate = Math.round(((count - this.#count) / passed) * 10_000) / 10
    this.#at = now
    this.#count = count
    return this.#rate
  }
}
