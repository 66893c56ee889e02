import type { ContactNumberKind } from '../contact.ts'
import type { Page, Phone, Vendor } from '../vendor.ts'
import { el, xmlDocument } from '../xml.ts'
import { withoutEntities } from './fields.ts'

/**
 * KX-HDV, TGP600, UT: at most 20 people in a document, names of 24 characters without `" & ' < >`,
 * numbers of `0-9 # *` only.
 */
export const panasonic: Vendor = {
  name: 'panasonic',
  title: 'Panasonic',
  forms: { find: { kind: 'page', size: 20, render } },
  limits: [{ nameCharacters: 24 }],
  provision: ({ of }) => [`XMLAPP_LDAP_URL="${of('find')}"    # network phone book`],
}

function render({ contacts }: Page, phone: Phone): string {
  const people = contacts.map(({ shown, latin, numbers }, at) =>
    el(
      'Personnel',
      { id: at + 1 },
      el('Name', phone.text(withoutEntities(shown), latin && withoutEntities(latin))),
      el(
        'PhoneNums',
        ...numbers.map(({ kind, dial }) => el('PhoneNum', { type: types[kind] }, dial)),
      ),
    ),
  )
  return xmlDocument(
    el(
      'ppxml',
      {
        xmlns: 'http://panasonic/sip_phone',
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:schemaLocation': 'http://panasonic/sip_phone sip_phone.xsd',
      },
      el('Screen', { version: '3.0' }, el('PhoneBook', { version: '2.0' }, ...people)),
    ),
  )
}

const types: Readonly<Record<ContactNumberKind, string>> = {
  extension: 'ext',
  work: 'company',
  mobile: 'mobile',
  home: 'home',
  assistant: 'company',
  other: 'company',
  pager: 'company',
  fax: 'company',
}
