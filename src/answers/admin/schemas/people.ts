import { Type } from 'typebox'
import { detailFields, type Person, type PersonNumber } from '../../../person/person.ts'
import type { Happened } from '../history.ts'
import type { Found } from '../lookup.ts'
import type { ListedPerson, WholePerson } from '../people-list.ts'
import { fieldChange } from './changes.ts'
import {
  component,
  count,
  flag,
  idOfPerson,
  moment,
  next,
  oneOf,
  orNull,
  text,
  texts,
} from './component.ts'

export const numberKind = oneOf(['work', 'mobile', 'home', 'fax', 'pager', 'assistant', 'other'])

export const disabledReason = orNull(
  oneOf(['disabled', 'expired', 'locked', 'left', 'administrator']),
  'Why he is not let in: the directory says disabled, expired or locked; he left; an administrator said so. Null: he is let in.',
)

export const lifecycle = oneOf(
  ['active', 'missing', 'disabled', 'unmanaged'],
  '`missing`: the directory has him no longer, and he is still answered.',
)

export const decided = orNull(
  oneOf(['disabled', 'enabled']),
  'What an administrator decided about his telephone; null: nothing.',
)

const missingSince = orNull(
  moment('Since when the directory does not have him'),
  'Null: the directory has him.',
)

const personNumber = component<PersonNumber>()('PersonNumber', {
  kind: numberKind,
  e164: orNull(Type.String(), '`+4930…`; null: it could not be read by the rules of the site.'),
  text: text('As the directory writes it.'),
})

export const person = component<Person>()('Person', {
  id: idOfPerson,
  source: text('Name of the configured source that he comes from.'),
  dn: text('Where his entry stood when it was last read; never a key.'),
  user: orNull(Type.String(), 'Login name.'),
  extension: orNull(Type.String(), 'The internal number that he is to have.'),
  aliases: texts('Further ids that reach him inside.'),
  dids: texts('Public numbers in E.164 that ring him.'),
  name: text('The name that is shown; never empty.'),
  firstName: orNull(Type.String()),
  lastName: orNull(Type.String()),
  email: orNull(Type.String()),
  numbers: Type.Array(personNumber, { description: 'All by which others know him.' }),
  groups: texts('Names or DNs, as the directory writes them.'),
  callerId: orNull(Type.String(), 'Shown outside, in E.164; null: as the class or the site says.'),
  callGroups: texts(),
  pickupGroups: texts(),
  disabled: disabledReason,
  hidden: flag('Kept out of phone books.'),
  details: Type.Partial(Type.Record(Type.Enum(detailFields), Type.String()), {
    description: 'What is only shown. What the directory does not have is not there.',
  }),
})

const listedPerson = component<ListedPerson>()('ListedPerson', {
  id: idOfPerson,
  source: text(),
  name: text(),
  user: orNull(Type.String(), 'Login name.'),
  email: orNull(Type.String()),
  extension: orNull(Type.String()),
  aliases: texts(),
  dids: texts('Public numbers in E.164 that ring him.'),
  numbers: texts('All by which he is known, in E.164.'),
  lifecycle,
  missingSince,
})

const found = {
  person,
  extensionOwner: orNull(
    Type.String(),
    'Name of who has the extension that he wants too; null: nobody else.',
  ),
  lifecycle,
  missingSince,
  decided,
  joined: Type.Array(Type.Object({ source: text(), dn: text() }), {
    description: 'Entries of other sources that are joined with his.',
  }),
  phones: texts('Where phones are registered, as Asterisk wrote it.'),
}

const foundPerson = component<Found>()('FoundPerson', {
  by: oneOf(
    ['extension', 'alias', 'DID', 'number', 'user', 'claim', 'id'],
    '`claim`: he wants the number, and somebody else has it.',
  ),
  ...found,
  secrets: Type.Optional(
    Type.Object(
      { sip: orNull(Type.String()), voicemailPin: orNull(Type.String()) },
      { description: 'Only when `secrets=true` was asked for.' },
    ),
  ),
})

const happened = component<Happened>()('PersonHistory', {
  at: moment('When the run began'),
  run: count('Its id.'),
  kind: text('`added`, `changed`, `missing`, `back`, `disabled` or `removed`.'),
  fields: Type.Array(fieldChange),
})

const wholePerson = component<WholePerson>()('WholePerson', {
  ...found,
  history: Type.Array(happened, {
    description: 'What the latest runs did to him, the newest first.',
  }),
})

const withSecret = {
  id: idOfPerson,
  name: text(),
  origin: oneOf(['new', 'directory'], '`directory`: it was read again from there.'),
  value: Type.Optional(
    orNull(
      Type.String(),
      'The new one, when `show=true` was asked for and the directory does not keep it. Not in a repeated answer.',
    ),
  ),
}

export const peopleAnswers = {
  'GET /api/people': Type.Object({
    people: Type.Array(listedPerson),
    total: count('How many fit, on all pages.'),
    next,
  }),
  'GET /api/people/{id}': Type.Object({ person: wholePerson }),
  'POST /api/people/{id}/{decision}': Type.Object({
    id: idOfPerson,
    name: text(),
    lifecycle,
    disabled: disabledReason,
  }),
  'POST /api/people/{id}/reset-pin': Type.Object(withSecret),
  'POST /api/people/{id}/reset-secret': Type.Object(withSecret),
  'GET /api/lookup': Type.Object({ found: Type.Array(foundPerson) }),
}
