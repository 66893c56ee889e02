/**
 * Keeps people from waiting for a directory that does not answer: after a few failures in a row it
 * is not asked for a while, and then by one first.
 */
export class Breaker {
  readonly #most: number
  readonly #restMs: number
  readonly #now: () => number
  #failures = 0
  #restsUntil = 0

  constructor(most: number, restMs: number, now: () => number) {
    this.#most = most
    this.#restMs = restMs
    this.#now = now
  }

  /** Whether the directory may be asked now. After a rest, the first who comes tries for all. */
  admit(): boolean {
    if (this.#failures < this.#most) return true
    if (this.#now() < this.#restsUntil) return false
    this.#restsUntil = this.#now() + this.#restMs
    return true
  }

  succeeded(): void {
    this.#failures = 0
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures >= this.#most) this.#restsUntil = this.#now() + this.#restMs
  }
}
