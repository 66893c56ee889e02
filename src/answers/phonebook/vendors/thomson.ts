import type { Contact } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument, type Xml } from '../xml.ts'
import { directoryPage, namedNumbers, nobody } from './ip-phone-directory.ts'

/**
 * ST2022, ST2030 (eight results a page, numbers as `Dial:…`) and the newer TB30 (32, bare numbers,
 * and pages that lead on).
 */
export const thomson: Vendor = {
  name: 'thomson',
  title: 'Thomson / Technicolor',
  forms: {
    find: {
      kind: 'page',
      size: 8,
      mostRows: 8,
      render: (page, phone) =>
        directoryPage('ThomsonPhoneBook', page, phone, (contact) =>
          entries(contact, phone, 'Dial:'),
        ),
    },
    tb30: { kind: 'page', size: 32, mostRows: 32, render: tb30 },
  },
  limits: [{}],
  provision: ({ of }) => [
    'Phonebook1_name=Directory',
    `Phonebook1_url=${of('find', 'q=#SEARCH')}    # ST2022, ST2030`,
    `Phonebook1_url=${of('tb30', 'q=#SEARCH')}    # TB30`,
  ],
}

function entries(contact: Contact, phone: Phone, dial: string): readonly Xml[] {
  return namedNumbers(contact, phone).map((number) =>
    el('DirectoryEntry', el('Name', number.name), el('Telephone', `${dial}${number.dial}`)),
  )
}

function tb30({ contacts, next, previous }: Page, phone: Phone): string {
  const item = (name: string, url: string | null) =>
    url === null ? null : el('MenuItem', el('Name', name), el('URL', url))
  const found = contacts.flatMap((contact) => entries(contact, phone, ''))
  return xmlDocument(
    el(
      'PhoneBook',
      el('Title', phone.label('directory')),
      item(phone.label('previous'), previous),
      ...(found.length === 0 ? [nobody(phone)] : found),
      item(phone.label('next'), next),
    ),
  )
}
