import { expect, test } from 'vitest'
import { type DirectoryOptions, checkDirectoryOptions } from '../../src/directory/sources.ts'

const good: DirectoryOptions = {
  servers: ['ldaps://dc1.example.org', 'ldaps://dc2.example.org'],
  base: 'DC=example,DC=org',
  bind: { user: 'svc@example.org', password: 'x' },
}

function complaints(options: DirectoryOptions): string[] {
  return checkDirectoryOptions(options, 'sources.office').map(
    ({ path, problem }) => `${path} ${problem}`,
  )
}

test.each<DirectoryOptions>([
  good,
  { domain: 'example.org', base: 'DC=example,DC=org' },
  { ldif: './company.ldif' },
  { ldif: './company.ldif', base: 'dc=example,dc=org', filter: '(cn=*)' },
  { ...good, servers: ['ldap://dc1.example.org'], tls: 'none' },
  { ...good, servers: ['ldaps://dc1.example.org', 'ldap://dc2'], tls: 'none', caFile: 'ca.pem' },
])('%j is fine', (options) => {
  expect(complaints(options)).toEqual([])
})

test.each<[DirectoryOptions, string]>([
  [{}, 'sources.office wants exactly one of servers, domain and ldif; none is given'],
  [
    { ...good, ldif: 'x.ldif' },
    'sources.office wants exactly one of servers, domain and ldif; servers and ldif are given',
  ],
  [{ servers: good.servers ?? [] }, 'sources.office.base is wanted'],
  [{ ...good, servers: ['dc1'] }, 'sources.office.servers[0] "dc1" is no address'],
  [{ ...good, servers: ['ldap://dc1'], tls: 'ldaps' }, 'write ldaps://'],
  [{ ...good, tls: 'none' }, 'sources.office.tls "none" has no effect'],
  [{ ...good, bind: { user: 'svc' } }, 'sources.office.bind.password is empty or missing'],
  [{ ...good, bind: { user: 'svc', password: '' } }, 'servers take that for an anonymous log-in'],
  [{ ...good, bind: { user: ' ', password: 'x' } }, 'sources.office.bind.user is empty'],
  [{ ...good, filter: '(cn=' }, 'sources.office.filter filter (cn=: expected ")" at its end'],
  [
    { ...good, verify: false, caFile: 'ca.pem' },
    'sources.office.verify false makes caFile useless',
  ],
  [
    { ...good, servers: ['ldap://dc1'], tls: 'none', caFile: 'x' },
    'caFile and verify have no meaning',
  ],
  [{ domain: 'ldap://x', base: 'dc=x' }, 'sources.office.domain "ldap://x" is no domain name'],
  [{ ldif: 'x.ldif', bind: { user: 'a', password: 'b' } }, 'bind has no meaning for an LDIF file'],
])('%j is complained of', (options, words) => {
  expect(complaints(options)).toEqual([expect.stringContaining(words)])
})

test('all complaints come together', () => {
  expect(complaints({ servers: ['x', 'y'], bind: { user: 'svc' }, filter: '(' })).toHaveLength(5)
})
