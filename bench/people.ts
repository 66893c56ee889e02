/** LDIF of so many people below `ou=people,dc=bench`, with extensions from 100000 on. */
export function generate(count: number): string {
  const entries = Array.from({ length: count }, (_, index) => {
    const extension = 100_000 + index
    return [
      `dn: uid=u${extension},ou=people,dc=bench`,
      'objectClass: inetOrgPerson',
      `uid: u${extension}`,
      `entryUUID: 00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      `cn: Vorname${index % 977} Nachname${index % 7919}`,
      `givenName: Vorname${index % 977}`,
      `sn: Nachname${index % 7919}`,
      `telephoneNumber: ${extension}`,
      `mobile: +49 171 ${String(1_000_000 + index)}`,
      `mail: u${extension}@bench.example`,
      `departmentNumber: ${index % 40}`,
      '',
      '',
    ].join('\n')
  })
  return entries.join('')
}
