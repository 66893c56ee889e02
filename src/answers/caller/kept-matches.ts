import { LRUCache } from 'lru-cache'
import type { Member } from '../../people/member.ts'
import type { People } from '../../people/people.ts'
import type { Match } from './match.ts'
import type { Suffixes } from './suffixes.ts'

/** About 1 kB each, with the keys below. */
const mostMatches = 20_000

/** A run that changes more than this many people forgets everything at once. */
const manyChanges = 1000

/** `+` and the least digits that `frontRead` is asked with. */
const shortestFront = 2

/** What a look-up asked the index for. A change of one of these makes its match wrong. */
type Read = string

interface Kept {
  readonly match: Match
  readonly reads: readonly Read[]
}

/**
 * Matches by what was asked, good and bad ones. Each remembers every key of the index that it was
 * made from, also those that nobody had: so a match is dropped when its person changes, and "nobody"
 * is dropped when somebody comes who has the number.
 */
export class KeptMatches {
  readonly #kept = new LRUCache<string, Kept>({
    max: mostMatches,
    dispose: ({ reads }, question) => this.#unlink(question, reads),
  })
  readonly #questions = new Map<Read, Set<string>>()

  constructor(people: People, suffixes: Suffixes) {
    people.onChange(({ put, removed }) => {
      if (put.length + removed.length > manyChanges) return this.#kept.clear()
      if (this.#kept.size === 0) return
      for (const { before, after } of put) {
        if (before) this.#drop(before, suffixes)
        this.#drop(after, suffixes)
      }
      for (const member of removed) this.#drop(member, suffixes)
    })
  }

  get size(): number {
    return this.#kept.size
  }

  get(question: string): Match | undefined {
    return this.#kept.get(question)?.match
  }

  keep(question: string, match: Match, reads: readonly Read[]): void {
    this.#kept.set(question, { match, reads })
    for (const read of reads) {
      const questions = this.#questions.get(read)
      if (questions) questions.add(question)
      else this.#questions.set(read, new Set([question]))
    }
  }

  #drop({ person, claims }: Member, suffixes: Suffixes): void {
    for (const { key } of claims) this.#forget(extensionRead(key))
    const numbers = person.numbers.map(({ e164 }) => e164)
    for (const number of new Set([...numbers, ...person.dids])) {
      if (number === null) continue
      this.#forget(numberRead(number))
      for (let end = shortestFront; end <= number.length; end += 1) {
        this.#forget(frontRead(number.slice(0, end)))
      }
    }
    for (const key of suffixes.keysOf(person)) this.#forget(endRead(key))
  }

  #forget(read: Read): void {
    const questions = this.#questions.get(read)
    if (questions) for (const question of questions) this.#kept.delete(question)
  }

  #unlink(question: string, reads: readonly Read[]): void {
    for (const read of reads) {
      const questions = this.#questions.get(read)
      questions?.delete(question)
      if (questions?.size === 0) this.#questions.delete(read)
    }
  }
}

export const numberRead = (e164: string): Read => e164
export const extensionRead = (key: string): Read => `x${key}`
/** Everything that begins so: where a company's main number would be. */
export const frontRead = (digits: string): Read => `f${digits}`
export const endRead = (key: number): Read => `e${key}`
