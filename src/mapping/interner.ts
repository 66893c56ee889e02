/**
 * One string for all who have the same text: a directory hands out "Sales" and the DN of a group
 * anew for every entry. Bounded: when it is full it starts again, which costs memory, not truth.
 */
export class Interner {
  readonly #most: number
  readonly #known = new Map<string, string>()

  constructor(most: number) {
    this.#most = most
  }

  the(text: string): string {
    const known = this.#known.get(text)
    if (known !== undefined) return known
    if (this.#known.size >= this.#most) this.#known.clear()
    this.#known.set(text, text)
    return text
  }
}
