import type { Contact } from '../contact.ts'
import { inPlaces, type Phone, type Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'

/** `<MAC>_phonebook.xml`: groups first, then people with three numbers each. */
export const escene: Vendor = {
  name: 'escene',
  title: 'Escene',
  forms: {
    'phonebook.xml': {
      kind: 'book',
      render: (contacts, phone) => xmlPieces('all', {}, parts(contacts, phone)),
    },
  },
  limits: [{ numbers: 3 }],
  provision: ({ base }) => [
    `Auto provisioning of the phone book: ${base}/    (the phone asks for <MAC>_phonebook.xml)`,
  ],
}

function* parts(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  const group = phone.label('directory')
  yield el(
    'PhoneGroups',
    el('group', { id: 1, groupid: 1, name: group, Descriptor: '', RingType: 0 }),
  )
  let id = 0
  const books = Array.from(contacts, (contact) => book(contact, ++id, group, phone))
  yield el('PhoneBooks', ...books)
}

function book(contact: Contact, id: number, group: string, phone: Phone): Xml {
  const { first, last, shown, latin } = contact
  const [office = '', mobile = '', other = ''] = inPlaces(contact, [
    ['extension', 'work'],
    ['mobile'],
    ['home', 'other', 'work', 'assistant'],
  ])
  return el('book', {
    id,
    Bookid: id,
    speedid: 0,
    accountid: 127,
    NewVer: 1,
    ISUseBLF: 0,
    GroupName: group,
    GroupNameTwo: '',
    FirstName: phone.text(first),
    LastName: phone.text(last, first === '' ? (latin ?? shown) : null),
    MobileNum: mobile,
    OfficeNum: office,
    OtherNum: other,
    Username: phone.text(shown, latin),
  })
}
