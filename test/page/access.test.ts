import { expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'
import { visit } from './page-visit.ts'

const ada = entry('ada', 1, { cn: 'Ada Lovelace', telephoneNumber: '501' })
const readNothing = { name: 'wiki', 'scope-lookup': 'on' }

/** What was changed, the oldest first: who, how, what about, and with which outcome. */
async function changes({ service }: TestService): Promise<readonly string[][]> {
  const entries = await service.state.audit.newest(100, { kind: 'change' })
  return entries
    .toReversed()
    .map(({ actor, action, target, outcome }) => [actor, action, target, outcome])
}

test('a token is made, shown once, good for its scopes, listed with its last use, and revoked after a question', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const made = await page.post('/access/tokens', readNothing)
  expect(made.headers.get('cache-control')).toBe('no-store')
  const html = await made.text()
  expect(html).toContain('Token wiki for lookup (shown this once)')
  const token = /<code class="secret">([^<]+)</.exec(html)?.[1] ?? ''
  expect(token).toHaveLength(43)
  expect(await page.html('/access')).toMatch(/wiki<.*lookup<.*never.*first start/s)

  const headers = { authorization: `Bearer ${token}` }
  const ask = async (path: string) => (await fetch(page.base + path, { headers })).status
  expect([await ask('/api/lookup?q=501'), await ask('/api/people')]).toEqual([200, 403])
  const listed = await page.html('/access')
  expect(listed).toMatch(/wiki<.*<time [^>]*>.*127\.0\.0\.1.*first start/s)
  expect(listed).not.toContain(token)

  const question = await page.html('/access/tokens/wiki/revoke')
  expect(question).toMatch(/wiki.*Revoke this token\?.*<form method="post"/s)
  expect(await ask('/api/lookup?q=501')).toBe(200)
  const revoked = await page.post('/access/tokens/wiki/revoke')
  expect([revoked.status, revoked.headers.get('location')]).toEqual([303, '/access'])
  expect(await ask('/api/lookup?q=501')).toBe(401)
  expect((await page.get('/access/tokens/wiki/revoke')).status).toBe(404)
  expect((await page.post('/access/tokens/wiki/revoke')).status).toBe(404)

  const revoke = ['account/superadmin', 'POST /access/tokens/:name/revoke', 'name=wiki']
  expect(await changes(company)).toEqual([
    ['account/superadmin', 'POST /access/tokens', 'name=wiki&scopes=lookup', 'done'],
    [...revoke, 'done'],
    [...revoke, 'refused (404)'],
  ])
  expect(JSON.stringify(await company.service.state.audit.newest(100))).not.toContain(token)
})

test.each([
  ['no scope', { name: 'wiki' }, 400],
  ['no such scope', { name: 'wiki', 'scope-everything': 'on' }, 400],
  ['no name', { name: '', 'scope-read': 'on' }, 400],
  ['a name that is markup', { name: '<script>x</script>', 'scope-read': 'on' }, 400],
  ['a name that is taken', { name: 'first start', 'scope-read': 'on' }, 409],
])('a token with %s is not made, and what was filled in stays', async (_, wanted, status) => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const refused = await page.post('/access/tokens', wanted)
  const html = await refused.text()
  expect([refused.status, html.includes('role="alert"')]).toEqual([status, true])
  expect(html).not.toContain('<script>x')
  expect(html.includes('name="scope-read" checked')).toBe('scope-read' in wanted)
  expect(company.service.state.tokens.size).toBe(1)
})

test('the API keeps in the trail which token was made, for what, and never the token', async () => {
  await using company = await startTestService({ ldif: ada })
  const { port } = company.service.web
  const made = await fetch(`http://127.0.0.1:${port}/api/tokens`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${company.service.newToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ name: 'wiki', scopes: ['read', 'metrics'] }),
  })
  expect(made.status).toBe(200)
  const target = 'name=wiki&scopes=read+metrics'
  expect(await changes(company)).toEqual([
    ['token/first start', 'POST /api/tokens', target, 'done'],
  ])
})

test('the API lists the accounts of Peerage itself with the age of their passwords, and no hash', async () => {
  await using company = await startTestService({ ldif: ada, now: () => 1_900_000_000_000 })
  const headers = { authorization: `Bearer ${company.service.newToken}` }
  const answer = await fetch(`http://127.0.0.1:${company.service.web.port}/api/accounts`, {
    headers,
  })
  const account = { name: 'superadmin', role: 'administrator', changedAt: 1_900_000_000_000 }
  expect(await answer.json()).toEqual({ accounts: [account] })
})

test('a new password of the own account ends every session with it, and is the one that lets in', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const other = await visit(company)
  const path = '/access/accounts/superadmin/reset'
  expect(await page.html(path)).toContain('you will be signed out too')
  expect((await other.get('/access')).status).toBe(200)
  const made = await page.post(path)
  expect(made.headers.get('cache-control')).toBe('no-store')
  expect(made.headers.get('set-cookie')).toMatch(/^peerage=; .*Max-Age=0/)
  const html = await made.text()
  expect(html).toContain('Account superadmin, password (shown this once)')
  expect(html).not.toContain('action="/logout"')
  const password = /<code class="secret">([^<]+)</.exec(html)?.[1] ?? ''
  for (const each of [page, other]) {
    expect((await each.get('/access')).headers.get('location')).toBe('/login')
  }
  const { service } = company
  expect((await (await visit(company)).get('/access')).status).toBe(303)
  const again = await visit({ service }, 'superadmin', password)
  expect((await again.get('/access')).status).toBe(200)
  const reset = ['POST /access/accounts/:name/reset', 'name=superadmin', 'done']
  expect(await changes(company)).toEqual([['account/superadmin', ...reset]])
  expect((await again.post('/access/accounts/nobody/reset')).status).toBe(404)
})

test.each(['helpDesk', 'reader'])('the %s sees none of it and changes none', async (role) => {
  await using company = await startTestService({
    ldif: ada.replace('uid: ada', 'uid: ada\nmemberOf: cn=Some,dc=example'),
    yaml: `login: { mode: none, roles: { ${role}: [Some] } }`,
  })
  const id = 'company/00000000-0000-4000-8000-000000000001'
  await company.service.state.secrets.choose(id, 'pin', '8274')
  const page = await visit(company, 'ada', '8274')
  expect(await page.html('/')).not.toContain('/access')
  expect(await page.html(`/people/${encodeURIComponent(id)}`)).not.toContain('/access')
  const first = '/access/tokens/first%20start/revoke'
  const account = '/access/accounts/superadmin/reset'
  for (const path of ['/access', '/access/trail', first, account]) {
    const answer = await page.get(path)
    expect([path, answer.status]).toEqual([path, 403])
    expect(await answer.text()).toContain('You may not do this.')
  }
  for (const path of ['/access/tokens', first, account]) {
    expect([path, (await page.post(path, readNothing)).status]).toEqual([path, 403])
  }
  expect(company.service.state.tokens.list()).toMatchObject([{ name: 'first start' }])
  expect((await (await visit(company)).get('/access')).status).toBe(200)
  expect((await changes(company)).map((each) => each.at(-1))).toEqual(
    Array.from({ length: 3 }, () => 'refused (403)'),
  )
})

test('a change without the token of the session, or from another site, changes nothing', async () => {
  await using company = await startTestService({ ldif: ada })
  const page = await visit(company)
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.html('/access'))?.[1] ?? ''
  const { cookie } = page
  const account = '/access/accounts/superadmin/reset'
  for (const path of ['/access/tokens', '/access/tokens/first%20start/revoke', account]) {
    expect((await page.post(path, { ...readNothing, csrf: 'guessed' })).status).toBe(403)
    const elsewhere = await fetch(page.base + path, {
      method: 'POST',
      headers: { cookie, origin: 'http://evil.example' },
      body: new URLSearchParams({ ...readNothing, csrf }),
    })
    expect([path, elsewhere.status]).toEqual([path, 403])
  }
  expect(company.service.state.tokens.list()).toMatchObject([{ name: 'first start' }])
  expect((await page.get('/access')).status).toBe(200)
})
