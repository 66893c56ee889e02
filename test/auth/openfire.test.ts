import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runPeerage } from '../support/process.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

async function openfire(source: string) {
  await using folder = await temporaryFolder()
  await writeFile(
    join(folder.path, 'peerage.yaml'),
    `site: { country: DE }\nsources: { office: ${source} }\n`,
  )
  return await runPeerage(['openfire'], folder.path)
}

test('Openfire gets servers, base, filter and attributes of the source, and no password', async () => {
  const { code, text } = await openfire(`{
    preset: active-directory, servers: [ldaps://dc1.example.org, ldaps://dc2.example.org],
    base: "DC=example,DC=org", filter: "(&(objectClass=user)(ipPhone=*))",
    bind: { user: svc@example.org, password: do-not-print }, map: { email: userPrincipalName } }`)
  expect(text).not.toContain('do-not-print')
  expect(code).toBe(0)
  const settings = Array.from(text.matchAll(/^ {4}<(\w+)>(.*)<\/\1>$/gm), ([, name, value]) => [
    name,
    value,
  ])
  expect(Object.fromEntries(settings)).toEqual({
    host: 'dc1.example.org dc2.example.org',
    port: '636',
    sslEnabled: 'true',
    startTlsEnabled: 'false',
    baseDN: 'DC=example,DC=org',
    adminDN: 'svc@example.org',
    adminPassword: 'FILL IN',
    usernameField: 'sAMAccountName',
    nameField: 'displayName',
    emailField: 'userPrincipalName',
    searchFilter: '(&amp;(objectClass=user)(ipPhone=*))',
    connectionPoolEnabled: 'true',
    autoFollowReferrals: 'false',
  })
})

test('a source without servers is refused with the remedy', async () => {
  const { code, text } = await openfire('{ preset: openldap, ldif: ./people.ldif }')
  expect(code).toBe(1)
  expect(text).toContain('write sources.office.servers')
})
