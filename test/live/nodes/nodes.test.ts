import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { startCluster, until } from '../../support/cluster.ts'
import { entry, type TestService } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const ada = (name: string) => entry('ada', 1, { cn: name, telephoneNumber: '501' })
const grace = entry('grace', 2, { cn: 'Grace', telephoneNumber: '502' })

const store = (node: TestService, id: string, uri: string) =>
  node.ask('ps_contacts/store', `id=${encodeURIComponent(id)}&uri=${encodeURIComponent(uri)}`)
const contacts = (node: TestService) => Array.from(node.service.state.contacts.values())
const nameOf = (node: TestService) => node.service.people.byExtension('501')?.name
const isHolder = (node: TestService) => node.service.state.lease.isHeld

test('one node reads the directory, and every node answers from it, with the same secrets', async () => {
  await using cluster = await startCluster(postgres, ada('Ada') + grace)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  expect([isHolder(a), isHolder(b)]).toEqual([true, false])
  const question = ['ps_auths/single', 'id=501'] as const
  expect(await b.ask(...question)).toBe(await a.ask(...question))
  expect(await b.ask(...question)).toMatch(/password=\w{20}/)
  await a.change(ada('Ada Lovelace'))
  await until(() => nameOf(b) === 'Ada Lovelace')
  expect(b.service.people.byExtension('502')).toBeUndefined()
  expect(await b.service.sync()).toEqual([])
  expect(b.service.syncs[0]?.readAt).toBeGreaterThan(0)
})

test('a phone that registers through one node is called through another', async () => {
  await using cluster = await startCluster(postgres, ada('Ada'))
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  expect(await store(b, '501;@b', 'sip:501@127.0.0.1:5062')).toBe('1')
  await until(() => contacts(a).length === 1)
  expect(await a.ask('ps_contacts/multi', 'id LIKE=501;@%')).toContain('5062')
  // Both write the same row at once: in the end they agree.
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      store(index % 2 ? a : b, '501;@x', `sip:501@127.0.0.1:${6000 + index}`),
    ),
  )
  const shared = await postgres.ask(cluster.state.split('/').at(-1) ?? '', 'select * from contacts')
  const kept = JSON.parse(String(shared.find(({ id }) => id === '501;@x')?.['fields'])) as object
  const is = (node: TestService) => JSON.stringify(node.service.state.contacts.get('501;@x'))
  await until(() => is(a) === JSON.stringify(kept) && is(b) === JSON.stringify(kept))
  expect(await b.ask('ps_contacts/destroy', 'id=501;@b')).toBe('1')
  await until(() => contacts(a).length === 1)
})

test('a link to set up a telephone that one node made works on each, and once on all', async () => {
  await using cluster = await startCluster(postgres, ada('Ada'))
  const links = [await cluster.start('a'), await cluster.start('b')].map(
    ({ service }) => service.state.setupLinks,
  )
  const { token } = (await links[0]?.make('company/ada', 60_000)) ?? { token: '' }
  expect(await links[1]?.find(token)).toBe('company/ada')
  const taken = await Promise.all(links.map((each) => each.take(token)))
  expect(taken.sort()).toEqual([false, true])
  expect(await links[0]?.find(token)).toBeUndefined()
})

test('a PIN that somebody chooses on one node is known on the other', async () => {
  await using cluster = await startCluster(postgres, ada('Ada'))
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const id = b.service.people.byExtension('501')?.id ?? ''
  await b.service.state.secrets.choose(id, 'voicemailPin', '4711')
  await until(() => a.service.state.secrets.voicemailPin(id) === '4711')
  await a.change(ada('Ada L.'))
  expect(a.service.state.secrets.voicemailPin(id)).toBe('4711')
})

test('who holds the lease and ends hands it over at once, with what is held and counted', async () => {
  await using cluster = await startCluster(postgres, ada('Ada') + grace)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  const runs = (await a.service.state.runs.newest(10)).length
  await a.service[Symbol.asyncDispose]()
  const tookMs = await until(() => isHolder(b))
  expect(tookMs).toBeLessThan(2_500)
  await until(async () => (await b.service.state.runs.newest(10)).length > runs)
  await b.change(ada('Ada after') + grace)
  expect(nameOf(b)).toBe('Ada after')
})

test('while PostgreSQL is away both answer and keep registrations; both know all of them afterwards', async () => {
  await using cluster = await startCluster(postgres, ada('Ada') + grace)
  const a = await cluster.start('a')
  const b = await cluster.start('b')
  await store(a, '501;@before', 'sip:501@127.0.0.1:5060')
  await until(() => contacts(b).length === 1)
  await postgres.stop('SIGKILL')
  const answers = await Promise.all([
    store(a, '501;@a', 'sip:501@127.0.0.1:5061'),
    store(b, '502;@b', 'sip:502@127.0.0.1:5062'),
    a.ask('ps_contacts/destroy', 'id=501;@before'),
  ])
  expect(answers).toEqual(['1', '1', '1'])
  for (const node of [a, b]) {
    expect(await node.ask('ps_endpoints/single', 'id=501')).toContain('id=501')
  }
  expect(await a.ask('ps_contacts/multi', 'id LIKE=501;@%')).toContain('5061')
  expect(contacts(b)).toHaveLength(2)
  await postgres.start()
  const ids = (node: TestService) =>
    contacts(node)
      .map(({ id }) => id)
      .sort()
      .join(' ')
  await until(() => ids(a) === '501;@a 502;@b' && ids(b) === ids(a))
  expect([isHolder(a), isHolder(b)].filter(Boolean)).toHaveLength(1)
})
