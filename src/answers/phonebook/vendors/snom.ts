import type { Contact, ContactNumberKind } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument, xmlPieces, type Xml } from '../xml.ts'
import { nameFields, withoutEntities } from './fields.ts'
import { namedNumbers } from './ip-phone-directory.ts'

/**
 * Snom desk phones, in two ways. The minibrowser walks from `input` to `find` and on: the present
 * firmware by SnomIPPhoneMenu (since SnomIPPhoneDirectory is deprecated and no more shown by newer
 * models), the old one by `legacy`. And the phone's own book: `tbook.xml`, version 2, which the
 * "Remote XML Directory" (from 10.1.178) fetches by POST.
 */
export const snom: Vendor = {
  name: 'snom',
  title: 'Snom',
  forms: {
    input: { kind: 'screen', render: input },
    menu: { kind: 'screen', render: menu },
    find: { kind: 'page', size: 20, render: results },
    'legacy-input': { kind: 'screen', render: legacyInput },
    legacy: { kind: 'page', size: 20, render: legacyResults },
    'tbook.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        xmlPieces('tbook', { complete: 'true', e: '2', version: '2.0' }, entries(contacts, phone)),
      limits: { entries: 2000 },
    },
  },
  limits: [{}],
  provision: ({ of }) => [
    `<dkey_directory perm="R">url ${of('input')}</dkey_directory>    <!-- searched, any number of people -->`,
    `<setting-files><file url="${of('tbook.xml')}"/></setting-files>    <!-- or kept in the phone, up to 2000 -->`,
  ],
}

/** Replaced in the address by what was typed. */
const typed = '__X__'

function input(phone: Phone): string {
  return xmlDocument(
    el(
      'SnomIPPhoneInput',
      el('Title', phone.label('directory')),
      el('Url', phone.url('find', `q=${typed}`)),
      el(
        'InputItem',
        el('DisplayName', phone.label('prompt')),
        el('InputToken', typed),
        el('DefaultValue'),
        el('InputFlags', 'a'),
      ),
    ),
  )
}

function menu(phone: Phone): string {
  const item = (name: string, url: string) => el('MenuItem', { name }, el('Url', url))
  return xmlDocument(
    el(
      'SnomIPPhoneMenu',
      el('Title', phone.label('directory')),
      item(phone.label('search'), phone.url('input')),
      item(phone.label('everybody'), phone.url('find')),
    ),
  )
}

function results(page: Page, phone: Phone): string {
  const items = page.contacts.flatMap((contact) =>
    namedNumbers(contact, phone).map(({ name, dial }) =>
      el(
        'MenuItem',
        { name },
        el('Url', `snom://mb_nop#numberdial=${dial.replaceAll('#', '%23')}`),
        el('ExtraText', dial),
      ),
    ),
  )
  if (items.length === 0) {
    items.push(el('MenuItem', { name: phone.label('nobody') }, el('Url', 'snom://mb_nop')))
  }
  return xmlDocument(
    el(
      'SnomIPPhoneMenu',
      el('Title', phone.label('directory')),
      ...items,
      softKey('F2', phone.label('previous'), page.previous),
      softKey('F4', phone.label('next'), page.next),
    ),
  )
}

function softKey(key: string, label: string, url: string | null): Xml | null {
  return url === null
    ? null
    : el('SoftKeyItem', el('Name', key), el('Label', label), el('URL', url))
}

function legacyInput(phone: Phone): string {
  return xmlDocument(
    el(
      'SnomIPPhoneInput',
      el('Title', phone.label('directory')),
      el('Prompt', phone.label('prompt')),
      el('URL', phone.url('legacy')),
      el(
        'InputItem',
        el('DisplayName', phone.label('prompt')),
        el('QueryStringParam', 'q'),
        el('DefaultValue'),
        el('InputFlags', 'A'),
      ),
    ),
  )
}

/** Firmware before 8 knows no entities, so nothing may stand there that needs one. */
function legacyResults(page: Page, phone: Phone): string {
  const entry = (name: string, number: string) =>
    el('DirectoryEntry', el('Name', withoutEntities(name)), el('Telephone', number))
  const found = page.contacts.flatMap((contact) =>
    namedNumbers(contact, phone).map(({ name, dial }) => entry(name, dial)),
  )
  return xmlDocument(
    el(
      'SnomIPPhoneDirectory',
      el('Title', phone.label('directory')),
      el('Prompt', phone.label('directory')),
      ...(found.length === 0 ? [entry(phone.label('nobody'), '')] : found),
      softKey('F2', phone.label('previous'), page.previous),
      softKey('F4', phone.label('next'), page.next),
    ),
  )
}

function* entries(contacts: Iterable<Contact>, phone: Phone): Generator<Xml> {
  for (const contact of contacts) {
    const { company, title, email } = contact
    const { first, last } = nameFields(contact, phone)
    yield el(
      'contact',
      { fav: 'false', vip: 'false', blocked: 'false' },
      first === '' ? null : el('first_name', first),
      el('last_name', last),
      title === '' ? null : el('title', phone.text(title)),
      company === '' ? null : el('organization', phone.text(company)),
      email === '' ? null : el('email', email),
      el(
        'numbers',
        ...contact.numbers.map(({ kind, dial }) =>
          el('number', { no: dial, type: numberTypes[kind], outgoing_id: 0 }),
        ),
      ),
    )
  }
}

const numberTypes: Readonly<Record<ContactNumberKind, string>> = {
  extension: 'extension',
  work: 'business',
  mobile: 'mobile',
  home: 'home',
  assistant: 'business',
  other: 'fixed',
  pager: 'fixed',
  fax: 'fixed',
}
