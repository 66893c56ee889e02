import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPart, xmlPieces, type Piece, type Xml } from '../xml.ts'
import { nameFields, threeNumbers } from './fields.ts'

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

function* parts(contacts: Iterable<Contact>, phone: Phone): Generator<Piece> {
  const group = phone.label('directory')
  yield el(
    'PhoneGroups',
    el('group', { id: 1, groupid: 1, name: group, Descriptor: '', RingType: 0 }),
  )
  yield xmlPart('PhoneBooks', {}, books(contacts, group, phone))
}

function* books(contacts: Iterable<Contact>, group: string, phone: Phone): Generator<Xml> {
  let id = 0
  for (const contact of contacts) yield book(contact, ++id, group, phone)
}

function book(contact: Contact, id: number, group: string, phone: Phone): Xml {
  const { first, last } = nameFields(contact, phone)
  const { office, mobile, other } = threeNumbers(contact)
  return el('book', {
    id,
    Bookid: id,
    speedid: 0,
    accountid: 127,
    NewVer: 1,
    ISUseBLF: 0,
    GroupName: group,
    GroupNameTwo: '',
    FirstName: first,
    LastName: last,
    MobileNum: mobile,
    OfficeNum: office,
    OtherNum: other,
    Username: phone.text(contact.shown, contact.latin),
  })
}
