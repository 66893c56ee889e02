import type { Contact } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument } from '../xml.ts'
import { csvLine } from './csv.ts'
import { namedNumbers } from './ip-phone-directory.ts'

/**
 * 67xx, 68xx, 69xx: text menus below 10,000 bytes, since `AastraIPPhoneDirectory` cannot dial by
 * `Dial:` and the maker advises against it. The way to other pages is an item of its own: models
 * without soft keys have no other. Or a CSV file at boot, of at most 200 entries.
 */
export const mitel: Vendor = {
  name: 'mitel',
  title: 'Mitel (Aastra)',
  forms: {
    input: { kind: 'screen', render: input },
    find: { kind: 'page', size: 16, mostRows: 16, render: results, limits: { bytes: 9999 } },
    'directory.csv': {
      kind: 'book',
      type: 'text/csv; charset=utf-8',
      render: lines,
      limits: { entries: 200, numbers: 1, nameCharacters: 15 },
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    `directory script: ${of('input')}    # 68xx, 69xx: searched`,
    `softkey1 type: xml    # 67xx`,
    `softkey1 value: ${of('input')}`,
    `directory 1: ${of('directory.csv')}    # kept in the phone`,
  ],
}

function input(phone: Phone): string {
  return xmlDocument(
    el(
      'AastraIPPhoneInputScreen',
      { type: 'string', destroyOnExit: 'yes' },
      el('Title', phone.label('directory')),
      el('Prompt', phone.label('prompt')),
      el('URL', phone.url('find')),
      el('Parameter', 'q'),
      el('Default'),
    ),
  )
}

function results({ contacts, next, previous }: Page, phone: Phone): string {
  const item = (prompt: string, uri: string | null, dial: string | null = null) =>
    uri === null
      ? null
      : el(
          'MenuItem',
          el('Prompt', prompt),
          el('URI', uri),
          dial === null ? null : el('Dial', dial),
        )
  const found = contacts.flatMap((contact) =>
    namedNumbers(contact, phone).map(({ name, dial }) => item(name, `Dial:${dial}`, dial)),
  )
  return xmlDocument(
    el(
      'AastraIPPhoneTextMenu',
      { style: 'none', destroyOnExit: 'yes' },
      el('Title', phone.label('directory')),
      item(phone.label('previous'), previous),
      ...(found.length === 0 ? [item(phone.label('nobody'), '')] : found),
      item(phone.label('next'), next),
    ),
  )
}

function* lines(contacts: Iterable<Contact>, phone: Phone): Generator<string> {
  for (const { shown, latin, numbers } of contacts) {
    // A line that begins with # is a comment.
    yield csvLine([phone.text(shown, latin).replace(/^#/, ''), numbers[0].dial], '\n')
  }
}
