import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPart, xmlPieces, type Piece, type Xml } from '../xml.ts'
import { threeNumbers } from './fields.ts'
import { directoryBook, directoryPage, entryWithLabels } from './ip-phone-directory.ts'

/**
 * T2 to T7, CP and the W5x to W9x DECT bases. With `#SEARCH` in the address the phone asks for what
 * was typed; without it, it keeps the whole book and shows names of callers from it. Desk phones take
 * any label; DECT handsets ignore them and want the fixed places of `YealinkIPPhoneBook`, where a
 * `Menu` is a group: here the department.
 */
export const yealink: Vendor = {
  name: 'yealink',
  title: 'Yealink',
  forms: {
    'book.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        directoryBook('YealinkIPPhoneDirectory', contacts, phone, entryWithLabels),
    },
    'groups.xml': { kind: 'book', render: groups },
    find: {
      kind: 'page',
      size: 100,
      render: (page, phone) =>
        directoryPage('YealinkIPPhoneDirectory', page, phone, entryWithLabels),
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    `remote_phonebook.data.1.url = ${of('find', 'q=#SEARCH')}`,
    'remote_phonebook.data.1.name = Search',
    `remote_phonebook.data.2.url = ${of('book.xml')}`,
    'remote_phonebook.data.2.name = Directory',
    'features.remote_phonebook.enable = 1',
  ],
}

function groups(contacts: Iterable<Contact>, phone: Phone): Iterable<string> {
  return xmlPieces('YealinkIPPhoneBook', {}, menus(contacts, phone))
}

function* menus(contacts: Iterable<Contact>, phone: Phone): Generator<Piece> {
  yield el('Title', phone.label('directory'))
  const departments = new Map<string, Contact[]>()
  for (const contact of contacts) {
    const members = departments.get(contact.department)
    if (members) members.push(contact)
    else departments.set(contact.department, [contact])
    yield null
  }
  for (const [department, members] of departments) {
    const name = department === '' ? phone.label('directory') : phone.text(department)
    yield xmlPart('Menu', { Name: name }, units(members, phone))
  }
}

function* units(members: readonly Contact[], phone: Phone): Generator<Xml> {
  for (const contact of members) yield unit(contact, phone)
}

function unit(contact: Contact, phone: Phone): Xml {
  const { office, mobile, other } = threeNumbers(contact)
  const { shown, latin } = contact
  return el('Unit', {
    Name: phone.text(shown, latin),
    Phone1: office,
    Phone2: mobile,
    Phone3: other,
    default_photo: 'Resource:',
  })
}
