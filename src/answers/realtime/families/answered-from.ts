import type { People } from '../../../people/people.ts'
import type { Person } from '../../../person/person.ts'
import type { Secrets } from '../../../state/secrets.ts'
import type { WrittenRows } from '../../../state/written-rows.ts'
import type { Calls } from '../../caller/calls.ts'
import { languageText, nameText } from '../asterisk-text.ts'
import type { EndpointClass, FurtherColumns } from '../classes.ts'
import { Row } from '../row.ts'
import type { Fields } from '../codec.ts'

/** What families answer from. */
export interface AnsweredFrom {
  readonly people: People
  readonly secrets: Pick<Secrets, 'sip' | 'voicemailPin' | 'choose' | 'onChange'>
  readonly contacts: WrittenRows
  readonly registrations: WrittenRows
  readonly iaxRegistrations: WrittenRows
  readonly queueMembers: WrittenRows
  readonly classOf: (person: Person) => EndpointClass
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly calls: Pick<Calls, 'called' | 'caller'>
}

/** One row per person who has an extension and may use it. */
export class PersonRows {
  readonly #from: AnsweredFrom
  readonly #fieldsOf: (person: Person) => Fields | null

  /** `fieldsOf` gives null for somebody who has no row in this family. */
  constructor(from: AnsweredFrom, fieldsOf: (person: Person) => Fields | null) {
    this.#from = from
    this.#fieldsOf = fieldsOf
  }

  byExtension(extension: string): readonly Row[] {
    const person = this.#from.people.byExtension(extension)
    const fields = person && this.#fieldsOf(person)
    return fields ? [new Row(fields)] : []
  }

  *all(): Generator<Row> {
    for (const person of ownersOf(this.#from.people)) {
      const fields = this.#fieldsOf(person)
      if (fields) yield new Row(fields)
    }
  }
}

/** Everybody who has the extension that he wants, and may use it. */
export function* ownersOf(people: People): Generator<Person> {
  for (const { person } of people.members()) {
    if (person.extension !== null && people.byExtension(person.extension) === person) yield person
  }
}

/** `"Zoë Müller" <501>`, as ast_callerid_parse takes it apart; what could break it is replaced. */
export function callerIdText(person: Person): string {
  return `"${nameText(person.name)}" <${person.extension ?? ''}>`
}

/** Prompts: the person's own language before that of his class. */
export function languageOf({ details }: Person, own: EndpointClass): string {
  return languageText(details.language) || (own.language ?? '')
}

/** Call and pickup groups; a number from 0 to 63 is one of Asterisk's old groups as well. */
export function groupsOf(person: Person, own: EndpointClass): { call: string[]; pickup: string[] } {
  const digit =
    own.callGroup === 'first-digit' ? /^\d/.exec(person.extension ?? '')?.[0] : undefined
  const usual = digit === undefined ? [] : [digit]
  const call = person.callGroups.length > 0 ? [...person.callGroups] : usual
  const pickup = person.pickupGroups.length > 0 ? [...person.pickupGroups] : usual
  return { call, pickup }
}

export function numberedGroups(groups: readonly string[]): string {
  return groups.filter((group) => /^\d{1,2}$/.test(group) && Number(group) < 64).join(',')
}

/** What the configuration says for a column counts, and comes in its place. */
export function withFurther(fields: Fields, further: FurtherColumns): Fields {
  const columns = Object.entries(further)
  if (columns.length === 0) return fields
  const rest = new Map(columns)
  const set = fields.map(([field, value]) => {
    const own = rest.get(field)
    rest.delete(field)
    return [field, own ?? value] as const
  })
  return [...set, ...rest]
}

export function mailboxOf(extension: string, own: EndpointClass): string {
  return own.voicemail ? `${extension}@default` : ''
}
