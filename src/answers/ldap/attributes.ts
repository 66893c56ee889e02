import type { Contact, ContactNumberKind } from '../phonebook/contact.ts'

/**
 * An attribute of an entry. `text` is searched as names are: in any spelling, from the beginning of
 * any word. `number` is searched by digits. `plain` is only compared.
 */
export interface Attribute {
  readonly kind: 'text' | 'number' | 'plain'
  /** As it is written when everything is asked for. */
  readonly name: string
  readonly values: (contact: Contact) => readonly string[]
  /** What a search looks at besides. */
  readonly alsoSearched?: (contact: Contact) => readonly string[]
  readonly numbers?: ReadonlySet<ContactNumberKind>
}

/** By any name of the attribute, whatever its case and its options. */
export function findAttribute(name: string): Attribute | undefined {
  const plain = name.toLowerCase().replace(/;.*$/s, '')
  return byName.get(aliases.get(plain) ?? plain)
}

/** RFC 4519 and RFC 2798; ipPhone, telephoneAssistant and otherTelephone of Active Directory. */
export const attributes: readonly Attribute[] = [
  {
    kind: 'plain',
    name: 'objectClass',
    values: () => ['top', 'person', 'organizationalPerson', 'inetOrgPerson'],
    // What filters for Active Directory and for address books ask instead.
    alsoSearched: () => ['user', 'contact', 'posixAccount'],
  },
  { kind: 'plain', name: 'uid', values: ({ id }) => [id] },
  // Phones sort by the name that they show: it is the one that the view shows.
  text('cn', ({ shown }) => shown, otherNames),
  text('displayName', ({ shown }) => shown, otherNames),
  text('sn', ({ last }) => last),
  text('givenName', ({ first }) => first),
  number('telephoneNumber', 'extension', 'work'),
  number('ipPhone', 'extension'),
  number('mobile', 'mobile'),
  number('homePhone', 'home'),
  number('otherTelephone', 'other'),
  number('telephoneAssistant', 'assistant'),
  number('pager', 'pager'),
  number('facsimileTelephoneNumber', 'fax'),
  text('mail', ({ email }) => email),
  text('o', ({ company }) => company),
  text('ou', ({ department }) => department),
  text('title', ({ title }) => title),
  text('l', ({ location }) => location),
]

const byName = new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]))

/** Other names in the same schemas, and what makers' templates write. */
const aliases = new Map([
  ['commonname', 'cn'],
  ['name', 'cn'],
  ['surname', 'sn'],
  ['gn', 'givenname'],
  ['userid', 'uid'],
  ['rfc822mailbox', 'mail'],
  ['email', 'mail'],
  ['organizationname', 'o'],
  ['company', 'o'],
  ['organizationalunitname', 'ou'],
  ['department', 'ou'],
  ['departmentnumber', 'ou'],
  ['localityname', 'l'],
  ['physicaldeliveryofficename', 'l'],
  ['mobiletelephonenumber', 'mobile'],
  ['hometelephonenumber', 'homephone'],
  ['pagertelephonenumber', 'pager'],
  ['fax', 'facsimiletelephonenumber'],
  ['other', 'othertelephone'],
  ['extension', 'ipphone'],
])

function text(
  name: string,
  value: (contact: Contact) => string,
  alsoSearched?: (contact: Contact) => readonly string[],
): Attribute {
  return {
    kind: 'text',
    name,
    values: (contact) => {
      const only = value(contact)
      return only === '' ? [] : [only]
    },
    ...(alsoSearched && { alsoSearched }),
  }
}

function otherNames({ name, latin, shown }: Contact): readonly string[] {
  const others = name === shown ? [] : [name]
  return latin === null ? others : [...others, latin]
}

function number(name: string, ...kinds: readonly ContactNumberKind[]): Attribute {
  const numbers = new Set(kinds)
  return {
    kind: 'number',
    name,
    numbers,
    values: (contact) =>
      contact.numbers.filter(({ kind }) => numbers.has(kind)).map(({ dial }) => dial),
  }
}
