import { createHash } from 'node:crypto'
import type { Contact, ContactNumberKind } from '../contact.ts'

export type VcardVersion = '3.0' | '4.0'

/** A card of RFC 2426 (3.0) or RFC 6350 (4.0). Numbers are as a phone of the site dials them. */
export function vcard(contact: Contact, version: VcardVersion): string {
  const { id, name, first, last, numbers, company, department, title, email } = contact
  const uid = createHash('sha256').update(id).digest('hex').slice(0, 32)
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `UID:${version === '4.0' ? 'urn:x-peerage:' : ''}${uid}`,
    `FN:${escape(name)}`,
    `N:${escape(last)};${escape(first)};;;`,
    ...(company === '' && department === ''
      ? []
      : [`ORG:${escape(company)};${escape(department)}`]),
    ...(title === '' ? [] : [`TITLE:${escape(title)}`]),
    ...numbers.map(({ kind, dial }, at) => telephone(kind, dial, at === 0, version)),
    ...(email === '' ? [] : [`EMAIL:${escape(email)}`]),
    'END:VCARD',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}

function telephone(
  kind: ContactNumberKind,
  dial: string,
  isFirst: boolean,
  version: VcardVersion,
): string {
  const types = kindTypes[kind]
  if (version === '4.0') return `TEL;TYPE="${types.join(',')}"${isFirst ? ';PREF=1' : ''}:${dial}`
  const all = isFirst ? [...types, 'pref'] : types
  return `TEL;TYPE=${all.map((type) => type.toUpperCase()).join(',')}:${dial}`
}

function escape(text: string): string {
  return text.replaceAll(/[\\,;]/g, '\\$&').replaceAll(/\r?\n/g, '\\n')
}

/** At most 75 octets a line; what follows begins with a space, and no character is cut in two. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line
  let folded = ''
  let length = 0
  for (const sign of line) {
    const bytes = Buffer.byteLength(sign)
    if (length + bytes > 75) {
      folded += '\r\n '
      length = 1
    }
    folded += sign
    length += bytes
  }
  return folded
}

const kindTypes: Readonly<Record<ContactNumberKind, readonly string[]>> = {
  extension: ['work', 'voice'],
  work: ['work', 'voice'],
  mobile: ['cell', 'voice'],
  home: ['home', 'voice'],
  assistant: ['work', 'voice'],
  other: ['voice'],
  pager: ['pager'],
  fax: ['work', 'fax'],
}
