import type { Contact, ContactNumberKind } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'

/** J100 series. (The E129 is a Grandstream: `gs_phonebook.xml` of that maker.) */
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
  for (const { first, last, shown, latin, numbers } of contacts) {
    yield el(
      'DirectoryEntry',
      el('LastName', phone.text(last, first === '' ? (latin ?? shown) : null)),
      el('FirstName', phone.text(first)),
      el(
        'PhoneNumbers',
        ...numbers.map(({ kind, dial }) => el('Phone', el('Number', dial), el('Type', type(kind)))),
      ),
    )
  }
}

function type(kind: ContactNumberKind): string {
  if (kind === 'mobile') return 'Mobile'
  return kind === 'home' ? 'Home' : 'Work'
}
