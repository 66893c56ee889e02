import type { Contact } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument, xmlPieces, type Xml } from '../xml.ts'
import { threeNumbers, withoutEntities } from './fields.ts'
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
      limits: { numbers: 3 },
    },
    'phonebook2.xml': {
      kind: 'book',
      render: (contacts, phone) => xmlPieces('PhoneBook', {}, entries(contacts, phone)),
      limits: { numbers: 3 },
    },
    input: { kind: 'screen', render: input },
    find: { kind: 'page', size: 16, mostRows: 16, render: results },
  },
  limits: [{}],
  provision: ({ of }) => [
    `<xmlContact index="1"><Name>Directory</Name><Addr>${of('phonebook.xml')}</Addr></xmlContact>    <!-- kept in the phone -->`,
    `Soft key of type XML browser: ${of('input')}    (searched)`,
  ],
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) yield entry(contact, phone, 'Default')
}

function entry(contact: Contact, phone: Phone, ring: string): Xml {
  const { shown, latin, department } = contact
  const { office, mobile, other } = threeNumbers(contact)
  return el(
    'DirectoryEntry',
    el('Name', withoutEntities(phone.text(shown, latin))),
    el('Telephone', office),
    el('Mobile', mobile),
    el('Other', other),
    el('Ring', ring),
    department === '' ? null : el('Group', withoutEntities(phone.text(department))),
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
    el('MenuItem', el('Prompt', withoutEntities(prompt)), el('URI', uri))
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
