import type { Contact } from '../contact.ts'
import type { Phone, Vendor } from '../vendor.ts'
import { el, xmlPart, xmlPieces, type Xml } from '../xml.ts'
import { inPlaces, nameFields } from './fields.ts'
import { snom } from './snom.ts'

/**
 * M300, M400, M700, M900: a file for the base, or the minibrowser of the desk phones (one address
 * for every key press, and short ones, since the firmware takes no long ones). M100, M500, C520, C620
 * and VTech: `DIR_GROUP`. Three places for numbers, each once.
 */
export const snomDect: Vendor = {
  name: 'snom-dect',
  title: 'Snom DECT',
  forms: {
    'directory.xml': {
      kind: 'book',
      render: (contacts, phone) => xmlPieces('IPPhoneDirectory', {}, entries(contacts, phone)),
      limits: { numbers: 3 },
    },
    'group.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('directory', {}, [xmlPart('DIR_GROUP', {}, group(contacts, phone))]),
      limits: { numbers: 3, entries: 1000 },
    },
    ...only(snom.forms, 'input', 'find'),
  },
  limits: [{}],
  provision: ({ base, of }) => [
    `phonebook_server_location: ${base}/    # must end with a slash; the file name follows it`,
    'phonebook_filename: directory.xml',
    `phonebook_location: 3, with ${of('input')}    # or searched in the minibrowser`,
  ],
}

function only(forms: Vendor['forms'], ...names: readonly string[]): Vendor['forms'] {
  return Object.fromEntries(Object.entries(forms).filter(([name]) => names.includes(name)))
}

const places = [['extension', 'work'], ['work', 'home', 'other', 'assistant'], ['mobile']] as const

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const [telephone, office, mobile] = inPlaces(contact, places)
    const { shown, latin } = contact
    yield el(
      'DirectoryEntry',
      el('Name', phone.text(shown, latin)),
      telephone === undefined ? null : el('Telephone', telephone),
      office === undefined ? null : el('Office', office),
      mobile === undefined ? null : el('Mobile', mobile),
    )
  }
}

function* group(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const [work = '', other = '', mobile = ''] = inPlaces(contact, places)
    const { first, last } = nameFields(contact, phone)
    yield el(
      'DIR_ENTRY',
      el('DIR_ENTRY_NAME_FIRST', first),
      el('DIR_ENTRY_NAME_LAST', last),
      el('DIR_ENTRY_NUMBER_WORK', work),
      el('DIR_ENTRY_NUMBER_MOBILE', mobile),
      el('DIR_ENTRY_NUMBER_OTHER', other),
      el('DIR_ENTRY_LINE_NUMBER', 0),
      el('DIR_ENTRY_BLOCK', 0),
      el('DIR_ENTRY_RINGER', 0),
    )
  }
}
