import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSlapd, type Slapd } from '../../rig/slapd.ts'
import { startOffice, type Office } from './office.ts'

let slapd: Slapd
let office: Office

beforeAll(async () => {
  slapd = await startSlapd({ shortExtensions: true })
  const source = {
    preset: 'openldap',
    servers: [slapd.url],
    caFile: slapd.caFile,
    serverName: 'localhost',
    // Only the people: what stands beside them is nobody's business.
    base: slapd.peopleBase,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
    changes: 'off',
  }
  office = await startOffice({ office: source }, { mode: 'ldap' })
})
afterAll(async () => {
  await office?.[Symbol.asyncDispose]()
  await slapd?.[Symbol.asyncDispose]()
})

/** What means something to a filter (RFC 4515), a DN (RFC 4514), a URL, a log or a terminal. */
const hostile = [
  '*',
  'u1003*',
  '*)(uid=*))(|(uid=*',
  'u1003)(objectClass=*',
  'u1003))(|(userPassword=*',
  'u1003)(!(uid=x)',
  '\\2a',
  '\\00',
  'u1003\\',
  'u1003,ou=people',
  'uid=u1003+cn=*',
  '"u1003"',
  '#04024869',
  '<GUID=00>',
  'u1003\u0000',
  '\u0000',
  '\r\ndn: uid=x',
  'ldap:///??sub?(uid=*)',
  '(&)',
  '(|)',
  '(uid:dn:2.4.6.8.10:=*)',
  '{{7*7}}',
  '${jndi:ldap://127.0.0.1/a}',
  '\u{1F469}\u200D',
]

const everybody = () =>
  JSON.stringify(Array.from(office.service.people.members(), ({ person }) => person).sort(byId))
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

test.each(hostile)('signs nobody in as a name, nor as a password: %j', async (text) => {
  const domain = slapd.suffix.replaceAll('dc=', '').replaceAll(',', '.')
  for (const name of [
    text,
    `${text}@${domain}`,
    `u1003@${text}`,
    `EXAMPLE\\${text}`,
    `u1003${text}`,
  ])
    expect([name, await office.check(name, 'pw1003')]).toEqual([name, 'wrong'])
  expect(await office.check('u1003', text)).toBe('wrong')
  expect(await office.check('u1003', `pw1003${text}`)).toBe('wrong')
})

test('as what an entry is read again by, in every field, changes nobody and reads nothing beside', async () => {
  const before = everybody()
  const token = office.service.newToken ?? ''
  const post = async (path: string, body: object = {}) => {
    const answer = await fetch(office.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: answer.status, text: await answer.text() }
  }
  for (const text of [...hostile, slapd.bindDn, slapd.suffix, '']) {
    for (const field of ['dn', 'id', 'user', 'number', 'source']) {
      const { status, text: said } = await post('/api/invalidate', { [field]: text })
      expect([field, text, status < 500]).toEqual([field, text, true])
      expect(said).not.toContain(slapd.bindPassword)
    }
    const id = encodeURIComponent(`office/${text}`)
    expect((await post(`/api/people/${id}/disable`)).status).toBeLessThan(500)
    for (const path of ['lookup?q=', 'why?q=', 'people?q='])
      expect(
        (
          await fetch(`${office.url}/api/${path}${encodeURIComponent(text)}`, {
            headers: { authorization: `Bearer ${token}` },
          })
        ).status,
      ).toBeLessThan(500)
  }
  expect(everybody()).toBe(before)
  expect(await office.check('u1003', 'pw1003')).toBe('right')
})
