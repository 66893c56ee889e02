export const extensions = Array.from({ length: 300 }, (_, index) => String(1000 + index))
/** Who is employed while the fault lasts; that he is answered proves that it is over. */
export const newcomer = '2999'

export const suffix = 'dc=example,dc=org'
export const dnOf = (extension: string) => `uid=u${extension},ou=people,${suffix}`

/** Somebody as OpenLDAP and 389-ds have people. */
export function personLdif(extension: string, more: readonly string[] = []): string {
  return [
    `dn: ${dnOf(extension)}`,
    'objectClass: inetOrgPerson',
    `uid: u${extension}`,
    `cn: Person ${extension}`,
    `sn: ${extension}`,
    `telephoneNumber: ${extension}`,
    ...more,
    '',
  ].join('\n')
}

/** An entryUUID of his own, so that every replica and every backup has the same. */
export function uuidOf(extension: string): string {
  return `00000000-0000-4000-8000-${extension.padStart(12, '0')}`
}
