import { expect, test } from 'vitest'
import { entry, startTestService, type TestService } from '../support/service.ts'

const ldif =
  entry('ada', 1, { telephoneNumber: '501' }) + entry('bob', 2, { telephoneNumber: '502' })
const ada = 'company/00000000-0000-4000-8000-000000000001'
const bob = 'company/00000000-0000-4000-8000-000000000002'
const path = (id: string, action: string) => `/api/people/${encodeURIComponent(id)}/${action}`

function poster({ service }: TestService, token = service.newToken ?? '') {
  return (address: string, key?: string) =>
    fetch(`http://127.0.0.1:${service.web.port}${address}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    })
}

test('a reset that is asked for twice under one key is done once, and answered twice', async () => {
  await using company = await startTestService({ ldif })
  const post = poster(company)
  const { secrets } = company.service.state
  const first = await post(path(ada, 'reset-secret'), 'k1')
  const secret = secrets.sip(ada)
  const again = await post(path(ada, 'reset-secret'), 'k1')
  expect(await again.json()).toEqual(await first.json())
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(secrets.sip(ada)).toBe(secret)
  await post(path(ada, 'reset-secret'), 'k2')
  expect(secrets.sip(ada)).not.toBe(secret)
})

test('many at once under one key do it once; who comes meanwhile is told to ask again', async () => {
  await using company = await startTestService({ ldif })
  const post = poster(company)
  const many = await Promise.all(
    Array.from({ length: 20 }, () => post(path(ada, 'reset-pin?show=true'), 'same')),
  )
  const answers = await Promise.all(many.map((each) => each.json() as Promise<{ value?: string }>))
  const shown = answers.filter(({ value }) => value !== undefined)
  expect(shown).toEqual([
    expect.objectContaining({ value: company.service.state.secrets.pin(ada) }),
  ])
  expect(many.every(({ status }) => status === 200 || status === 409)).toBe(true)
})

test('what is shown once is neither kept nor shown again', async () => {
  await using company = await startTestService({ ldif })
  const post = poster(company)
  const first = (await (await post(path(ada, 'reset-secret?show=true'), 'k')).json()) as object
  expect(first).toMatchObject({ value: company.service.state.secrets.sip(ada) })
  const again = await (await post(path(ada, 'reset-secret?show=true'), 'k')).json()
  expect(again).not.toHaveProperty('value')
  const kept = await company.service.state.database.query('select * from done_requests')
  expect(kept).toHaveLength(1)
  expect(JSON.stringify(kept)).not.toContain(company.service.state.secrets.sip(ada))
})

test('a key is good for one request of one asker', async () => {
  await using company = await startTestService({ ldif })
  const post = poster(company)
  await post(path(ada, 'reset-pin'), 'k')
  expect((await post(path(bob, 'reset-pin'), 'k')).status).toBe(422)
  expect((await post(path(ada, 'reset-secret'), 'k')).status).toBe(422)
  const other = poster(company, await company.service.state.tokens.make('other', ['help']))
  const answer = await other(path(ada, 'reset-pin'), 'k')
  expect([answer.status, answer.headers.get('idempotent-replayed')]).toEqual([200, null])
  expect((await post(path(ada, 'reset-pin'), 'k'.repeat(201))).status).toBe(400)
})

test('what was refused is tried again, and a key is forgotten after a day', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using company = await startTestService({ ldif, now: () => now })
  const post = poster(company)
  expect((await post(path('company/nobody', 'reset-pin'), 'k')).status).toBe(404)
  const { secrets, database } = company.service.state
  await post(path(ada, 'reset-secret'), 'day')
  const secret = secrets.sip(ada)
  now += 86_399_000
  await post(path(ada, 'reset-secret'), 'day')
  expect(secrets.sip(ada)).toBe(secret)
  now += 2_000
  await post(path(ada, 'reset-secret'), 'day')
  expect(secrets.sip(ada)).not.toBe(secret)
  expect(await database.query('select * from done_requests')).toHaveLength(1)
})

test('no more than ten thousand answers are kept, the newest', async () => {
  let now = Date.UTC(2026, 0, 1)
  await using company = await startTestService({ ldif, now: () => now })
  const { doneRequests, database } = company.service.state
  const many = Array.from({ length: 10_050 }, (_, at) => [`k${at}`, '', 200, '{}', now + at])
  const sql = 'insert into done_requests (key, asked, status, body, at) values ($1, $2, $3, $4, $5)'
  await database.run([{ sql, many }])
  now += 20_000
  const asked = { actor: 'a', key: 'newest', asked: 'x' }
  await doneRequests.keep(asked, { status: 200, body: '{}' })
  const [row] = await database.query('select count(*) as count from done_requests')
  expect(row?.['count']).toBeLessThanOrEqual(10_001)
  expect(await doneRequests.find(asked)).toEqual({ status: 200, body: '{}' })
})
