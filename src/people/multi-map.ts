/**
 * One key, usually one value, sometimes a few. A single value is stored bare: with 100,000 people
 * and five indexes the arrays around single values would be most of the memory.
 */
export class MultiMap<Key, Value extends object | string> {
  readonly #values = new Map<Key, Value | Value[]>()

  keys(): Iterable<Key> {
    return this.#values.keys()
  }

  first(key: Key): Value | undefined {
    const held = this.#values.get(key)
    return Array.isArray(held) ? held[0] : held
  }

  get(key: Key): Value[] {
    const held = this.#values.get(key)
    if (held === undefined) return []
    return Array.isArray(held) ? [...held] : [held]
  }

  /** Keys with several values. */
  *shared(): Generator<readonly [Key, readonly Value[]]> {
    for (const [key, held] of this.#values) if (Array.isArray(held)) yield [key, held]
  }

  add(key: Key, value: Value, order?: (a: Value, b: Value) => number): void {
    const held = this.#values.get(key)
    if (held === undefined) {
      this.#values.set(key, value)
      return
    }
    const values = Array.isArray(held) ? held : [held]
    values.push(value)
    if (order) values.sort(order)
    this.#values.set(key, values)
  }

  remove(key: Key, value: Value): void {
    const held = this.#values.get(key)
    if (held === value) {
      this.#values.delete(key)
    } else if (Array.isArray(held)) {
      const rest = held.filter((other) => other !== value)
      if (rest.length === 0) this.#values.delete(key)
      else this.#values.set(key, rest.length === 1 ? (rest[0] as Value) : rest) // one is there
    }
  }
}
