import type { Contact } from '../contact.ts'
import type { Snapshot, Words } from './snapshot.ts'
import type { Turn } from '../../../turns.ts'

/**
 * The contacts that one search finds, in order, found as far as somebody read. It stays as it was
 * when it began: whoever turns pages sees nobody twice and misses nobody, whatever changes meanwhile.
 */
export class Found {
  readonly #contacts: Contact[] = []
  readonly #rest: Iterator<Contact | null>

  constructor(snapshot: Snapshot, words: Words) {
    this.#rest = snapshot.looking(words)
  }

  /** Finds so many, if there are, in turns with others; whatever is asked up to there is at hand. */
  async reach(count: number, turn: Turn): Promise<void> {
    while (this.#contacts.length < count) {
      const { done, value } = this.#rest.next()
      if (done) return
      if (value) this.#contacts.push(value)
      else await turn()
    }
  }

  page(offset: number, size: number): readonly Contact[] {
    this.#readTo(offset + size)
    return this.#contacts.slice(offset, offset + size)
  }

  hasMoreThan(count: number): boolean {
    this.#readTo(count + 1)
    return this.#contacts.length > count
  }

  /** Costs a look at everybody who may match; `reach(Infinity)` looks without haste. */
  get total(): number {
    this.#readTo(Number.POSITIVE_INFINITY)
    return this.#contacts.length
  }

  #readTo(count: number): void {
    while (this.#contacts.length < count) {
      const { done, value } = this.#rest.next()
      if (done) return
      if (value) this.#contacts.push(value)
    }
  }
}
