import { Type } from 'typebox'
import type { FieldChange, PersonChange, Run } from '../../../state/runs.ts'
import { component, idOfPerson, orNull, text } from './component.ts'

export const fieldChange = component<FieldChange>()('FieldChange', {
  field: text('Name of the field of a person.'),
  from: Type.Unknown({ description: 'As it was: a text, a list, true or false; null: nothing.' }),
  to: Type.Unknown({ description: 'As it is now.' }),
})

export const personChange = component<PersonChange>()('PersonChange', {
  kind: text('`added`, `changed`, `missing`, `back`, `disabled` or `removed`.'),
  id: idOfPerson,
  name: text(),
  extension: orNull(Type.String()),
  fields: Type.Array(fieldChange),
})

/** What could not be taken, and why. */
export const entryProblem = component<Run['problems'][number]>()('EntryProblem', {
  entry: text('The DN, or `file:line` of an LDIF file.'),
  attribute: Type.Optional(Type.String()),
  text: text('What is wrong and what was expected.'),
})
