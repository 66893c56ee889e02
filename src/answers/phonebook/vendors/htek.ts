import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, type Xml } from '../xml.ts'
import { directoryBook, directoryPage } from './ip-phone-directory.ts'

/** UC9xx, and Sangoma's S series: several `Telephone` in an entry; the phone appends what was typed. */
export const htek: Vendor = {
  name: 'htek',
  title: 'Htek',
  forms: {
    'phonebook.xml': {
      kind: 'book',
      render: (contacts, phone) => directoryBook('PhoneDirectory', contacts, phone, entry),
    },
    find: {
      kind: 'page',
      size: 100,
      render: (page, phone) => directoryPage('PhoneDirectory', page, phone, entry),
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    `P4401 = ${of('find', 'q=')}    # searched: the phone appends what was typed`,
    'P3316 = Directory',
    `P4402 = ${of('phonebook.xml')}    # whole`,
  ],
}

function entry({ shown, latin, numbers }: Contact, phone: Phone): readonly Xml[] {
  const telephones = numbers.map(({ dial }) => el('Telephone', dial))
  return [el('DirectoryEntry', el('Name', phone.text(shown, latin)), ...telephones)]
}
