import { describe, expect, test } from 'vitest'
import { bob, carol, signIn, startCompany } from './company.ts'

describe('signing in', () => {
  test.each([
    'bob',
    ' BOB ',
    '502',
    'bob@example.org',
    'EXAMPLE\\bob',
    'bob/example.org',
    'example.org\\BOB',
  ])('takes %s as a name', async (name) => {
    await using company = await startCompany()
    const answer = await company.post('/auth/login', { name, password: '9502' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ name: 'Bob', user: 'bob', role: 'person' })
  })

  test('takes a mail address, which need not begin with the user name', async () => {
    await using company = await startCompany()
    expect((await signIn(company, 'Ada.Lindqvist@example.org', '9501')).role).toBe('administrator')
  })

  test.each([
    '',
    ' ',
    'nobody',
    'OTHER\\bob',
    'bob@other.org',
    'bob/',
    '\\bob',
    'b*',
    'x'.repeat(900),
  ])('refuses the name "%s" in the words for a wrong password', async (name) => {
    await using company = await startCompany()
    const unknown = await company.post('/auth/login', { name, password: '9502' })
    const wrong = await company.post('/auth/login', { name: 'bob', password: '0000' })
    expect([unknown.status, wrong.status]).toEqual([401, 401])
    expect(await unknown.json()).toEqual(await wrong.json())
    expect(unknown.headers.getSetCookie()).toEqual([])
  })

  test('the cookie is kept from scripts and other sites, and from plain http behind https', async () => {
    await using company = await startCompany()
    const asked = { name: 'bob', password: '9502' }
    const plain = await company.post('/auth/login', asked)
    expect(plain.headers.getSetCookie()[0]).toMatch(
      /^peerage=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200$/,
    )
    const secure = await company.post('/auth/login', asked, {
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
    })
    expect(secure.headers.getSetCookie()[0]).toMatch(/^__Host-peerage=.*; Secure$/)
    expect(secure.headers.get('strict-transport-security')).toContain('max-age=')
  })

  test('a session ends when its owner is disabled, leaves, or signs out', async () => {
    await using company = await startCompany()
    const { url, service } = company
    const session = async (cookie: string) =>
      (await fetch(`${url}/auth/session`, { headers: { cookie } })).status
    const first = await signIn(company, 'bob', '9502')
    expect(await session(first.cookie)).toBe(200)
    const { cookie, csrf } = first
    const out = await company.post('/auth/logout', {}, { cookie, 'x-csrf-token': csrf })
    expect([out.status, await session(cookie)]).toEqual([200, 401])

    const second = await signIn(company, 'bob', '9502')
    const [sync] = service.syncs
    const id = service.people.byExtension('502')?.id ?? ''
    await sync?.decide(id, 'disable')
    expect(await session(second.cookie)).toBe(401)
    const refused = await company.post('/auth/login', { name: 'bob', password: '9502' })
    expect(await refused.json()).toMatchObject({ why: 'disabled' })
    const guess = await company.post('/auth/login', { name: 'bob', password: '0000' })
    expect(await guess.json()).toMatchObject({ why: 'wrong' })
    await sync?.decide(id, 'enable')

    const third = await signIn(company, 'bob', '9502')
    await company.change(carol)
    expect(await session(third.cookie)).toBe(401)
  })

  test('a session ends when nobody uses it, and after some hours in any case', async () => {
    let now = Date.now()
    await using company = await startCompany('idleMinutes: 30, longestHours: 2', { now: () => now })
    const { cookie } = await signIn(company, 'bob', '9502')
    const session = async () =>
      (await fetch(`${company.url}/auth/session`, { headers: { cookie } })).status
    for (const minutes of [20, 40, 60, 80, 100]) {
      now += 20 * 60_000
      expect([minutes, await session()]).toEqual([minutes, 200])
    }
    now += 21 * 60_000
    expect(await session()).toBe(401)
    const again = await signIn(company, 'bob', '9502')
    now += 31 * 60_000
    const late = await fetch(`${company.url}/auth/session`, { headers: { cookie: again.cookie } })
    expect(late.status).toBe(401)
  })
})

describe('roles', () => {
  test('a group gives a role, at once and only as long as one is in it', async () => {
    await using company = await startCompany()
    const { cookie, csrf, role } = await signIn(company, 'carol', '9503')
    expect(role).toBe('helpDesk')
    const headers = { cookie, 'x-csrf-token': csrf }
    const get = async (path: string) =>
      (await fetch(`${company.url}/api${path}`, { headers })).status
    const post = async (path: string) => (await company.post(`/api${path}`, {}, headers)).status
    const id = encodeURIComponent(company.service.people.byExtension('502')?.id ?? '')
    expect(await get('/lookup?q=502')).toBe(200)
    expect(await get('/lookup?q=502&secrets=true')).toBe(403)
    expect(await get('/audit')).toBe(403)
    expect(await post(`/people/${id}/reset-pin`)).toBe(200)
    expect(await post('/accounts/superadmin/reset')).toBe(403)
    await company.change(bob + carol.replace(/memberOf.*\n/, ''))
    expect(await get('/lookup?q=502')).toBe(403)
  })

  test('who is in no group of the configuration sees nothing of the API', async () => {
    await using company = await startCompany()
    const { cookie } = await signIn(company, 'bob', '9502')
    const answer = await fetch(`${company.url}/api/lookup?q=501`, { headers: { cookie } })
    expect(answer.status).toBe(403)
  })
})

describe('the superadmin', () => {
  test('is made once, works without any directory, and gets another password on request', async () => {
    await using company = await startCompany('', { ldif: null })
    const { service } = company
    const password = service.newPassword ?? ''
    expect(password).toMatch(/^[\w-]{20}$/)
    const { role, cookie, csrf } = await signIn(company, 'superadmin', password)
    expect(role).toBe('administrator')
    const headers = { cookie, 'x-csrf-token': csrf }
    const reset = await company.post('/api/accounts/superadmin/reset', {}, headers)
    const { password: next } = (await reset.json()) as { password: string }
    const old = await company.post('/auth/login', { name: 'superadmin', password })
    expect(old.status).toBe(401)
    expect((await signIn(company, 'Superadmin', next)).role).toBe('administrator')
    const before = await fetch(`${company.url}/auth/session`, { headers })
    expect(before.status).toBe(401)
    const rows = await service.state.database.query('select hash from accounts')
    expect(rows).toHaveLength(1)
    expect(String(rows[0]?.['hash'])).toMatch(/^argon2id\$memory=19456,passes=2,parallelism=1\$/)
  })
})
