import { dialNumber, parseNumber } from '../../person/numbers.ts'
import type { NumberKind, Person } from '../../person/person.ts'
import type { Site } from '../../person/site.ts'
import { cleanText } from '../../person/text.ts'
import { isLatin, latinName } from './search/latin.ts'

/** A person as a phone book shows him: what his view leaves of him, numbers as a phone dials them. */
export interface Contact {
  /** `Person.id`. */
  readonly id: string
  /** As the directory writes the whole name. */
  readonly name: string
  /** The name that is shown and sorted by; never empty. */
  readonly shown: string
  /** Either may be empty, never both: a meeting room has only a last name. */
  readonly first: string
  readonly last: string
  /** The shown name for phones without the script of the original; null: it is Latin already. */
  readonly latin: string | null
  /** At least one, no two that dial the same; the one to ring first stands first. */
  readonly numbers: readonly [ContactNumber, ...ContactNumber[]]
  /** Fields that the view does not show are empty. */
  readonly department: string
  readonly company: string
  readonly title: string
  readonly email: string
  readonly location: string
}

export interface ContactNumber {
  readonly kind: ContactNumberKind
  /** As a phone of the site dials it: digits, `*` and `#` only, nothing else ever. */
  readonly dial: string
  /** With `+`, where it is a public number. */
  readonly e164: string | null
}

/** In the order in which a contact has them. */
export const contactNumberKinds = [
  'extension',
  'work',
  'mobile',
  'home',
  'assistant',
  'other',
  'pager',
  'fax',
] as const
export type ContactNumberKind = (typeof contactNumberKinds)[number]

export const contactFields = ['department', 'company', 'title', 'email', 'location'] as const
export type ContactField = (typeof contactFields)[number]

/** What a view shows of each person. */
export interface ContactRules {
  readonly site: Site
  readonly numbers: ReadonlySet<ContactNumberKind>
  readonly fields: ReadonlySet<ContactField>
  readonly nameOrder: 'last-first' | 'as-written'
}

/** Null for who has no number that the view shows. `owns`: whether the extension is really his. */
export function contactOf(person: Person, owns: boolean, rules: ContactRules): Contact | null {
  const [number, ...more] = numbersOf(person, owns, rules)
  if (!number) return null
  const { details } = person
  const field = (name: ContactField, value: string | null | undefined) =>
    rules.fields.has(name) ? clean(value) : ''
  const { name, first, last } = nameParts(person)
  const isLastFirst = rules.nameOrder === 'last-first'
  const parts = first === '' ? last : isLastFirst ? `${last} ${first}` : `${first} ${last}`
  // A directory that has 王伟 as the name has Wang and Wei besides, for those who cannot read it.
  const isForeign = isLatin(parts) && !isLatin(name)
  const shown = isLastFirst && !isForeign ? parts : name
  return {
    id: person.id,
    name,
    shown,
    first,
    last,
    latin: isForeign ? parts : latinName(shown, person, isLastFirst),
    numbers: [number, ...more],
    department: field('department', details.department),
    company: field('company', details.company),
    title: field('title', details.title),
    email: field('email', person.email),
    location: field('location', details.location),
  }
}

function nameParts(person: Person): { name: string; first: string; last: string } {
  const name = clean(person.name) || clean(person.user) || '?'
  const last = clean(person.lastName)
  return last === ''
    ? { name, first: '', last: name }
    : { name, first: clean(person.firstName) || besideLast(name, last), last }
}

/** Directories may leave the first name to the whole one: two Müllers must be told apart. */
function besideLast(name: string, last: string): string {
  if (name.endsWith(` ${last}`)) return name.slice(0, -last.length).trim()
  const rest = name.startsWith(last) ? name.slice(last.length) : ''
  return /^,? /.test(rest) ? rest.replace(/^,? +/, '') : ''
}

/** A phone shows one line, so it is one, whatever a directory holds. */
function clean(text: string | null | undefined): string {
  return cleanText(text ?? '', 250).text
}

function numbersOf(
  person: Person,
  owns: boolean,
  { site, numbers }: ContactRules,
): ContactNumber[] {
  const found = new Map<string, ContactNumber>()
  const note = (kind: ContactNumberKind, dial: string, e164: string | null) => {
    if (numbers.has(kind) && isDialledByKeys(dial) && !found.has(dial))
      found.set(dial, { kind, dial, e164 })
  }
  const { extension } = person
  if (owns && extension !== null) note('extension', extension, null)
  for (const kind of contactNumberKinds) {
    for (const number of person.numbers) {
      if (number.kind !== (kind as NumberKind)) continue // 'extension' is nobody's NumberKind
      const e164 = number.e164
      const dial = e164 === null ? insideNumber(number.text, site) : dialNumber(e164, site)
      note(kind, dial, e164)
    }
  }
  return [...found.values()]
}

/** What is no public number is dialled as it is understood inside, or not at all. */
function insideNumber(text: string, site: Site): string {
  const { extension, service } = parseNumber(text, site)
  return extension ?? service ?? ''
}

/** Extensions may be names elsewhere; a phone's book holds what its keys can dial. */
function isDialledByKeys(dial: string): boolean {
  return /^[\d*#]{1,32}$/.test(dial)
}
