import type { Contact } from '../contact.ts'
import { cleanTerm, readCount } from '../request.ts'
import type { Page, PageQuestion, Phone, Question, Vendor } from '../vendor.ts'
import { el, xmlDocument, xmlPieces, type Xml } from '../xml.ts'
import { inPlaces, nameFields, numberOf } from './fields.ts'

/**
 * N510 to N870 (and Auerswald COMfortel WS): the "Gigaset Phonebook Search", which also asks for
 * callers (`reqsrc=auto`), and the central phone book, fetched once a day, 2000 entries or 2 MB. The
 * base appends its query, so the configured address ends with `?`.
 */
export const gigaset: Vendor = {
  name: 'gigaset',
  title: 'Gigaset',
  forms: {
    netdir: { kind: 'page', size: 100, counts: true, read, render: list },
    'central.xml': {
      kind: 'book',
      limits: { entries: 2000, bytes: 2_000_000, nameCharacters: 32 },
      render: (contacts, phone) =>
        xmlPieces('list', {}, entries(contacts, phone), 'LocalDirectory'),
    },
  },
  limits: [{ models: /^N530/, entries: 500 }, {}],
  provision: ({ of }) => [
    `XMLDir.1.ServerURL = ${of('netdir')}?    # N610, N670, N870: searched, with names of callers`,
    'XMLDir.1.ProviderName = Directory',
    `BS_XML_Netdirs.astNetdirProvider[0].aucServerURL = ${of('netdir')}?    # N510, N720`,
    `CentralBook.0.ServerURL = ${of('central.xml')}    # kept in the base`,
  ],
}

/** Where the request may say whom it looks for; numbers come last, as callers' come alone. */
const fields = ['set_first', 'ln', 'fn', 'hm', 'nr', 'mb', 'sip', 'fx'] as const

function read({ query }: Question): PageQuestion | string {
  if (query.has('first') && query.has('last') && query.get('last') !== '-1') {
    return failure(query, 4, 'first and last exclude each other')
  }
  const command = query.get('command') ?? 'get_list'
  if (command !== 'get_list') return failure(query, 1, 'only get_list')
  const words = fields.map((name) => cleanTerm((query.get(name) ?? '').replaceAll('*', ' ')))
  return {
    term: words.filter((word) => word !== '').join(' '),
    offset: Math.max(0, (readCount(query.get('first')) ?? 1) - 1),
    // A caller's number may be a part of others': whose it is is seen among all who have it.
    size: isCaller(query) ? null : readCount(query.get('count')),
    bytes: readCount(query.get('limit')) || Number.POSITIVE_INFINITY,
  }
}

function isCaller(query: ReadonlyMap<string, string>): boolean {
  return query.get('reqsrc') === 'auto'
}

function list(page: Page, phone: Phone): string {
  const { query } = page
  const isOne = isCaller(query)
  const contacts = isOne
    ? page.contacts.filter((contact) => hasNumber(contact, page.term)).slice(0, 1)
    : page.contacts
  const about = { ...head(query), ...(query.has('reqid') && { reqid: query.get('reqid') ?? '' }) }
  if (contacts.length === 0) {
    const asked = fields.find(
      (name) => cleanTerm(query.get(name)?.replaceAll('*', ' ') ?? '') !== '',
    )
    return xmlDocument(el('list', { ...about, notfound: asked ?? 'ln', total: 0 }))
  }
  const total = isOne ? 1 : page.total
  const first = isOne ? 1 : page.offset + 1
  const last = first + contacts.length - 1
  const found = contacts.map((contact, at) => entry(contact, first + at, phone))
  return xmlDocument(el('list', { ...about, total, first, last }, ...found))
}

function entry(contact: Contact, id: number, phone: Phone): Xml {
  const { first, last } = nameFields(contact, phone)
  const [main, mobile] = inPlaces(contact, [
    ['extension', 'work'],
    ['mobile', 'home', 'other'],
  ])
  const optional = (name: string, value: string | undefined) =>
    value === undefined || value === '' ? null : el(name, value)
  return el(
    'entry',
    { id },
    el('ln', last),
    optional('fn', first),
    optional('hm', main),
    optional('mb', mobile),
    optional('fx', numberOf(contact, 'fax')),
    optional('ct', phone.text(contact.location)),
  )
}

/** The whole number, or enough of its end that nobody else's is likely to be meant. */
function hasNumber({ numbers }: Contact, asked: string): boolean {
  const digits = asked.replaceAll(/\D/g, '').replace(/^0+/, '')
  return numbers.some(
    ({ dial, e164 }) =>
      dial === asked || (e164 !== null && digits.length >= 7 && e164.endsWith(digits)),
  )
}

function failure(query: ReadonlyMap<string, string>, id: number, message: string): string {
  return xmlDocument(el('error', head(query), el('errorid', id), el('message', message)))
}

function head(query: ReadonlyMap<string, string>) {
  const type = /^(?:pb|yp|pr)$/.exec(query.get('type') ?? '')?.[0] ?? 'pb'
  return { response: 'get_list', type }
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { first, last } = nameFields(contact, phone)
    const [office1 = '', office2 = '', mobile1 = '', mobile2 = '', home1 = '', home2 = ''] =
      inPlaces(contact, [
        ['extension', 'work'],
        ['work', 'assistant'],
        ['mobile'],
        ['mobile'],
        ['home'],
        ['other'],
      ])
    yield el('entry', {
      surname: last,
      name: first,
      office1,
      office2,
      mobile1,
      mobile2,
      home1,
      home2,
    })
  }
}
