/**
 * A sorted set of short keys that answers "the first that begins with …" by binary search.
 * Built when it is first asked; single changes move a few kilobytes, many rebuild it.
 */
export class SortedKeys {
  readonly #source: () => Iterable<string>
  #keys: string[] | null = null

  /** `source` yields every key, once each, for a rebuild. */
  constructor(source: () => Iterable<string>) {
    this.#source = source
  }

  add(key: string): void {
    if (!this.#keys) return
    const at = this.#position(this.#keys, key)
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key)
  }

  remove(key: string): void {
    if (!this.#keys) return
    const at = this.#position(this.#keys, key)
    if (this.#keys[at] === key) this.#keys.splice(at, 1)
  }

  /** Forgets the order: cheaper than many single changes. */
  clear(): void {
    this.#keys = null
  }

  *startingWith(prefix: string): Generator<string> {
    const keys = (this.#keys ??= [...this.#source()].sort())
    for (let at = this.#position(keys, prefix); at < keys.length; at++) {
      const key = keys[at]
      if (key === undefined || !key.startsWith(prefix)) return
      yield key
    }
  }

  #position(keys: readonly string[], wanted: string): number {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((keys[middle] ?? '') < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}
