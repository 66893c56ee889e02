import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPart, xmlPieces, type Xml } from '../xml.ts'
import { nameFields, threeNumbers } from './fields.ts'

/**
 * Digium D and Sangoma P and D series: contacts with `actions` (or, in older firmware, `numbers`);
 * a file with an error is left aside without a word. The A series takes an entry with three numbers.
 */
export const digium: Vendor = {
  name: 'digium',
  title: 'Digium / Sangoma',
  forms: {
    'contacts.xml': {
      kind: 'book',
      render: (contacts, phone) => book(contacts, phone, actions),
    },
    'contacts-old.xml': {
      kind: 'book',
      render: (contacts, phone) => book(contacts, phone, numbers),
    },
    'a-series.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('AsteriskIPPhoneDirectory', {}, aSeries(contacts, phone)),
      limits: { numbers: 3 },
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    `<contacts url="${of('contacts.xml')}"/>    <!-- D and P series -->`,
    `Auto Pbook Url = ${of('a-series.xml')}    (A series)`,
  ],
}

function book(
  contacts: Iterable<Contact>,
  phone: Phone,
  numbersOf: (contact: Contact, phone: Phone) => Xml,
): Iterable<string> {
  const group = { group_name: phone.label('directory'), editable: 0, id: 0 }
  const all = xmlPart('contacts', group, people(contacts, phone, numbersOf))
  return xmlPieces('phonebooks', {}, [all])
}

function* people(
  contacts: Iterable<Contact>,
  phone: Phone,
  numbersOf: (contact: Contact, phone: Phone) => Xml,
): Generator<Xml> {
  let id = 0
  for (const contact of contacts) {
    const { company, title, location, email } = contact
    const { first, last } = nameFields(contact, phone)
    yield el(
      'contact',
      {
        id: ++id,
        prefix: '',
        first_name: first,
        second_name: '',
        last_name: last,
        suffix: '',
        contact_type: 'sip',
        organization: phone.text(company),
        job_title: phone.text(title),
        location: phone.text(location),
        notes: '',
        account_id: contact.numbers[0].dial,
      },
      numbersOf(contact, phone),
      email === ''
        ? null
        : el('emails', el('email', { address: email, label: phone.label('work'), primary: 1 })),
    )
  }
}

function actions(contact: Contact, phone: Phone): Xml {
  return el(
    'actions',
    ...contact.numbers.map(({ kind, dial }, at) =>
      el('action', {
        id: at === 0 ? 'primary' : `number${at}`,
        dial,
        label: phone.label(kind),
        name: phone.label('dial'),
      }),
    ),
  )
}

function numbers(contact: Contact, phone: Phone): Xml {
  return el(
    'numbers',
    ...contact.numbers.map(({ kind, dial }, at) =>
      el('number', { dial, label: phone.label(kind), ...(at === 0 && { primary: 1 }) }),
    ),
  )
}

function* aSeries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { shown, latin } = contact
    const { office, mobile, other } = threeNumbers(contact)
    yield el(
      'DirectoryEntry',
      el('Name', phone.text(shown, latin)),
      el('Telephone', office),
      el('Mobile', mobile),
      el('Other', other),
      el('Ring', 2),
    )
  }
}
