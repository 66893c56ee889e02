import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPeople, peopleRequest } from './reading.ts'
import { contractPeople, sourceContract } from './source-contract.ts'

sourceContract('LDIF', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-contract-'))
  const file = join(folder, 'company.ldif')
  await writeFile(file, contractPeople.map(record).join('\n'))
  return {
    request: peopleRequest,
    userAttribute: 'uid',
    open: (request) => openPeople({ ldif: file }, request),
    openUnreachable: (request) => openPeople({ ldif: join(folder, 'missing.ldif') }, request),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
})

function record({ user, name, number }: (typeof contractPeople)[number]): string {
  return [
    `dn: uid=${user},ou=people,dc=example,dc=org`,
    'objectClass: inetOrgPerson',
    `uid: ${user}`,
    `cn: ${name}`,
    'userPassword: never-asked-for',
    ...(number === null ? [] : [`telephoneNumber: ${number}`]),
    '',
  ].join('\n')
}
