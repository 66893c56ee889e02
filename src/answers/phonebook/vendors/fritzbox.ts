import type { Contact, ContactNumberKind } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPart, xmlPieces, type Xml } from '../xml.ts'

/** FRITZ!Box: a file to import, at most nine numbers a contact. */
export const fritzbox: Vendor = {
  name: 'fritzbox',
  title: 'AVM FRITZ!Box',
  forms: {
    'phonebook.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('phonebooks', {}, [
          xmlPart(
            'phonebook',
            { owner: 0, name: phone.label('directory') },
            entries(contacts, phone),
          ),
        ]),
    },
  },
  limits: [{ numbers: 9 }],
  provision: ({ of }) => [
    `Telephony > Telephone book > Restore: the file from ${of('phonebook.xml')}`,
  ],
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const { shown, latin, numbers } of contacts) {
    yield el(
      'contact',
      el('category', 0),
      el('person', el('realName', phone.text(shown, latin))),
      el(
        'telephony',
        { nid: numbers.length },
        ...numbers.map(({ kind, dial }, id) =>
          el('number', { type: types[kind], prio: id === 0 ? 1 : 0, id }, dial),
        ),
      ),
      el('services'),
    )
  }
}

const types: Readonly<Record<ContactNumberKind, string>> = {
  extension: 'work',
  work: 'work',
  mobile: 'mobile',
  home: 'home',
  assistant: 'work',
  other: 'other',
  pager: 'other',
  fax: 'fax_work',
}
