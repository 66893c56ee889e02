import { Calls } from '../../src/answers/caller/calls.ts'
import { compileClasses } from '../../src/answers/realtime/classes.ts'
import type { ClassOptions } from '../../src/answers/realtime/class-options.ts'
import { parseConfig } from '../../src/config/config.ts'
import { claimsOf, type Member } from '../../src/people/member.ts'
import { People } from '../../src/people/people.ts'
import type { Standing } from '../../src/people/standing.ts'
import type { NumberKind, Person, PersonNumber } from '../../src/person/person.ts'
import { compileSite } from '../../src/person/site.ts'
import { makePerson } from '../support/person.ts'

export interface OfficeOptions {
  /** YAML of `calls`. */
  readonly calls?: string
  readonly classes?: Readonly<Record<string, ClassOptions>>
  readonly now?: () => number
  readonly country?: string
}

/** The engine over people that a test puts in and takes out. */
export class Office {
  readonly people = new People(['staff', 'book'])
  readonly calls: Calls
  #run = 0

  constructor(people: readonly Person[], options: OfficeOptions = {}) {
    const { calls = '{}', classes = {}, now = () => 0, country = 'DE' } = options
    const config = parseConfig(
      `
site: { country: ${country}, areaCode: "30", outsidePrefix: "0", dids: ["+493012340", "+49301234xxx -> xxx"] }
sources: { staff: { preset: openldap, ldif: a.ldif }, book: { preset: openldap, ldif: b.ldif } }
calls: ${calls}
`,
      'peerage.yaml',
      {},
    )
    this.put(...people)
    this.calls = new Calls({
      people: this.people,
      site: compileSite(config.site),
      options: config.calls,
      sources: ['staff', 'book'],
      classOf: compileClasses(classes),
      now,
    })
  }

  put(...people: readonly Person[]): void {
    const put = people.map((person) => this.#change(person))
    this.people.apply({ put, removed: [] })
  }

  /** Not in the directory any more since then, and answered nowhere. */
  leave(person: Person, since: number): void {
    const missing = { since, stage: 'disabled', clock: 0, reads: 0, approved: false } as const
    const standing = { directory: null, missing, decided: null, managed: true } as const
    const change = this.#change({ ...person, disabled: 'left' }, standing)
    this.people.apply({ put: [change], removed: [] })
  }

  remove(person: Person): void {
    const member = this.people.member(person.id)
    if (member) this.people.apply({ put: [], removed: [member] })
  }

  name(number: string, isInside = false): string | null {
    return this.calls.caller(number, { isInside }).name
  }

  #change(person: Person, standing?: Standing): { before: Member | undefined; after: Member } {
    this.#run += 1
    const before = this.people.member(person.id)
    const claims = claimsOf(person, before, this.#run)
    return { before, after: { person, claims, ...(standing === undefined ? {} : { standing }) } }
  }
}

/** Somebody of the company, with a number behind +49 30 1234. */
export function colleague(extension: string, name: string, about: Partial<Person> = {}): Person {
  const did = `+49301234${extension}`
  return makePerson(extension, {
    id: `staff/${extension}`,
    name,
    dids: [did],
    numbers: [number('work', did)],
    ...about,
  })
}

/** Somebody of the address book, who has no telephone here. */
export function contact(name: string, numbers: readonly PersonNumber[], company?: string): Person {
  const details = company === undefined ? {} : { company }
  return makePerson(null, { id: `book/${name}`, name, numbers, details })
}

export function number(kind: NumberKind, e164: string | null, text = e164 ?? ''): PersonNumber {
  return { kind, e164, text }
}
