import type { Contact } from '../contact.ts'
import type { Page, Phone } from '../vendor.ts'
import { el, xmlDocument, xmlPieces, type Child, type Xml } from '../xml.ts'

/**
 * `XxxIPPhoneDirectory`, which Cisco began and many took over: a title and `DirectoryEntry` after
 * `DirectoryEntry`. What stands in an entry is the dialect's own.
 */
export function directoryPage(
  root: string,
  page: Page,
  phone: Phone,
  entriesOf: (contact: Contact, phone: Phone) => readonly Xml[],
  ...more: readonly Child[]
): string {
  const entries = page.contacts.flatMap((contact) => entriesOf(contact, phone))
  const shown = entries.length === 0 ? [nobody(phone)] : entries
  return xmlDocument(el(root, el('Title', phone.label('directory')), ...shown, ...more))
}

/** Phones take a list without entries for a failure. */
export function nobody(phone: Phone): Xml {
  return el('DirectoryEntry', el('Name', phone.label('nobody')), el('Telephone'))
}

/** The same for everybody. */
export function directoryBook(
  root: string,
  contacts: Iterable<Contact>,
  phone: Phone,
  entriesOf: (contact: Contact, phone: Phone) => readonly Xml[],
): Iterable<string> {
  return xmlPieces(root, {}, withTitle(contacts, phone, entriesOf))
}

function* withTitle(
  contacts: Iterable<Contact>,
  phone: Phone,
  entriesOf: (contact: Contact, phone: Phone) => readonly Xml[],
): Generator<Xml> {
  yield el('Title', phone.label('directory'))
  for (const contact of contacts) yield* entriesOf(contact, phone)
}

/** An entry for each number: the first bears the bare name, each further one says what it is. */
export function entryPerNumber(contact: Contact, phone: Phone): readonly Xml[] {
  return namedNumbers(contact, phone).map(({ name, dial }) =>
    el('DirectoryEntry', el('Name', name), el('Telephone', dial)),
  )
}

/** `Berg Ina`, `Berg Ina (Mobile)` … */
export function namedNumbers(
  { shown, latin, numbers }: Contact,
  phone: Phone,
): readonly { readonly name: string; readonly dial: string }[] {
  return numbers.map(({ kind, dial }, at) => {
    const name = phone.text(shown, latin)
    return { name: at === 0 ? name : `${name} (${phone.label(kind)})`, dial }
  })
}

/** One entry, all numbers in `Telephone` elements of the same kind. */
export function entryWithLabels({ shown, latin, numbers }: Contact, phone: Phone): readonly Xml[] {
  return [
    el(
      'DirectoryEntry',
      el('Name', phone.text(shown, latin)),
      ...numbers.map(({ kind, dial }) => el('Telephone', { label: phone.label(kind) }, dial)),
    ),
  ]
}
