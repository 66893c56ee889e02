import type { Contact, ContactNumberKind } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'
import { nameFields } from './fields.ts'

/** J100 series but the J129. (The E129 is a Grandstream: `gs_phonebook.xml` of that maker.) */
export const avaya: Vendor = {
  name: 'avaya',
  title: 'Avaya J100',
  forms: {
    'directory.xml': {
      kind: 'book',
      render: (contacts, phone) => xmlPieces('IPPhoneDirectory', {}, entries(contacts, phone)),
    },
  },
  limits: [{}],
  provision: ({ of }) => [`SET DOWNLOADABLE_DIRECTORY ${of('directory.xml')}`],
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { first, last } = nameFields(contact, phone)
    yield el(
      'DirectoryEntry',
      el('LastName', last),
      el('FirstName', first),
      el(
        'PhoneNumbers',
        ...contact.numbers.map(({ kind, dial }) =>
          el('Phone', el('Number', dial), el('Type', types[kind])),
        ),
      ),
    )
  }
}

const types: Readonly<Record<ContactNumberKind, string>> = {
  extension: 'Work',
  work: 'Work',
  mobile: 'Mobile',
  home: 'Home',
  assistant: 'Other',
  other: 'Other',
  pager: 'Other',
  fax: 'Other',
}
