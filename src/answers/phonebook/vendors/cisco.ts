import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument, type Xml } from '../xml.ts'
import { directoryBook, directoryPage, entryPerNumber } from './ip-phone-directory.ts'

/**
 * 79xx, 69xx, 88xx, and SPA and MPP phones: a menu leads to an input, and that to a directory of at
 * most 32 entries, each with one number. Further pages are reached by the Next key and, on models
 * without it, by the `Refresh` header. To define one key is to undefine the usual ones, so all are.
 */
export const cisco: Vendor = {
  name: 'cisco',
  title: 'Cisco',
  forms: {
    menu: { kind: 'screen', render: menu },
    input: { kind: 'screen', render: input },
    find: {
      kind: 'page',
      size: 32,
      mostRows: 32,
      headers: ({ next }): Record<string, string> =>
        next === null ? {} : { refresh: `0; url=${next}` },
      render: (page, phone) =>
        directoryPage('CiscoIPPhoneDirectory', page, phone, entryPerNumber, ...keys(page, phone)),
    },
    'directory.xml': {
      kind: 'book',
      render: (contacts, phone) =>
        directoryBook('CiscoIPPhoneDirectory', contacts, phone, entryPerNumber),
    },
  },
  limits: [
    // These decode UTF-8, and show what is in their locale's character set.
    { models: /^(?:CP-)?79(?:05|12|40|60)/, characters: 'latin' },
    {},
  ],
  provision: ({ of }) => [
    `<directoryURL>${of('menu')}</directoryURL>    <!-- 79xx, 69xx, 88xx with SIP load -->`,
    `<XML_Directory_Service_Name>Directory</XML_Directory_Service_Name>    <!-- SPA and MPP -->`,
    `<XML_Directory_Service_URL>${of('menu')}</XML_Directory_Service_URL>`,
  ],
}

function menu(phone: Phone): string {
  const item = (name: string, url: string) => el('MenuItem', el('Name', name), el('URL', url))
  return xmlDocument(
    el(
      'CiscoIPPhoneMenu',
      el('Title', phone.label('directory')),
      item(phone.label('search'), phone.url('input')),
      item(phone.label('everybody'), phone.url('find')),
    ),
  )
}

function input(phone: Phone): string {
  return xmlDocument(
    el(
      'CiscoIPPhoneInput',
      el('Title', phone.label('directory')),
      el('Prompt', phone.label('prompt')),
      el('URL', phone.url('find')),
      el(
        'InputItem',
        el('DisplayName', phone.label('prompt')),
        el('QueryStringParam', 'q'),
        el('InputFlags', 'A'),
        el('DefaultValue'),
      ),
    ),
  )
}

function keys({ next, previous }: Page, phone: Phone): readonly (Xml | null)[] {
  const key = (name: string, url: string | null, position: number) =>
    url === null
      ? null
      : el('SoftKeyItem', el('Name', name), el('URL', url), el('Position', position))
  return [
    key(phone.label('dial'), 'SoftKey:Dial', 1),
    key(phone.label('previous'), previous, 2),
    key(phone.label('exit'), 'SoftKey:Exit', 3),
    key(phone.label('next'), next, 4),
  ]
}
