import type { Contact } from '../contact.ts'
import { inPlaces, type Phone, type Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'

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
    const { shown, latin, first, last, email, title, department } = contact
    const [number = '', mobile = '', other = ''] = inPlaces(contact, [
      ['extension', 'work'],
      ['mobile'],
      ['work', 'home', 'other', 'assistant'],
    ])
    yield el('contact', {
      name: phone.text(shown, latin),
      number,
      firstname: phone.text(first),
      lastname: phone.text(last),
      phone: other,
      mobile,
      email,
      comment: phone.text([title, department].filter((text) => text !== '').join(', ')),
      presence: 0,
      info: '',
    })
  }
}
