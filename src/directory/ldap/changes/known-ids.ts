/**
 * The ids that a source has handed out, against which a list of those that are still there tells
 * who is gone. Rather too many than too few: an id that was never handed out may be said to be
 * gone without harm.
 */
export class KnownIds {
  #ids: Set<string> | null = null
  readonly #running = new Set<Set<string>>()
  #reads = 0

  /** How many reads were complete so far. */
  get reads(): number {
    return this.#reads
  }

  /** All of them, with those that a running read has found; null before the first complete read. */
  snapshot(): Set<string> | null {
    if (this.#ids === null) return null
    return new Set([this.#ids, ...this.#running].flatMap((ids) => [...ids]))
  }

  /** Collects the ids of one full read; they replace the others once it is complete. */
  startRead(): RunningRead {
    const ids = new Set<string>()
    this.#running.add(ids)
    return {
      add: (id) => void ids.add(id),
      complete: () => {
        this.#ids = ids
        this.#reads += 1
      },
      [Symbol.dispose]: () => void this.#running.delete(ids),
    }
  }

  /** Somebody was handed out by other means than a full read. */
  add(id: string): void {
    this.#ids?.add(id)
    for (const ids of this.#running) ids.add(id)
  }

  delete(id: string): void {
    this.#ids?.delete(id)
  }

  /** Whether somebody may have been handed out; before the first complete read, anybody may. */
  mayHave(id: string): boolean {
    return this.#ids === null || this.#ids.has(id) || [...this.#running].some((ids) => ids.has(id))
  }
}

export interface RunningRead extends Disposable {
  add(id: string): void
  complete(): void
}
