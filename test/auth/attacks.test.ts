import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { entry } from '../support/service.ts'
import { ada, bob, carol, signIn, startCompany, type Company } from './company.ts'

const idOf = (company: Company, extension: string) =>
  encodeURIComponent(company.service.people.byExtension(extension)?.id ?? '')

describe('a page of somebody else', () => {
  test('changes nothing with the cookie of a visitor: the token of the session is wanted', async () => {
    await using company = await startCompany()
    const { cookie, csrf } = await signIn(company, 'ada', '9501')
    const other = await signIn(company, 'ada', '9501')
    const path = `/api/people/${idOf(company, '502')}/disable`
    const status = async (headers: Record<string, string>) =>
      (await company.post(path, {}, { cookie, ...headers })).status
    expect(await status({})).toBe(403)
    expect(await status({ 'x-csrf-token': '' })).toBe(403)
    expect(await status({ 'x-csrf-token': 'é'.repeat(csrf.length) })).toBe(403)
    expect(await status({ 'x-csrf-token': other.csrf })).toBe(403)
    expect(await status({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await status({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).toBe(403)
    expect(await status({ 'x-csrf-token': csrf, origin: 'null' })).toBe(403)
    expect(company.service.people.byExtension('502')).toBeDefined()
    expect(await status({ 'x-csrf-token': csrf, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(company.service.people.byExtension('502')).toBeUndefined()
  })

  test('signs nobody in as somebody else, and nobody out', async () => {
    await using company = await startCompany()
    const { cookie } = await signIn(company, 'ada', '9501')
    const asked = { name: 'bob', password: '9502' }
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      const answer = await company.post('/auth/login', asked, headers)
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []])
      expect((await company.post('/auth/logout', {}, { cookie, ...headers })).status).toBe(403)
    }
    expect((await company.post('/auth/logout', {}, { cookie })).status).toBe(403)
    const session = await fetch(`${company.url}/auth/session`, { headers: { cookie } })
    expect(session.status).toBe(200)
  })

  test('may not put ours into a frame, and a browser guesses no types', async () => {
    await using company = await startCompany()
    for (const path of ['/healthz', '/auth/session', '/api/runs', '/nowhere']) {
      const { headers } = await fetch(`${company.url}${path}`)
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

test('a cookie that somebody planted before is not the session afterwards, and the one before ends', async () => {
  await using company = await startCompany()
  const planted = { cookie: `peerage=${'a'.repeat(43)}` }
  const first = await signIn(company, 'bob', '9502', planted)
  expect(first.cookie).not.toBe(planted.cookie)
  const session = async (cookie: string) =>
    (await fetch(`${company.url}/auth/session`, { headers: { cookie } })).status
  expect(await session(planted.cookie)).toBe(401)
  const second = await signIn(company, 'ada', '9501', { cookie: first.cookie })
  expect(second.cookie).not.toBe(first.cookie)
  expect([await session(first.cookie), await session(second.cookie)]).toEqual([401, 200])
})

describe('guessing', () => {
  test('one person is answered like before, but the right password does not come through', async () => {
    await using company = await startCompany()
    const guess = async (password: string, name = 'bob') => {
      const answer = await company.post('/auth/login', { name, password })
      return [answer.status, await answer.text()]
    }
    const first = await guess('0000')
    for (let count = 1; count < 5; count++) expect(await guess(`000${count}`)).toEqual(first)
    expect(await guess('9502')).toEqual(first)
    expect(await guess('9502', 'EXAMPLE\\bob')).toEqual(first)
    expect((await guess('9503', 'carol'))[0]).toBe(200)
  })

  test('everybody is stopped by address, whatever the attacker says it is', async () => {
    await using company = await startCompany('proxies: [192.0.2.1], failuresPerAddress: 6')
    const guess = (at: number) =>
      company.post(
        '/auth/login',
        { name: `user${at}`, password: '1111' },
        { 'x-forwarded-for': `203.0.113.${at}` },
      )
    const statuses: number[] = []
    for (let at = 0; at < 8; at++) statuses.push((await guess(at)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429])
    expect(Number((await guess(9)).headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('behind a proxy, the last address counts that is none of ours', async () => {
    await using company = await startCompany('failuresPerAddress: 3')
    const guess = async (chain: string) => {
      const asked = { name: 'nobody', password: '1111' }
      return (await company.post('/auth/login', asked, { 'x-forwarded-for': chain })).status
    }
    const statuses: number[] = []
    for (let at = 0; at < 5; at++)
      statuses.push(await guess(`10.0.0.${at}, 203.0.113.9, 127.0.0.1`))
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    expect(await guess('203.0.113.10')).toBe(401)
  })

  test('no refusal comes before its time, and who exists is refused like who does not', async () => {
    await using company = await startCompany('refusalMs: 300')
    const refusal = async (name: string, password: string) => {
      const startedAt = performance.now()
      const answer = await company.post('/auth/login', { name, password })
      const tookMs = performance.now() - startedAt
      expect([name, tookMs >= 299]).toEqual([name, true])
      return [answer.status, await answer.text()]
    }
    const answers = [
      await refusal('bob', '0000'),
      await refusal('nobody', '0000'),
      await refusal('superadmin', '0000'),
      await refusal('bob', ''),
      await refusal('bob\0', '9502'),
    ]
    for (const each of answers) expect(each).toEqual(answers[0])
  })
})

describe('what is no name', () => {
  const hostile = [
    '*',
    'bob)(uid=*',
    'b*',
    '*)(objectClass=*',
    'bob\\2a',
    '\\00',
    'cn=bob',
    'b\u0000ob',
  ]

  test.each(hostile)('finds nobody: %j', async (name) => {
    await using company = await startCompany()
    for (const form of [name, `${name}@example.org`, `EXAMPLE\\${name}`, `bob@${name}`]) {
      const answer = await company.post('/auth/login', { name: form, password: '9502' })
      expect([form, answer.status]).toEqual([form, 401])
    }
  })

  test.each([
    { name: { $ne: null }, password: '9502' },
    { name: 'bob', password: { length: 1 } },
    { name: 'bob' },
    [],
  ])('is refused unread: %j', async (body) => {
    await using company = await startCompany()
    const status = (await company.post('/auth/login', body)).status
    expect([400, 401]).toContain(status)
  })
})

describe('paths', () => {
  test.each([
    '/auth/../api/lookup?q=501',
    '/auth/%2e%2e/api/lookup?q=501',
    '/auth/..%2fapi/lookup?q=501',
    '//api/lookup?q=501',
    '/API/lookup?q=501',
    '/api/./lookup?q=501',
    '/api/lookup/../runs',
    '/auth/nginx/../../api/runs',
    '/healthz/../api/runs',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%5c..%5cetc%5cpasswd',
    '/api/people/..%2f..%2fetc%2fpasswd/disable',
  ])('%s leads nowhere', async (path) => {
    await using company = await startCompany()
    // fetch would tidy the path up before it is sent.
    const status = await rawStatus(company.service.web.port, path)
    expect([400, 401, 404]).toContain(status)
  })
})

describe('what stands in the directory', () => {
  test('breaks no header: names go out percent-encoded', async () => {
    const eve = entry('eve', 9, {
      cn: 'Eve\r\nX-Peerage-Role: administrator',
      telephoneNumber: '509',
    })
    await using company = await startCompany('', { ldif: eve + ada })
    const authorization = `Basic ${btoa('eve:9509')}`
    const answer = await fetch(`${company.url}/auth/nginx`, { headers: { authorization } })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('x-peerage-role')).toBe('person')
    expect(answer.headers.get('x-peerage-name')).toMatch(/^Eve[\w%-]+$/)
  })

  test('gives nobody the account of somebody else: user names count before mail addresses', async () => {
    const mallory = entry('mallory', 8, { telephoneNumber: '508', mail: 'bob@example.org' })
    await using company = await startCompany('', { ldif: mallory + bob + carol })
    const answer = await company.post('/auth/login', { name: 'bob@example.org', password: '9502' })
    expect(await answer.json()).toMatchObject({ user: 'bob' })
    const other = await company.post('/auth/login', { name: 'bob@example.org', password: '9508' })
    expect(other.status).toBe(401)
  })

  test('cannot pose as the superadmin', async () => {
    const mallory = entry('superadmin', 8, { telephoneNumber: '508' })
    await using company = await startCompany('', { ldif: mallory })
    const answer = await company.post('/auth/login', { name: 'superadmin', password: '9508' })
    expect(answer.status).toBe(401)
  })
})

async function rawStatus(port: number, path: string): Promise<number> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
}
