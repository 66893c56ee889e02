import type { Family } from '../family.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { PersonRows, type AnsweredFrom } from './answered-from.ts'

/** Where a person's phones register. `mailboxes` lets a phone subscribe to its message lamp. */
export function psAors(from: AnsweredFrom): Family {
  const rows = new PersonRows(from, (person) => {
    const { extension } = person
    if (extension === null) return null
    const own = from.classOf(person)
    return [
      ['id', extension],
      ['max_contacts', String(own.maxContacts)],
      ['remove_existing', 'yes'],
      ['qualify_frequency', String(own.qualifySeconds)],
      ['mailboxes', own.voicemail ? `${extension}@default` : ''],
    ]
  })
  return {
    name: 'ps_aors',
    columns: new Set(['id', 'max_contacts', 'remove_existing', 'qualify_frequency', 'mailboxes']),
    exact: { id: (value) => rows.byExtension(value) },
    all: () => rows.all(),
    kept: new KeptAnswers('id', from.people, from.secrets),
  }
}
