import { createHash, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import type { Secrets } from '../../state/secrets.ts'

export interface PinDeps {
  readonly people: People
  readonly secrets: Pick<Secrets, 'pin'>
  /** Wrong ones in a row, then a rest. */
  readonly tries: number
  readonly now: () => number
}

export type PinAnswer = 'yes' | 'no' | 'wait'

const restMs = 600_000

/** Checks PINs that are typed on a telephone, and counts the wrong ones for each person. */
export class Pins {
  readonly #deps: PinDeps
  readonly #wrong = new LRUCache<string, { readonly count: number; readonly at: number }>({
    maxSize: 100_000, // `max` would take the room for all of them at once
    sizeCalculation: () => 1,
  })

  constructor(deps: PinDeps) {
    this.#deps = deps
  }

  /** An extension that nobody has is answered as a wrong PIN is. */
  check(
    extension: string,
    pin: string,
  ): { readonly answer: PinAnswer; readonly person: Person | null } {
    const { people, secrets, tries, now } = this.#deps
    const person = people.byInternalId(extension)
    const wanted = person === undefined ? undefined : secrets.pin(person.id)
    const key = person?.id ?? `nobody ${extension.slice(0, 80).toLowerCase()}`
    const wrong = this.#wrong.get(key)
    const isFresh = wrong !== undefined && now() - wrong.at < restMs
    if (isFresh && wrong.count >= tries) return { answer: 'wait', person: null }
    if (person && wanted !== undefined && isSame(pin, wanted)) {
      this.#wrong.delete(key)
      return { answer: 'yes', person }
    }
    this.#wrong.set(key, { count: isFresh ? wrong.count + 1 : 1, at: now() })
    return { answer: 'no', person: null }
  }
}

/** Takes as long for a wrong PIN as for a right one. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
