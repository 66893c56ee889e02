import type { Contact } from '../contact.ts'
import type { Grams } from './grams.ts'

/** Everybody of a view at some moment, sorted and indexed: the bulk of every snapshot. */
export interface Base {
  readonly contacts: readonly Contact[]
  readonly ranks: ReadonlyMap<string, number>
  readonly grams: Grams
}

/** What became of some people since then. */
export interface Later {
  /** Ranks in the base that do not count any more. */
  readonly gone: ReadonlySet<number>
  /** In order; each with its haystack. */
  readonly added: readonly { readonly contact: Contact; readonly text: string }[]
}

/** Of each word any form is enough. */
export type Words = readonly (readonly string[])[]

/** Everybody of a view at one moment. Immutable: a change makes another one. */
export class Snapshot {
  /** Counts up with each change of the view; the same version is the same people. */
  readonly version: number
  readonly #base: Base
  readonly #later: Later
  readonly #compare: (a: Contact, b: Contact) => number

  constructor(
    version: number,
    base: Base,
    later: Later,
    compare: (a: Contact, b: Contact) => number,
  ) {
    this.version = version
    this.#base = base
    this.#later = later
    this.#compare = compare
  }

  get size(): number {
    return this.#base.contacts.length - this.#later.gone.size + this.#later.added.length
  }

  /** Everybody, in order. */
  all(): Iterable<Contact> {
    return { [Symbol.iterator]: () => this.matching([]) }
  }

  /** Undefined: nobody of the view is it. */
  byId(id: string): Contact | undefined {
    const rank = this.#base.ranks.get(id)
    if (rank !== undefined && !this.#later.gone.has(rank)) return this.#base.contacts[rank]
    return this.#later.added.find(({ contact }) => contact.id === id)?.contact
  }

  /** Whoever has at least one form of every word, in order. */
  *matching(words: Words): Generator<Contact> {
    for (const contact of this.looking(words)) if (contact) yield contact
  }

  /** The same, with a null now and then while nobody is found: a moment to let others work. */
  looking(words: Words): Generator<Contact | null> {
    const added = this.#later.added
      .filter(({ text }) => words.every((forms) => forms.some((form) => text.includes(form))))
      .map(({ contact }) => contact)
    const inBase = this.#inBase(words)
    return added.length === 0 ? inBase : this.#merge(inBase, added)
  }

  *#merge(inBase: Iterable<Contact | null>, added: readonly Contact[]): Generator<Contact | null> {
    let next = 0
    for (const contact of inBase) {
      if (contact !== null) {
        let earlier = added[next]
        for (; earlier && this.#compare(earlier, contact) <= 0; earlier = added[++next]) {
          yield earlier
        }
      }
      yield contact
    }
    yield* added.slice(next)
  }

  *#inBase(words: Words): Generator<Contact | null> {
    const { contacts, grams } = this.#base
    const { gone } = this.#later
    const candidates = words
      .map((forms) => grams.candidates(forms))
      .reduce((best, list) => (list && (!best || list.length < best.length) ? list : best), null)
    const count = candidates?.length ?? contacts.length
    for (let index = 0; index < count; index++) {
      if (index % 256 === 255) yield null
      const rank = candidates?.[index] ?? index
      if (gone.size > 0 && gone.has(rank)) continue
      if (!hasAll(grams, rank, words)) continue
      const contact = contacts[rank]
      if (contact) yield contact
    }
  }
}

/** Loops, since this is asked of very many. */
function hasAll(grams: Grams, rank: number, words: Words): boolean {
  for (const forms of words) {
    let hasOne = false
    for (const form of forms) hasOne ||= grams.has(rank, form)
    if (!hasOne) return false
  }
  return true
}
