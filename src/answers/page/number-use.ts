import type { People } from '../../people/people.ts'
import type { Person } from '../../person/person.ts'
import { extensionBehind, type DidRule } from '../../person/did-rules.ts'
import { countSlots, fillSlots } from '../../person/did-rules.ts'
import type { Site } from '../../person/site.ts'

/** Numbers that follow each other, first and last. */
export interface NumberRange {
  readonly first: string
  readonly last: string
  readonly count: number
}

export interface LengthUse {
  readonly digits: number
  readonly used: number
  /** Between the least and the greatest that is used. */
  readonly free: readonly NumberRange[]
}

const mostDigits = 6

/** Which extensions are taken, by their length, and what is free between them. */
export function extensionUse(people: People): LengthUse[] {
  const taken = new Map<number, Uint8Array>()
  for (const { person } of people.members()) {
    const { extension } = person
    if (extension === null || extension.length > mostDigits || !/^\d+$/.test(extension)) continue
    const { length } = extension
    const marks = taken.get(length) ?? new Uint8Array(10 ** length)
    taken.set(length, marks)
    marks[Number(extension)] = 1
  }
  return Array.from(taken, ([digits, marks]) => useOf(digits, marks)).sort(
    (a, b) => a.digits - b.digits,
  )
}

function useOf(digits: number, marks: Uint8Array): LengthUse {
  const free: NumberRange[] = []
  let used = 0
  let last = -1
  for (let at = marks.indexOf(1); at !== -1; at = marks.indexOf(1, at + 1)) {
    used++
    if (last !== -1 && at > last + 1) free.push(rangeOf(last + 1, at - 1, digits))
    last = at
  }
  return { digits, used, free }
}

function rangeOf(first: number, last: number, digits: number): NumberRange {
  const text = (value: number) => String(value).padStart(digits, '0')
  return { first: text(first), last: text(last), count: last - first + 1 }
}

/** A number that nobody could read by the rules of the site. */
export interface Unreadable {
  readonly person: Person
  readonly kind: string
  readonly text: string
}

/** `most` of them, and how many there are. */
export function unreadableNumbers(
  people: People,
  most: number,
): { readonly count: number; readonly first: readonly Unreadable[] } {
  const first: Unreadable[] = []
  let count = 0
  for (const { person } of people.members()) {
    for (const { e164, kind, text } of person.numbers) {
      if (e164 !== null || text === person.extension) continue
      count++
      if (first.length < most) first.push({ person, kind, text })
    }
  }
  return { count, first }
}

export interface UnownedDid {
  readonly did: string
  /** The extension that the rules put behind it; null: they say of nobody. */
  readonly extension: string | null
}

/** Own public numbers that ring nobody, `most` of them, and how many there are. */
export function unownedDids(
  people: People,
  site: Site,
  most: number,
): { readonly count: number; readonly first: readonly UnownedDid[] } {
  const first: UnownedDid[] = []
  let count = 0
  for (const did of site.dids.flatMap(numbersOf)) {
    const extension = extensionBehind(did, site.dids) ?? null
    if (people.byDid(did).length > 0) continue
    if (extension !== null && people.byInternalId(extension)) continue
    count++
    if (first.length < most) first.push({ did, extension })
  }
  return { count, first }
}

const mostSlots = 4

/** Longer ranges are not looked through number by number. */
function numbersOf({ did }: DidRule): string[] {
  const slots = countSlots(did)
  if (slots > mostSlots) return []
  return Array.from({ length: 10 ** slots }, (_, value) =>
    fillSlots(did, slots === 0 ? '' : String(value).padStart(slots, '0')),
  )
}
