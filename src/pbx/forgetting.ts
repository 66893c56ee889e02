/** What about somebody changed: all that Asterisk holds of him, or only how he proves himself. */
export type Forgotten = 'person' | 'secret'

/** What an Asterisk is to forget: some by their extension, or everybody. */
export type Batch = 'everybody' | ReadonlyMap<string, Forgotten>

/** Gathers what is to be forgotten. Never holds more than `most` names: then it is everybody. */
export class Forgetting {
  readonly #most: number
  #batch: 'everybody' | Map<string, Forgotten> = new Map()

  constructor(most: number) {
    this.#most = most
  }

  get isEmpty(): boolean {
    return this.#batch !== 'everybody' && this.#batch.size === 0
  }

  add(batch: Batch): void {
    if (this.#batch === 'everybody') return
    if (batch === 'everybody' || this.#batch.size + batch.size > this.#most) {
      this.#batch = 'everybody'
      return
    }
    for (const [extension, what] of batch) {
      if (this.#batch.get(extension) !== 'person') this.#batch.set(extension, what)
    }
  }

  /** Hands over what was gathered, and begins anew. */
  take(): Batch {
    const batch = this.#batch
    this.#batch = new Map()
    return batch
  }
}
