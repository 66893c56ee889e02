import { afterAll, beforeAll, expect, test } from 'vitest'
import { visit } from '../../page/page-visit.ts'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { startCluster } from '../../support/cluster.ts'
import { entry } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const id = 'company/00000000-0000-4000-8000-000000000001'

test('a node that follows shows tokens, accounts and the trail, and changes none of them', async () => {
  await using cluster = await startCluster(postgres, entry('ada', 1, { cn: 'Ada Lovelace' }))
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const password = a.service.newPassword ?? ''
  const leading = await visit(a)
  expect((await leading.post('/access/tokens', { name: 'wiki', 'scope-read': 'on' })).status).toBe(
    200,
  )
  await leading.post(`/people/${encodeURIComponent(id)}/disable`)

  const following = await visit(b, 'superadmin', password)
  expect(await following.html('/access')).toContain('superadmin')
  for (const path of ['tokens', 'tokens/wiki/revoke', 'accounts/superadmin/reset']) {
    const refused = await following.post(`/access/${path}`, { name: 'x', 'scope-read': 'on' })
    expect([path, refused.status]).toEqual([path, 409])
    expect(await refused.text()).toContain('this one follows it; ask that one')
  }
  expect(a.service.state.tokens.has('wiki')).toBe(true)
  expect((await leading.get('/access')).status).toBe(200)

  const trail = await following.html('/access/trail?kind=change')
  expect(trail).toMatch(/refused \(409\).*Disabled somebody.*Made a token/s)
  const about = await following.html(`/access/trail?person=${encodeURIComponent(id)}`)
  expect(about).toContain('Disabled somebody')
  expect(about).not.toContain('Made a token')
  const byNobody = await following.html('/access/trail?actor=token%2Fnobody')
  expect(byNobody).toContain('There is nothing here so far.')
})
