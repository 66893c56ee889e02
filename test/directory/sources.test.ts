import { expect, test } from 'vitest'
import { openPeople, recordedLog } from './reading.ts'

const bind = { user: 'cn=svc', password: 'a-secret-word' }
const base = 'dc=example,dc=org'

function warnings(options: Parameters<typeof openPeople>[0]): number {
  const log = recordedLog()
  openPeople({ base, bind, ...options }, {}, log)
  expect(JSON.stringify(log.warnings)).not.toContain('a-secret-word')
  return log.warnings.length
}

test('a password in clear text and unchecked certificates are warned of', () => {
  expect(warnings({ servers: ['ldap://dc1.example.org'], tls: 'none' })).toBe(1)
  expect(warnings({ domain: 'example.org', tls: 'none' })).toBe(1)
  expect(warnings({ servers: ['ldaps://dc1.example.org'], verify: false })).toBe(1)
})

test('a protected connection, and one that stays on this machine, need no warning', () => {
  expect(warnings({ servers: ['ldaps://dc1.example.org', 'ldap://dc2.example.org'] })).toBe(0)
  expect(warnings({ servers: ['ldap://127.0.0.1'], tls: 'none' })).toBe(0)
})
