import { MultiMap } from '../../people/multi-map.ts'
import type { Person, PersonNumber } from '../../person/person.ts'
import type { People } from '../../people/people.ts'

/**
 * Who has a number that ends like this: for trunks that send only the end of a number, and for
 * entries of the directory that hold only the end. The last digits find candidates; then the
 * shorter number must be the end of the longer one, so that two areas are never mixed up.
 */
export class Suffixes {
  readonly #length: number
  readonly #ids = new MultiMap<number, string>()
  readonly #people: People

  /** `length`: how many digits must agree at least. */
  constructor(people: People, length: number) {
    this.#people = people
    this.#length = length
    for (const { person } of people.members()) this.#add(person)
    people.onChange(({ put, removed }) => {
      for (const { person } of removed) this.#remove(person)
      for (const { before, after } of put) {
        if (before) this.#remove(before.person)
        this.#add(after.person)
      }
    })
  }

  /** The key that an answer depends on; undefined for what is too short. */
  keyOf(digits: string): number | undefined {
    return digits.length < this.#length ? undefined : Number(digits.slice(-this.#length))
  }

  /** With the number that fits. `digits`: as they were sent, without `+`. */
  endingLike(digits: string, isWhole: boolean): readonly (readonly [Person, PersonNumber])[] {
    const key = this.keyOf(digits)
    if (key === undefined) return []
    const bare = digits.replace(/^0+/, '')
    return this.#ids.get(key).flatMap((id) => {
      const person = this.#people.get(id)
      const number = person?.numbers.find((one) => this.#fits(one, bare, isWhole))
      return person && number ? [[person, number] as const] : []
    })
  }

  #fits(number: PersonNumber, sent: string, isWhole: boolean): boolean {
    if (number.e164 !== null) {
      return !isWhole && sent.length >= this.#length && number.e164.endsWith(sent)
    }
    const written = digitsOf(number).replace(/^0+/, '')
    return written.length >= this.#length && (sent.endsWith(written) || written.endsWith(sent))
  }

  keysOf(person: Person): Set<number> {
    const keys = person.numbers.map((number) => this.keyOf(digitsOf(number)))
    return new Set(keys.filter((key) => key !== undefined))
  }

  #add(person: Person): void {
    for (const key of this.keysOf(person)) this.#ids.add(key, person.id)
  }

  #remove(person: Person): void {
    for (const key of this.keysOf(person)) this.#ids.remove(key, person.id)
  }
}

function digitsOf({ e164, text }: PersonNumber): string {
  return e164 === null ? text.replaceAll(/\D/g, '') : e164.slice(1)
}
