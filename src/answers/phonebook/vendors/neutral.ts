import { contactNumberKinds, type Contact } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { csvLine } from './csv.ts'
import { numberOf } from './fields.ts'
import { vcard } from './vcard.ts'

/** Of no maker: CSV, JSON and vCard, for programs and for whatever else can read a file. */
export const neutral: Vendor = {
  name: 'neutral',
  title: 'CSV, JSON, vCard',
  forms: {
    'contacts.csv': { kind: 'book', type: 'text/csv; charset=utf-8', render: csv },
    // A spreadsheet takes a cell that begins with = + - @ for a formula, and UTF-8 for something else.
    'excel.csv': { kind: 'book', type: 'text/csv; charset=utf-8', render: excel },
    'contacts.json': { kind: 'book', type: 'application/json; charset=utf-8', render: json },
    'contacts.vcf': { kind: 'book', type: 'text/vcard; charset=utf-8', render: cards('4.0') },
    'contacts3.vcf': { kind: 'book', type: 'text/vcard; charset=utf-8', render: cards('3.0') },
    'find.json': {
      kind: 'page',
      type: 'application/json; charset=utf-8',
      size: 100,
      counts: true,
      render: foundJson,
    },
    'find.vcf': {
      kind: 'page',
      type: 'text/vcard; charset=utf-8',
      size: 100,
      render: ({ contacts }) => contacts.map((contact) => vcard(contact, '4.0')).join(''),
    },
  },
  limits: [{}],
  provision: ({ of }) => [of('contacts.csv'), of('contacts.vcf'), of('find.json', 'q=')],
}

/** Linphone takes vCard 4 for its contacts. */
export const linphone: Vendor = {
  name: 'linphone',
  title: 'Linphone',
  forms: {
    'contacts.vcf': { kind: 'book', type: 'text/vcard; charset=utf-8', render: cards('4.0') },
  },
  limits: [{}],
  provision: ({ of }) => [
    '[misc]    # linphonerc, or remote provisioning',
    `contacts-vcard-list=${of('contacts.vcf')}`,
  ],
}

function cards(version: '3.0' | '4.0') {
  return function* (contacts: Iterable<Contact>): Generator<string> {
    for (const contact of contacts) yield vcard(contact, version)
  }
}

const columns = [
  'name',
  'firstName',
  'lastName',
  'department',
  'company',
  'title',
  'email',
] as const

function* csv(contacts: Iterable<Contact>): Generator<string> {
  yield csvLine([...columns, ...contactNumberKinds])
  for (const contact of contacts) yield csvLine(cells(contact))
}

function* excel(contacts: Iterable<Contact>): Generator<string> {
  yield `\ufeff${csvLine([...columns, ...contactNumberKinds])}`
  for (const contact of contacts) {
    yield csvLine(cells(contact).map((cell) => (/^[=+\-@\t]/.test(cell) ? `'${cell}` : cell)))
  }
}

function cells(contact: Contact): string[] {
  const { shown, first, last, department, company, title, email } = contact
  const numbers = contactNumberKinds.map((kind) => numberOf(contact, kind) ?? '')
  return [shown, first, last, department, company, title, email, ...numbers]
}

function* json(contacts: Iterable<Contact>): Generator<string> {
  yield '{"contacts":['
  let isFirst = true
  for (const contact of contacts) {
    yield `${isFirst ? '' : ','}\n${JSON.stringify(contact)}`
    isFirst = false
  }
  yield '\n]}\n'
}

function foundJson({ contacts, total, offset, next, previous }: Page, _phone: Phone): string {
  return `${JSON.stringify({ total, offset, next, previous, contacts })}\n`
}
