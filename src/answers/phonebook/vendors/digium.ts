import type { Contact } from '../contact.ts'
import { inPlaces, type Phone, type Vendor } from '../vendor.ts'
import { el, xmlNested, xmlPieces, type Xml } from '../xml.ts'

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
  return xmlNested(['phonebooks', ['contacts', group]], people(contacts, phone, numbersOf))
}

function* people(
  contacts: Iterable<Contact>,
  phone: Phone,
  numbersOf: (contact: Contact, phone: Phone) => Xml,
): Generator<Xml> {
  let id = 0
  for (const contact of contacts) {
    const { first, last, shown, latin, company, title, location, email } = contact
    yield el(
      'contact',
      {
        id: ++id,
        prefix: '',
        first_name: phone.text(first),
        second_name: '',
        last_name: phone.text(last, first === '' ? (latin ?? shown) : null),
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
    const [telephone = '', mobile = '', other = ''] = inPlaces(contact, [
      ['extension', 'work'],
      ['mobile'],
      ['home', 'other', 'work', 'assistant'],
    ])
    const { shown, latin } = contact
    yield el(
      'DirectoryEntry',
      el('Name', phone.text(shown, latin)),
      el('Telephone', telephone),
      el('Mobile', mobile),
      el('Other', other),
      el('Ring', 2),
    )
  }
}
