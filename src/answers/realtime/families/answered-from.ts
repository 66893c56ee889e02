import { LRUCache } from 'lru-cache'
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

const rowsKept = 20_000

/**
 * One row per person who has an extension and may use it. Encoded rows are kept for those who are
 * asked for most; they are found by the Person itself, and a changed person is another one.
 */
export class PersonRows {
  readonly #from: AnsweredFrom
  readonly #fieldsOf: (person: Person) => Fields | null
  readonly #rows = new LRUCache<Person, Row>({ max: rowsKept })

  /** `fieldsOf` gives null for somebody who has no row in this family. */
  constructor(from: AnsweredFrom, fieldsOf: (person: Person) => Fields | null) {
    this.#from = from
    this.#fieldsOf = fieldsOf
    from.secrets.onChange((id) => {
      const person = from.people.get(id)
      if (person) this.#rows.delete(person)
    })
  }

  byExtension(extension: string): readonly Row[] {
    const person = this.#from.people.byExtension(extension)
    const row = person && this.#row(person)
    return row ? [row] : []
  }

  *all(): Generator<Row> {
    for (const { person } of this.#from.people.members()) {
      if (person.extension === null) continue
      if (this.#from.people.byExtension(person.extension) !== person) continue
      const fields = this.#fieldsOf(person)
      if (fields) yield new Row(fields)
    }
  }

  #row(person: Person): Row | undefined {
    const kept = this.#rows.get(person)
    if (kept) return kept
    const fields = this.#fieldsOf(person)
    if (!fields) return undefined
    const row = new Row(fields)
    this.#rows.set(person, row)
    return row
  }
}

/** `"Zoë Müller" <501>`, as ast_callerid_parse takes it apart; what could break it is replaced. */
export function callerIdText(person: Person): string {
  const plain = person.name.replaceAll('"', "'").replaceAll(/[<>\\\s]+/g, ' ')
  const name = plain.slice(0, 80).trim()
  return `"${name}" <${person.extension ?? ''}>`
}
