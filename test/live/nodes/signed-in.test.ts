import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { startCluster, until } from '../../support/cluster.ts'
import { entry, type TestService } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const ldif = entry('ada', 1, { telephoneNumber: '501' })
const url = ({ service }: TestService) => `http://127.0.0.1:${service.web.port}`
const status = async (node: TestService, path: string, headers: Record<string, string>) =>
  (await fetch(url(node) + path, { headers })).status

async function signIn(node: TestService, password: string) {
  const answer = await fetch(`${url(node)}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'superadmin', password }),
  })
  const [cookie = ''] = answer.headers.getSetCookie().map((each) => each.split(';')[0])
  const { csrf } = (await answer.json()) as { csrf?: string }
  return { status: answer.status, cookie, csrf: csrf ?? '' }
}

test('a token that is made or revoked on one node is good, or for nothing, on the other', async () => {
  await using cluster = await startCluster(postgres, ldif)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  expect(b.service.newToken).toBeNull()
  const authorization = `Bearer ${await a.service.state.tokens.make('wiki', ['read'])}`
  await until(async () => (await status(b, '/api/runs', { authorization })) === 200)
  await until(() => a.service.state.tokens.list().at(-1)?.lastUse?.from === '127.0.0.1')
  expect(await status(b, '/api/audit', { authorization })).toBe(403)
  await a.service.state.tokens.revoke('wiki')
  await until(async () => (await status(b, '/api/runs', { authorization })) === 401)
})

test('a session is known on every node, and ended on every node', async () => {
  await using cluster = await startCluster(postgres, ldif, undefined)
  const a = await cluster.start('a', { yaml: 'login: { refusalMs: 0 }' })
  const b = await cluster.start('b', { yaml: 'login: { refusalMs: 0 }' })
  const { cookie, csrf } = await signIn(b, a.service.newPassword ?? '')
  await until(async () => (await status(a, '/auth/session', { cookie })) === 200)
  const headers = { cookie, 'x-csrf-token': csrf }
  await fetch(`${url(a)}/auth/logout`, { method: 'POST', headers })
  await until(async () => (await status(b, '/auth/session', { cookie })) === 401)
})

test('an account that is reset on one node has the new password, and no session, on the other', async () => {
  await using cluster = await startCluster(postgres, ldif)
  const a = await cluster.start('a', { yaml: 'login: { refusalMs: 0 }' })
  const b = await cluster.start('b', { yaml: 'login: { refusalMs: 0 }' })
  const before = a.service.newPassword ?? ''
  const { cookie } = await signIn(b, before)
  await until(async () => (await status(a, '/auth/session', { cookie })) === 200)
  const answer = await fetch(`${url(a)}/api/accounts/superadmin/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${a.service.newToken}` },
  })
  const { password } = (await answer.json()) as { password: string }
  await until(async () => (await status(b, '/auth/session', { cookie })) === 401)
  expect((await signIn(b, password)).status).toBe(200)
  expect((await signIn(b, before)).status).toBe(401)
})

test('a phone that is revoked on one node reads no phone book on the other', async () => {
  await using cluster = await startCluster(postgres, ldif)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const phone = { vendor: 'snom', view: 'staff', device: '000413aabbcc' }
  const { id, token } = await a.service.state.phones.make(phone)
  await until(() => b.service.state.phones.check(token)?.id === id)
  await a.service.state.phones.revoke(id)
  await until(() => b.service.state.phones.check(token) === undefined)
  expect(b.service.state.phones.named(phone.device)).toEqual([])
})

test('what was done under a key on one node is not done again by the one that takes over', async () => {
  await using cluster = await startCluster(postgres, ldif)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const id = 'company/00000000-0000-4000-8000-000000000001'
  const headers = {
    authorization: `Bearer ${a.service.newToken}`,
    'idempotency-key': 'b7e1',
  }
  const reset = (node: TestService) =>
    fetch(`${url(node)}/api/people/${encodeURIComponent(id)}/reset-secret`, {
      method: 'POST',
      headers,
    })
  expect((await reset(b)).status).toBe(409)
  expect((await reset(a)).status).toBe(200)
  const secret = a.service.state.secrets.sip(id)
  await a.service[Symbol.asyncDispose]()
  await until(() => b.service.state.lease.isHeld)
  const again = await reset(b)
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
  expect(b.service.state.secrets.sip(id)).toBe(secret)
})
