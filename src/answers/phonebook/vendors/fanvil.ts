import type { Contact } from '../contact.ts'
import { inPlaces, type Page, type Phone, type Vendor } from '../vendor.ts'
import { el, xmlDocument, xmlPieces, type Xml } from '../xml.ts'
import { directoryBook, namedNumbers } from './ip-phone-directory.ts'

/**
 * X, V, H, i and W series: three numbers at most, one of each name. An `&` is not understood even
 * when it is escaped, so it is a `+`. In the XML browser a wrong element makes the phone crash: there
 * a result is a `MenuItem`, never a `DirectoryEntry`.
 */
export const fanvil: Vendor = {
  name: 'fanvil',
  title: 'Fanvil',
  forms: {
    'phonebook.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        directoryBook('FanvilIPPhoneDirectory', contacts, phone, (contact) => [
          entry(contact, phone, '0'),
        ]),
    },
    'phonebook2.xml': {
      kind: 'book',
      render: (contacts, phone) => xmlPieces('PhoneBook', {}, entries(contacts, phone)),
    },
    input: { kind: 'screen', render: input },
    find: { kind: 'page', size: 16, mostRows: 16, render: results },
  },
  limits: [{ numbers: 3 }],
  provision: ({ of }) => [
    `<xmlContact index="1"><Name>Directory</Name><Addr>${of('phonebook.xml')}</Addr></xmlContact>    <!-- kept in the phone -->`,
    `Soft key of type XML browser: ${of('input')}    (searched)`,
  ],
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) yield entry(contact, phone, 'Default')
}

function entry(contact: Contact, phone: Phone, ring: string): Xml {
  const [telephone = '', mobile = '', other = ''] = inPlaces(contact, [
    ['extension', 'work'],
    ['mobile'],
    ['home', 'other', 'work', 'assistant'],
  ])
  const { shown, latin, department } = contact
  return el(
    'DirectoryEntry',
    el('Name', plain(phone.text(shown, latin))),
    el('Telephone', telephone),
    el('Mobile', mobile),
    el('Other', other),
    el('Ring', ring),
    department === '' ? null : el('Group', plain(phone.text(department))),
  )
}

function input(phone: Phone): string {
  return xmlDocument(
    el(
      'FanvilIPPhoneInputScreen',
      el('Title', phone.label('directory')),
      el('Prompt', phone.label('prompt')),
      el('URL', phone.url('find')),
      el('InputField', el('Prompt', phone.label('prompt')), el('Parameter', 'q'), el('Default')),
    ),
  )
}

function results({ contacts, next, previous }: Page, phone: Phone): string {
  const item = (prompt: string, uri: string) =>
    el('MenuItem', el('Prompt', plain(prompt)), el('URI', uri))
  const key = (name: string, uri: string | null) =>
    uri === null ? null : el('SoftKey', el('Name', name), el('URI', uri))
  const items = contacts.flatMap((contact) =>
    namedNumbers(contact, phone).map(({ name, dial }) => item(name, `Dial:${dial}`)),
  )
  return xmlDocument(
    el(
      'FanvilIPPhoneTextMenu',
      el('Title', phone.label('directory')),
      ...(items.length === 0 ? [item(phone.label('nobody'), '')] : items),
      key(phone.label('previous'), previous),
      key(phone.label('next'), next),
    ),
  )
}

/** Nothing that would need an entity. */
function plain(text: string): string {
  return text
    .replaceAll('&', '+')
    .replaceAll(/[<>"']/g, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}
