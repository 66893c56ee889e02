import type { Conflict, People } from '../../people/people.ts'
import type { Person, PersonNumber } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { inTurns } from '../../turns.ts'
import {
  digitsOf,
  lengthUse,
  unownedDids,
  unreadableOf,
  type LengthUse,
  type UnownedDids,
} from './number-use.ts'

/** A number that nobody could read by the rules of the site. */
export interface Unreadable {
  readonly person: Person
  readonly kind: string
  readonly text: string
}

/** What there is to know of all numbers at one moment; of long lists the first. */
export interface NumberReport {
  readonly use: readonly LengthUse[]
  readonly conflicts: { readonly count: number; readonly first: readonly Conflict[] }
  readonly unreadable: { readonly count: number; readonly first: readonly Unreadable[] }
  readonly unowned: { readonly count: number; readonly ranges: readonly UnownedDids[] }
}

const listed = 200

/**
 * Counts whose numbers are whose: everybody once, in short turns, and from then on those who
 * changed. A report is kept until somebody changes.
 */
export class NumberLedger implements Disposable {
  readonly #people: People
  readonly #site: Site
  readonly #stop: () => void
  /** Everybody as he was counted. */
  readonly #counted = new Map<string, Person>()
  readonly #claims = new Map<number, Uint16Array>()
  readonly #unreadable = new Map<string, readonly PersonNumber[]>()
  /** To be counted, or counted again; null: everybody. */
  #waiting: Set<string> | null = null
  #report: NumberReport | null = null
  #version = 0

  constructor(people: People, site: Site) {
    this.#people = people
    this.#site = site
    this.#stop = people.onChange(({ put, removed }) => {
      this.#version++
      this.#report = null
      for (const { before, after } of put) {
        if (before) this.#waiting?.add(before.person.id)
        this.#waiting?.add(after.person.id)
      }
      for (const { person } of removed) this.#waiting?.add(person.id)
    })
  }

  async report(): Promise<NumberReport> {
    await this.#count()
    if (this.#report) return this.#report
    const version = this.#version
    const report = await this.#make()
    if (version === this.#version) this.#report = report
    return report
  }

  /** Begins to count before anybody waits for it. */
  warm(): void {
    void this.report()
  }

  [Symbol.dispose](): void {
    this.#stop()
  }

  /** Several may count at the same time: each takes who is left. */
  async #count(): Promise<void> {
    this.#waiting ??= new Set(Array.from(this.#people.members(), ({ person }) => person.id))
    const turn = inTurns()
    for (const id of this.#waiting) {
      this.#waiting.delete(id)
      this.#countOne(id)
      await turn()
    }
  }

  #countOne(id: string): void {
    const before = this.#counted.get(id)
    if (before) this.#claim(before, -1)
    this.#counted.delete(id)
    this.#unreadable.delete(id)
    const person = this.#people.get(id)
    if (!person) return
    this.#counted.set(id, person)
    this.#claim(person, 1)
    const unreadable = unreadableOf(person)
    if (unreadable.length > 0) this.#unreadable.set(id, unreadable)
  }

  #claim({ extension }: Person, step: 1 | -1): void {
    const digits = digitsOf(extension)
    if (digits === null) return
    const claims = this.#claims.get(digits) ?? new Uint16Array(10 ** digits)
    this.#claims.set(digits, claims)
    const at = Number(extension)
    claims[at] = (claims[at] ?? 0) + step
  }

  async #make(): Promise<NumberReport> {
    const turn = inTurns()
    const use: LengthUse[] = []
    for (const [digits, claims] of [...this.#claims].sort(([a], [b]) => a - b)) {
      const each = lengthUse(digits, claims)
      if (each.used > 0) use.push(each)
      await turn()
    }
    const unreadable: Unreadable[] = []
    let unread = 0
    for (const [id, numbers] of this.#unreadable) {
      unread += numbers.length
      const person = this.#counted.get(id)
      if (!person || unreadable.length >= listed) continue
      unreadable.push(...numbers.map(({ kind, text }) => ({ person, kind, text })))
    }
    const conflicts: Conflict[] = []
    let contested = 0
    for (const each of this.#people.conflicts()) {
      contested++
      if (conflicts.length < listed) conflicts.push(each)
    }
    return {
      use,
      conflicts: { count: contested, first: conflicts },
      unreadable: { count: unread, first: unreadable.slice(0, listed) },
      unowned: await unownedDids(this.#people, this.#site),
    }
  }
}
