import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPgBouncer, type PgBouncer } from '../../rig/pgbouncer.ts'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { startCluster, until, type Cluster } from '../../support/cluster.ts'
import { entry, type TestService } from '../../support/service.ts'
import { openLogger } from '../../../src/logger.ts'

const stack = new AsyncDisposableStack()
let postgres: Postgres
beforeAll(async () => void (postgres = stack.use(await startPostgres())))
afterAll(() => stack.disposeAsync())

const ada = (name: string) => entry('ada', 1, { cn: name, telephoneNumber: '501' })
const store = (node: TestService, id: string) =>
  node.ask('ps_contacts/store', `id=${encodeURIComponent(id)}&uri=sip%3A501%40127.0.0.1`)
const countOf = (node: TestService) => [...node.service.state.contacts.values()].length
const isHolder = (node: TestService) => node.service.state.lease.isHeld

interface Behind extends AsyncDisposable {
  readonly pooler: PgBouncer
  readonly cluster: Cluster
}

/** Nodes that reach PostgreSQL through a PgBouncer only. */
async function behindPooler(mode: 'transaction' | 'session'): Promise<Behind> {
  await using opened = new AsyncDisposableStack()
  const pooler = opened.use(await startPgBouncer(postgres.port, mode))
  const database = (await postgres.createDatabase()).split('/').at(-1)
  const address = `postgres://postgres@127.0.0.1:${pooler.port}/${database}`
  const cluster = opened.use(await startCluster(postgres, ada('Ada'), address))
  const all = opened.move()
  return { pooler, cluster, [Symbol.asyncDispose]: () => all.disposeAsync() }
}

/** How long until the second node knows what the first was told, each of so many times. */
async function followed(a: TestService, b: TestService, times: number): Promise<number[]> {
  const tookMs: number[] = []
  for (let turn = 0; turn < times; turn++) {
    const before = countOf(b)
    expect(await store(a, `501;@followed${turn}`)).toBe('1')
    tookMs.push(await until(() => countOf(b) > before))
  }
  return tookMs.sort((one, other) => one - other)
}

/** Keeps the lines of the log. */
function listenTo(lines: string[]) {
  const log = openLogger('silent')
  log.warn = (_about: unknown, text?: string) => void lines.push(text ?? '')
  return log
}

test('through a pooler of transactions nodes work, see changes within about a second, and say why', async () => {
  await using behind = await behindPooler('transaction')
  const { cluster, pooler } = behind
  const warnings: string[] = []
  const a = await cluster.start('a', { log: listenTo(warnings) })
  const b = await cluster.start('b')
  await until(() => warnings.some((text) => text.includes('does not arrive')))
  expect(warnings.filter((text) => text.includes('does not arrive'))).toHaveLength(1)

  const tookMs = await followed(a, b, 5)
  process.stderr.write(`pooler, transactions: followed after ${tookMs.map(Math.round)} ms\n`)
  expect(tookMs.at(-1)).toBeLessThan(5_000)

  // Many at once, from both: nothing is mixed up, and both agree in the end.
  const ids = Array.from({ length: 200 }, (_, index) => `501;@many${index}`)
  const kept = await Promise.all(ids.map((id, index) => store(index % 2 ? a : b, id)))
  expect(new Set(kept)).toEqual(new Set(['1']))
  const all = ids.length + tookMs.length
  await until(() => countOf(a) === all && countOf(b) === all)

  // The pooler dies and comes back: registrations wait in the journal, and arrive.
  await pooler.kill()
  expect(await store(b, '501;@meanwhile')).toBe('1')
  await pooler.start()
  await until(() => countOf(a) === all + 1)

  await a.service[Symbol.asyncDispose]()
  const overMs = await until(() => isHolder(b))
  process.stderr.write(`pooler, transactions: taken over after ${Math.round(overMs)} ms\n`)
  await b.change(ada('Ada after'))
  expect(b.service.people.byExtension('501')?.name).toBe('Ada after')
})

test('through a pooler of sessions nodes see changes at once', async () => {
  await using behind = await behindPooler('session')
  const { cluster } = behind
  const warnings: string[] = []
  const a = await cluster.start('a', { log: listenTo(warnings) })
  const b = await cluster.start('b', { log: listenTo(warnings) })
  const tookMs = await followed(a, b, 5)
  process.stderr.write(`pooler, sessions: followed after ${tookMs.map(Math.round)} ms\n`)
  expect(tookMs[2]).toBeLessThan(500)
  expect(warnings).toEqual([])
})
