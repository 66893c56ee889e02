import { contractPeople } from '../../directory/source-contract.ts'

/** The people of the contract as LDIF records. */
export function contractLdif(suffix: string): string {
  return contractPeople
    .map(({ user, name, number }) =>
      [
        `dn: uid=${user},ou=people,${suffix}`,
        'objectClass: inetOrgPerson',
        `uid: ${user}`,
        `cn:: ${Buffer.from(name).toString('base64')}`,
        'sn: Person',
        ...(number === null ? [] : [`telephoneNumber: ${number}`]),
        '',
      ].join('\n'),
    )
    .join('\n')
}
