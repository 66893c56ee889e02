import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { until } from '../../support/cluster.ts'
import { startLoad } from '../../support/node-load.ts'
import { startNode, type NodeProcess } from '../../support/node-process.ts'
import { entry } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const people = 200
const ldif = Array.from({ length: people }, (_, index) =>
  entry(`p${index}`, index, { cn: `P ${index}`, telephoneNumber: String(500 + index) }),
).join('')

async function startTwo() {
  const state = await postgres.createDatabase()
  const key = randomBytes(32).toString('base64')
  const stack = new AsyncDisposableStack()
  const a = stack.use(await startNode({ name: 'a', state, key, ldif }))
  await until(async () => (await a.health())?.people === people)
  const b = stack.use(await startNode({ name: 'b', state, key, ldif }))
  await until(async () => (await b.health())?.people === people)
  const kept = async () => {
    const rows = await postgres.ask(state.split('/').at(-1) ?? '', 'select id from contacts')
    return rows.map(({ id }) => String(id)).sort()
  }
  return { a, b, kept, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** Figures, for whoever reads along. */
const report = (text: string) => process.stderr.write(`${text}\n`)

const synchronises = async (node: NodeProcess) => (await node.health())?.node.synchronises === true

test('the holder of the lease is killed: the other takes over within seconds, nothing is lost', async () => {
  await using two = await startTwo()
  const { a, b, kept } = two
  const loads = [startLoad(a, 'a', people), startLoad(b, 'b', people)]
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await a.kill()
  const tookMs = await until(() => synchronises(b))
  expect(tookMs).toBeLessThan(8_000)
  report(`killed holder: taken over after ${Math.round(tookMs)} ms`)
  await a.start()
  await until(async () => (await a.health())?.people === people)
  expect(await synchronises(a)).toBe(false)
  const acknowledged = (await Promise.all(loads.map((each) => each.end()))).flat()
  expect(loads.flatMap(({ wrong }) => wrong)).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(100)
  expect(await kept()).toEqual(expect.arrayContaining(acknowledged))
})

test('a holder that slept for long and wakes changes nothing, and follows', async () => {
  await using two = await startTwo()
  const { a, b } = two
  a.signal('SIGSTOP')
  const tookMs = await until(() => synchronises(b))
  report(`stopped holder: taken over after ${Math.round(tookMs)} ms`)
  a.signal('SIGCONT')
  await until(async () => (await a.health())?.node.synchronises === false)
  expect(await synchronises(b)).toBe(true)
  expect(a.log()).toMatch(/does not synchronise any more/)
})

test.each(['SIGINT', 'SIGKILL'] as const)(
  'PostgreSQL is restarted under load (%s): every answer is right, no registration is lost',
  async (signal) => {
    await using two = await startTwo()
    const { a, b, kept } = two
    const loads = [startLoad(a, 'a', people), startLoad(b, 'b', people)]
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 700))
      await postgres.stop(signal)
      await new Promise((resolve) => setTimeout(resolve, 700))
      await postgres.start()
    }
    const acknowledged = (await Promise.all(loads.map((each) => each.end()))).flat()
    expect(loads.flatMap(({ wrong }) => wrong)).toEqual([])
    await until(async () => (await kept()).length >= acknowledged.length)
    expect(await kept()).toEqual(expect.arrayContaining(acknowledged))
    const known = async (node: NodeProcess) => {
      const rows = await node.ask('ps_contacts/multi', 'id LIKE=%25')
      return rows.split('\n').filter((row) => row !== '').length
    }
    const count = (await kept()).length
    const tookMs = await until(async () => (await known(a)) === count && (await known(b)) === count)
    report(
      `${signal}: ${acknowledged.length} kept, both nodes know them ${Math.round(tookMs)} ms later`,
    )
    const holders = [await synchronises(a), await synchronises(b)]
    expect(holders.filter(Boolean)).toHaveLength(1)
  },
)
