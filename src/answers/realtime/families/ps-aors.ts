import type { Person } from '../../../person/person.ts'
import type { Fields } from '../codec.ts'
import type { Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { mailboxOf, PersonRows, withFurther, type AnsweredFrom } from './answered-from.ts'

/** Where a person's phones register. `mailboxes` lets a phone subscribe to its message lamp. */
export function psAors(from: AnsweredFrom): Family & { readonly name: 'ps_aors' } {
  const rows = new PersonRows(from, (person) => aorFields(person, from))
  return {
    name: 'ps_aors',
    columns: new Set(['id', 'max_contacts', 'remove_existing', 'qualify_frequency', 'mailboxes']),
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
  }
}

export function aorFields(
  person: Person,
  { classOf }: Pick<AnsweredFrom, 'classOf'>,
): Fields | null {
  const { extension } = person
  if (extension === null) return null
  const own = classOf(person)
  const fields: Fields = [
    ['id', extension],
    ['max_contacts', String(own.maxContacts)],
    ['remove_existing', 'yes'],
    ['qualify_frequency', String(own.qualifySeconds)],
    ['mailboxes', mailboxOf(extension, own)],
  ]
  return withFurther(fields, own.aor)
}
