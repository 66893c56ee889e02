import type { Contact, ContactNumberKind } from '../contact.ts'
import type { BookForm, Phone, Vendor } from '../vendor.ts'
import { el, xmlPieces, type Xml } from '../xml.ts'

/**
 * GXP, GRP, GXV, DP, GVC: the phone fetches the whole book every few hours and searches in it.
 *
 * Two shapes share the root `AddressBook`. The old one (GXP guide 1.0.5.15) counts accounts from 1
 * and has no types; the present one counts from 0 and is asked for as `phonebook.xml`. Element names
 * are case-sensitive, and a misspelled root imports nothing.
 */
export const grandstream: Vendor = {
  name: 'grandstream',
  title: 'Grandstream',
  forms: {
    'phonebook.xml': { kind: 'book', render: present('Cell') },
    // DP and GVC call it Mobile; the file name is ours, the phone appends `phonebook.xml` to it.
    mobile: { kind: 'book', render: present('Mobile') },
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

function present(mobile: 'Cell' | 'Mobile'): BookForm['render'] {
  const type = (kind: ContactNumberKind) => {
    if (kind === 'mobile') return mobile
    return kind === 'home' ? 'Home' : 'Work'
  }
  return (contacts, phone) => xmlPieces('AddressBook', {}, presentContacts(contacts, phone, type))
}

function* presentContacts(
  contacts: Iterable<Contact>,
  phone: Phone,
  type: (kind: ContactNumberKind) => string,
): Generator<Xml> {
  yield el('version', 1)
  let id = 0
  for (const contact of contacts) {
    id++
    yield el(
      'Contact',
      el('id', id),
      ...names(contact, phone),
      el('Frequent', 0),
      ...contact.numbers.map(({ kind, dial }) =>
        el('Phone', { type: type(kind) }, el('phonenumber', dial), el('accountindex', 0)),
      ),
      el('Primary', 0),
      contact.department === '' ? null : el('Department', phone.text(contact.department)),
      contact.title === '' ? null : el('Job', phone.text(contact.title)),
      contact.company === '' ? null : el('Company', phone.text(contact.company)),
    )
  }
}

function old(): BookForm {
  return {
    kind: 'book',

    render: (contacts, phone) => xmlPieces('AddressBook', {}, oldContacts(contacts, phone)),
  }
}

function* oldContacts(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    yield el(
      'Contact',
      ...names(contact, phone),
      ...contact.numbers.map(({ dial }) =>
        el('Phone', el('phonenumber', dial), el('accountindex', 1)),
      ),
      el('Groups', el('groupid', 2)),
    )
  }
}

function names({ first, last, latin, shown }: Contact, phone: Phone): [Xml, Xml] {
  const isWhole = first === ''
  return [
    el('LastName', phone.text(last, isWhole ? (latin ?? shown) : null)),
    el('FirstName', phone.text(first)),
  ]
}
