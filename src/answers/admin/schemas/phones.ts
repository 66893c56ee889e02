import { Type } from 'typebox'
import type { PhoneToken, PhoneUse } from '../../../state/phone-tokens.ts'
import { contactNumberKinds, type Contact, type ContactNumber } from '../../phonebook/contact.ts'
import type { Cut } from '../../phonebook/limits.ts'
import type { NewPhone } from '../phones.ts'
import {
  component,
  count,
  idOfPerson,
  moment,
  next,
  oneOf,
  orNull,
  text,
  texts,
} from './component.ts'

const phoneUse = component<PhoneUse>()('PhoneUse', {
  at: moment('When it read'),
  from: text('Address that it came from.'),
  by: text('Maker, model and version, as the phone says.'),
})

const phone = component<PhoneToken>()('Phone', {
  id: count(),
  vendor: text(),
  view: text('Name of the view that it reads.'),
  device: text('What the administrator calls it.'),
  createdAt: moment('When it was let in'),
  lastUse: orNull(phoneUse, 'Null: never so far.'),
})

const newPhone = component<NewPhone>()('NewPhone', {
  id: count(),
  token: text('Shown this once.'),
  url: text('The address without the form at its end.'),
  forms: Type.Record(Type.String(), Type.String(), {
    description: 'Address of every document, by the name at its end.',
  }),
  parameters: texts('What to enter at the phone, a line each.'),
})

const contactNumber = component<ContactNumber>()('ContactNumber', {
  kind: oneOf(contactNumberKinds),
  dial: text('As a phone of the site dials it: digits, `*` and `#`.'),
  e164: orNull(Type.String(), 'Null: it is no public number.'),
})

export const contact = component<Contact>()('Contact', {
  id: idOfPerson,
  name: text('The whole name, as the directory writes it.'),
  shown: text('What is shown and sorted by.'),
  first: text('May be empty.'),
  last: text('May be empty.'),
  latin: orNull(
    Type.String(),
    'The shown name for phones without its script; null: it is Latin already.',
  ),
  numbers: Type.Array(contactNumber, {
    minItems: 1,
    description: 'The one to ring first stands first.',
  }),
  department: text('Empty, as all that follows, where the view does not show it.'),
  company: text(),
  title: text(),
  email: text(),
  location: text(),
})

const cut = component<Cut>()('BookCut', {
  entries: count('People that do not fit into it.'),
  numbers: count('Numbers that do not.'),
  names: count('Names that were shortened.'),
})

const view = { people: count('How many stand in it.') }

export const phoneAnswers = {
  'GET /api/phones': Type.Object({ phones: Type.Array(phone), next }),
  'POST /api/phones': newPhone,
  'POST /api/phones/{id}/revoke': Type.Object({ revoked: count('Its id.') }),
  'GET /api/views': Type.Object({ views: Type.Array(Type.Object({ name: text(), ...view })) }),
  'GET /api/views/{name}/preview': Type.Object({
    view: text('Its name.'),
    ...view,
    found: count('How many fit what was searched.'),
    contacts: Type.Array(contact, { description: 'The first of those who fit.' }),
    book: Type.Optional(
      Type.Object(
        {
          form: text('The document that a phone of this maker reads.'),
          bytes: count('How large it is when nothing is searched.'),
          cut,
        },
        { description: 'When `vendor` names a maker.' },
      ),
    ),
  }),
}
