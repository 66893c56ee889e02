import type { Contact } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument, xmlPart, xmlPieces, type Xml } from '../xml.ts'
import { nameFields } from './fields.ts'
import { namedNumbers } from './ip-phone-directory.ts'

const html = 'text/html; charset=utf-8'

/**
 * SoundPoint, VVX, CCX, Edge: `<MAC>-directory.xml` at boot (names of at most 40 bytes, no number
 * twice, none empty), and XHTML in the microbrowser. When its user edits the book the phone uploads
 * it; that is taken and forgotten.
 */
export const poly: Vendor = {
  name: 'poly',
  title: 'Poly (Polycom)',
  forms: {
    'directory.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('directory', {}, [xmlPart('item_list', {}, items(contacts, phone))]),
      limits: { nameBytes: 40 },
    },
    input: { kind: 'screen', type: html, render: input },
    find: { kind: 'page', type: html, size: 16, mostRows: 16, render: results },
  },
  limits: [{}],
  provision: ({ of, base }) => [
    `mb.main.home = "${of('input')}"    # microbrowser: searched`,
    `Provisioning server for contacts: ${base}/    # the phone asks for <MAC>-directory.xml there`,
  ],
}

function* items(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  const seen = new Set<string>()
  for (const contact of contacts) {
    const { last } = nameFields(contact, phone)
    for (const [at, { kind, dial }] of contact.numbers.entries()) {
      if (seen.has(dial)) continue
      seen.add(dial)
      const firstName = at === 0 ? contact.first : `${phone.label(kind)} ${contact.first}`.trimEnd()
      yield el('item', el('ln', last), el('fn', phone.text(firstName)), el('ct', dial))
    }
  }
}

function input(phone: Phone): string {
  return screen(
    phone,
    el(
      'form',
      { method: 'get', action: phone.url('find') },
      el('p', phone.label('prompt'), el('br'), el('input', { type: 'text', name: 'q' })),
      el('p', el('input', { type: 'submit', value: phone.label('search') })),
    ),
  )
}

function results({ contacts, next, previous }: Page, phone: Phone): string {
  const link = (text: string, href: string | null) =>
    href === null ? null : el('p', el('a', { href }, text))
  const found = contacts.flatMap((contact) =>
    namedNumbers(contact, phone).map(({ name, dial }) => link(name, `tel://${dial}`)),
  )
  return screen(
    phone,
    ...(found.length === 0 ? [el('p', phone.label('nobody'))] : found),
    link(phone.label('previous'), previous),
    link(phone.label('next'), next),
  )
}

function screen(phone: Phone, ...content: readonly (Xml | null)[]): string {
  return xmlDocument(
    el(
      'html',
      { xmlns: 'http://www.w3.org/1999/xhtml' },
      el('head', el('title', phone.label('directory'))),
      el('body', ...content),
    ),
  )
}
