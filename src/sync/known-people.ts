import type { KnownEntries } from '../directory/source.ts'
import type { People } from '../people/people.ts'
import type { Person } from '../person/person.ts'

interface KnownEntry {
  readonly print: string
  /** The directory's id of it. */
  readonly id: string
  readonly person: Person
  /** Number of the read that found it last. */
  readIn: number
}

/**
 * Which entries made which people when the source was last read and taken over: an entry with the
 * same print makes the same person, and nothing of it has to be decoded, mapped or compared. In
 * memory only, since another version or configuration may make another person of it. A read marks
 * what is there already, so that one without changes leaves no garbage behind.
 */
export class KnownPeople implements KnownEntries {
  readonly #people: People
  readonly #byPrint = new Map<string, KnownEntry>()
  readonly #byPerson = new Map<string, KnownEntry>()
  #read = 0
  #isReading = false
  /** Noted by the read on its way: they count once it was taken over. */
  #found: KnownEntry[] = []
  /** Whom something else than the read on its way had to do with. */
  #outdated = new Set<string>()

  constructor(people: People) {
    this.#people = people
  }

  idOf(print: string): string | undefined {
    const known = this.#byPrint.get(print)
    if (!known || this.#outdated.has(known.person.id)) return undefined
    // Who was changed by anybody else is not what his entry says any more.
    return this.#people.record(known.person.id)?.person === known.person ? known.id : undefined
  }

  startRead(): void {
    this.#read++
    this.#isReading = true
  }

  /** The person for whose print `idOf` had an id. */
  personOf(print: string): Person | undefined {
    return this.#byPrint.get(print)?.person
  }

  /** He is there, as before. */
  see(print: string): void {
    const known = this.#byPrint.get(print)
    if (known) known.readIn = this.#read
  }

  /** Whether the read on its way saw him as before. */
  isSeen(person: string): boolean {
    return this.#isReading && this.#byPerson.get(person)?.readIn === this.#read
  }

  /** The read on its way found that this entry, with this directory's id, makes this person. */
  note(print: string, id: string, person: Person): void {
    this.#drop(person.id)
    const found = { print, id, person, readIn: 0 }
    this.#byPrint.set(print, found)
    this.#byPerson.set(person.id, found)
    this.#found.push(found)
  }

  /** What the read found counts only when all of it was taken over. */
  endRead(isTakenOver: boolean): void {
    this.#isReading = false
    if (!isTakenOver) for (const { person } of this.#found) this.#drop(person.id)
    for (const person of this.#outdated) this.#drop(person)
    this.#found = []
    this.#outdated = new Set()
  }

  /** Something else than a full read had to do with these people, or they are not there any more. */
  forget(people: Iterable<string>): void {
    for (const person of people) {
      if (this.#isReading) this.#outdated.add(person)
      else this.#drop(person)
    }
  }

  #drop(person: string): void {
    const known = this.#byPerson.get(person)
    if (!known) return
    this.#byPerson.delete(person)
    if (this.#byPrint.get(known.print) === known) this.#byPrint.delete(known.print)
  }
}
