import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'
import { nameFields, threeNumbers } from './fields.ts'

/** MicroSIP: users directory by address. */
export const microsip: Vendor = {
  name: 'microsip',
  title: 'MicroSIP',
  forms: {
    'contacts.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('contacts', { refresh: 0, silent: 0 }, entries(contacts, phone)),
    },
  },
  limits: [{ numbers: 3 }],
  provision: ({ of }) => [`usersDirectory=${of('contacts.xml')}    ; in microsip.ini`],
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { shown, latin, email, title, department } = contact
    const { first, last } = nameFields(contact, phone)
    const { office, mobile, other } = threeNumbers(contact)
    yield el('contact', {
      name: phone.text(shown, latin),
      number: office,
      firstname: first,
      lastname: last,
      phone: other,
      mobile,
      email,
      comment: phone.text([title, department].filter((text) => text !== '').join(', ')),
      presence: 0,
      info: '',
    })
  }
}
