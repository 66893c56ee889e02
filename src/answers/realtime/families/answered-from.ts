import type { People } from '../../../people/people.ts'
import type { Person } from '../../../person/person.ts'
import type { Secrets } from '../../../state/secrets.ts'
import type { WrittenRows } from '../../../state/written-rows.ts'
import type { EndpointClass } from '../classes.ts'
import { Row } from '../row.ts'
import type { Fields } from '../codec.ts'

/** What families answer from. */
export interface AnsweredFrom {
  readonly people: People
  readonly secrets: Pick<Secrets, 'sip' | 'voicemailPin' | 'choose' | 'onChange'>
  readonly contacts: WrittenRows
  readonly registrations: WrittenRows
  readonly classOf: (person: Person) => EndpointClass
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
    for (const { person } of this.#from.people.members()) {
      if (person.extension === null) continue
      if (this.#from.people.byExtension(person.extension) !== person) continue
      const fields = this.#fieldsOf(person)
      if (fields) yield new Row(fields)
    }
  }
}

/** `"Zoë Müller" <501>`, as ast_callerid_parse takes it apart; what could break it is replaced. */
export function callerIdText(person: Person): string {
  const plain = person.name.replaceAll('"', "'").replaceAll(/[<>\\\s]+/g, ' ')
  const name = plain.slice(0, 80).trim()
  return `"${name}" <${person.extension ?? ''}>`
}
