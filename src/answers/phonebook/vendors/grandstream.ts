import type { Contact, ContactNumberKind } from '../contact.ts'
import type { BookForm, Phone, Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'
import { nameFields } from './fields.ts'

/**
 * GXP, GRP, GXV, DP, GVC: the phone fetches the whole book every few hours and searches in it.
 *
 * Two shapes share the root `AddressBook`. The old one (GXP guide 1.0.5.15) counts accounts from 1
 * and has no types; the present one counts from 0 and is asked for as `phonebook.xml`. A phone tells
 * them apart by their groups (`Groups` and `groupid`, or `pbgroup` and `Group`). Element names are
 * case-sensitive, and a misspelled root imports nothing.
 */
export const grandstream: Vendor = {
  name: 'grandstream',
  title: 'Grandstream',
  forms: {
    'phonebook.xml': { kind: 'book', render: present('Cell') },
    // These two names are ours: the phone appends `phonebook.xml` to them.
    mobile: { kind: 'book', render: present('Mobile') },
    dp: { kind: 'book', render: base },
    'gs_phonebook.xml': old(),
    'gs_phonebook.php': old(),
  },
  limits: [{ models: /^GRP26/, entries: 1000 }, {}],
  provision: ({ base }) => {
    const at = base.indexOf('://')
    return [
      `P330 = ${base.startsWith('https') ? '3' : '1'}    # Phonebook XML download: 1 HTTP, 3 HTTPS`,
      `P331 = ${base.slice(at + 3)}    # server path, without scheme and file name`,
      'P332 = 720    # minutes between downloads',
      'P333 = 1    # remove entries that are not in the book any more',
    ]
  },
}

/** GXP, GRP and GXV say Cell, GVC says Mobile. */
function present(mobile: 'Cell' | 'Mobile'): BookForm['render'] {
  return (contacts, phone) => xmlPieces('AddressBook', {}, presentContacts(contacts, phone, mobile))
}

function* presentContacts(
  contacts: Iterable<Contact>,
  phone: Phone,
  mobile: string,
): Generator<Xml> {
  const name = phone.label('directory')
  yield el('version', 1)
  yield el('pbgroup', el('id', 1), el('name', name), el('ringtones', 'default ringtone'))
  let id = 0
  for (const contact of contacts) {
    const { first, last } = nameFields(contact, phone)
    const { numbers, department, title, company } = contact
    yield el(
      'Contact',
      el('id', ++id),
      el('FirstName', first),
      el('LastName', last),
      el('Frequent', 0),
      ...numbers.map(({ kind, dial }) =>
        el('Phone', { type: typeOf(kind, mobile) }, el('phonenumber', dial), el('accountindex', 0)),
      ),
      el('Group', 1),
      el('Primary', 0),
      department === '' ? null : el('Department', phone.text(department)),
      title === '' ? null : el('Job', phone.text(title)),
      company === '' ? null : el('Company', phone.text(company)),
    )
  }
}

/** DP750 and DP720 know neither accounts nor groups. */
function base(contacts: Iterable<Contact>, phone: Phone): Iterable<string> {
  return xmlPieces('AddressBook', {}, baseContacts(contacts, phone))
}

function* baseContacts(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { first, last } = nameFields(contact, phone)
    yield el(
      'Contact',
      el('FirstName', first),
      el('LastName', last),
      ...contact.numbers.map(({ kind, dial }) =>
        el('Phone', { type: typeOf(kind, 'Mobile') }, el('phonenumber', dial)),
      ),
    )
  }
}

function typeOf(kind: ContactNumberKind, mobile: string): string {
  if (kind === 'mobile') return mobile
  return kind === 'home' ? 'Home' : 'Work'
}

function old(): BookForm {
  return {
    kind: 'book',
    render: (contacts, phone) => xmlPieces('AddressBook', {}, oldContacts(contacts, phone)),
  }
}

function* oldContacts(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { first, last } = nameFields(contact, phone)
    yield el(
      'Contact',
      el('LastName', last),
      el('FirstName', first),
      ...contact.numbers.map(({ dial }) =>
        el('Phone', el('phonenumber', dial), el('accountindex', 1)),
      ),
      el('Groups', el('groupid', 2)),
    )
  }
}
