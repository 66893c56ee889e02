import type { Contact } from '../phonebook/contact.ts'
import { attributes, findAttribute, type Attribute } from './attributes.ts'
import { supportedControls } from './controls.ts'
import { startTlsId, whoAmIId } from './extensions.ts'
import type { Entry } from './reply.ts'
import { schemaDn, type Tree } from './tree.ts'

/** The attributes that a search wants, each with the name that it gives it. */
export type Selection = readonly (readonly [name: string, attribute: Attribute])[]

/** None, or `*`: all. What there is not is not missed. */
export function select(names: readonly string[]): Selection {
  const wanted = new Map<string, readonly [string, Attribute]>()
  if (names.length === 0 || names.includes('*')) {
    for (const attribute of attributes) wanted.set(attribute.name, [attribute.name, attribute])
  }
  for (const name of names) {
    const attribute = findAttribute(name)
    if (attribute) wanted.set(name.toLowerCase(), [name, attribute])
  }
  return [...wanted.values()]
}

export function personEntry(
  contact: Contact,
  dn: string,
  selection: Selection,
  typesOnly: boolean,
): Entry {
  const found: [string, readonly string[]][] = []
  for (const [name, attribute] of selection) {
    const values = attribute.values(contact)
    if (values.length > 0) found.push([name, typesOnly ? [] : values])
  }
  return { dn, attributes: found }
}

/** What a client finds out first (RFC 4512, 5.1). */
export function rootEntry({ top }: Tree, hasTls: boolean, names: readonly string[]): Entry {
  return fixed('', names, {
    objectClass: ['top'],
    namingContexts: [top],
    subschemaSubentry: [schemaDn],
    supportedLDAPVersion: ['3'],
    supportedControl: supportedControls,
    supportedExtension: hasTls ? [whoAmIId, startTlsId] : [whoAmIId],
    vendorName: ['Peerage'],
  })
}

/** Names and meanings only; enough for programs that browse. */
export function schemaEntry(names: readonly string[]): Entry {
  const text = '1.3.6.1.4.1.1466.115.121.1.15'
  return fixed(schemaDn, names, {
    objectClass: ['top', 'subentry', 'subschema'],
    cn: ['Subschema'],
    objectClasses: [
      `( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )`,
      `( 2.16.840.1.113730.3.2.2 NAME 'inetOrgPerson' SUP top STRUCTURAL )`,
    ],
    attributeTypes: attributes.map(
      ({ name }) => `( peerage-${name} NAME '${name}' SYNTAX ${text} )`,
    ),
  })
}

export function topEntry({ top }: Tree, names: readonly string[]): Entry {
  const [, type = 'dc', value = ''] = /^\s*([\w.-]+)\s*=\s*([^,]*)/.exec(top) ?? []
  return fixed(top, names, { objectClass: ['top', 'domain'], [type]: [value.trim()] })
}

export function viewEntry(tree: Tree, view: string, names: readonly string[]): Entry {
  return fixed(tree.viewDn(view), names, { objectClass: ['top', 'organizationalUnit'], ou: [view] })
}

function fixed(
  dn: string,
  names: readonly string[],
  all: Readonly<Record<string, readonly string[]>>,
): Entry {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  const isAll = names.length === 0 || wanted.has('*') || wanted.has('+')
  return {
    dn,
    attributes: Object.entries(all).filter(([name]) => isAll || wanted.has(name.toLowerCase())),
  }
}
