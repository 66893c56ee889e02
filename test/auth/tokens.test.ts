import { expect, test } from 'vitest'
import type { NewToken } from '../../src/answers/admin/tokens.ts'
import { scopes, type Scope } from '../../src/state/token-scopes.ts'
import type { Token } from '../../src/state/tokens.ts'
import { signIn, startCompany, type Company } from './company.ts'

const id = encodeURIComponent('company/00000000-0000-4000-8000-000000000002')

/** What may be asked for, and which scopes are enough for it. */
const questions: readonly (readonly [asked: string, enough: readonly Scope[], body?: object])[] = [
  ['GET /api/people', ['administer', 'help', 'read']],
  ['GET /api/runs', ['administer', 'help', 'read']],
  ['GET /api/snapshot', ['administer', 'help', 'read']],
  ['GET /api/openapi.json', ['administer', 'help', 'read']],
  ['GET /api/lookup?q=502', ['administer', 'help', 'read', 'lookup']],
  ['GET /api/why?q=502', ['administer', 'help', 'read', 'lookup']],
  ['GET /api/lookup?q=502&secrets=true', ['administer']],
  ['GET /api/lookup?q=502&secrets=1', ['administer']],
  ['GET /metrics', ['administer', 'help', 'read', 'metrics']],
  [`POST /api/people/${id}/enable`, ['administer', 'help']],
  [`POST /api/people/${id}/reset-pin?show=true`, ['administer', 'help']],
  ['POST /api/sync', ['administer', 'help']],
  ['GET /api/audit', ['administer']],
  ['GET /api/tokens', ['administer']],
  ['GET /api/accounts', ['administer']],
  ['POST /api/tokens', ['administer'], { name: 'child', scopes: ['administer'] }],
  ['POST /api/tokens/other/revoke', ['administer']],
  ['POST /api/accounts/superadmin/reset', ['administer']],
  ['POST /api/phones', ['administer']],
  ['POST /auth/exists', ['administer', 'auth'], { name: 'bob' }],
]

test.each(scopes)('a token for %s alone may do what that says, and nothing else', async (scope) => {
  await using company = await startCompany()
  const token = await company.service.state.tokens.make('one', [scope])
  const authorization = `Bearer ${token}`
  const allowed: string[] = []
  for (const [asked, , body = {}] of questions) {
    const [method = '', path = ''] = asked.split(' ')
    const answer = await (method === 'GET'
      ? fetch(`${company.url}${path}`, { headers: { authorization } })
      : company.post(path, body, { authorization }))
    if (answer.status !== 403) allowed.push(asked)
    else expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope"/)
    expect([asked, answer.status]).not.toEqual([asked, 401])
  }
  const wanted = questions.filter(([, enough]) => enough.includes(scope)).map(([asked]) => asked)
  expect(allowed).toEqual(wanted)
})

const administer = (company: Company) => ({
  authorization: `Bearer ${company.service.newToken}`,
})

test('a token is made, shown once, listed with its use, and is nothing when it is revoked', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using company = await startCompany('', { now: () => now })
  const asked = { name: 'wiki', scopes: ['lookup', 'metrics'] }
  const made = await company.post('/api/tokens', asked, administer(company))
  expect(made.headers.get('cache-control')).toBe('no-store')
  const { token } = (await made.json()) as NewToken
  expect((await company.post('/api/tokens', asked, administer(company))).status).toBe(409)
  const lookUp = () =>
    fetch(`${company.url}/api/lookup?q=502`, { headers: { authorization: `Bearer ${token}` } })
  now += 60_000
  expect((await lookUp()).status).toBe(200)
  const listed = await fetch(`${company.url}/api/tokens`, { headers: administer(company) })
  const text = await listed.text()
  expect(text).not.toContain(token)
  const { tokens } = JSON.parse(text) as { tokens: Token[] }
  expect(tokens.map(({ name }) => name)).toEqual(['first start', 'wiki'])
  expect(tokens[1]).toEqual({
    name: 'wiki',
    scopes: ['metrics', 'lookup'],
    createdAt: now - 60_000,
    lastUse: { at: now, from: '127.0.0.1' },
  })
  const revoke = () => company.post('/api/tokens/wiki/revoke', {}, administer(company))
  expect((await revoke()).status).toBe(200)
  expect((await lookUp()).status).toBe(401)
  expect((await revoke()).status).toBe(404)
})

test('what is no name, no scope or one too many makes no token', async () => {
  await using company = await startCompany()
  for (const asked of [
    { name: '', scopes: ['read'] },
    { name: 'a\nb', scopes: ['read'] },
    { name: '<script>', scopes: ['read'] },
    { name: 'x'.repeat(65), scopes: ['read'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['everything'] },
  ]) {
    const answer = await company.post('/api/tokens', asked, administer(company))
    expect([asked, answer.status]).toEqual([asked, 400])
  }
  expect(company.service.state.tokens.size).toBe(1)
})

test('a token of before may do everything; scopes that nobody knows give no right', async () => {
  await using company = await startCompany()
  const { database, tokens } = company.service.state
  const old = await tokens.make('old')
  const odd = await tokens.make('odd')
  await database.run([{ sql: `update tokens set scopes = 'superuser' where name = 'odd'` }])
  await tokens.refresh()
  const status = async (token: string) =>
    (await fetch(`${company.url}/api/audit`, { headers: { authorization: `Bearer ${token}` } }))
      .status
  expect([await status(old), await status(odd)]).toEqual([200, 403])
})

test('the help desk makes no tokens, and sees none', async () => {
  await using company = await startCompany()
  const { cookie, csrf } = await signIn(company, 'carol', '9503')
  const headers = { cookie, 'x-csrf-token': csrf }
  const asked = { name: 'x', scopes: ['administer'] }
  expect((await company.post('/api/tokens', asked, headers)).status).toBe(403)
  expect((await fetch(`${company.url}/api/tokens`, { headers })).status).toBe(403)
})
