import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mayMakeMachines, startMachine } from '../../rig/machine.ts'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { openRelay } from '../../rig/relay.ts'
import { until } from '../../support/cluster.ts'
import { startLoad } from '../../support/node-load.ts'
import { startNode, type NodeProcess } from '../../support/node-process.ts'
import { entry } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const people = 200
/** The first of them has this name. */
const ldif = (name: string) =>
  Array.from({ length: people }, (_, index) =>
    entry(`p${index}`, index, { cn: index ? 'P' : name, telephoneNumber: String(500 + index) }),
  ).join('')

/** Node `a` synchronises, on a machine of its own; what is between it and PostgreSQL can be cut. */
async function startTwo() {
  await using stack = new AsyncDisposableStack()
  const database = (await postgres.createDatabase()).split('/').at(-1) ?? ''
  const key = randomBytes(32).toString('base64')
  const machine = stack.use(await startMachine())
  const toPostgres = await machine.addLine()
  const asked = await machine.addLine()
  const relay = stack.use(await openRelay(postgres.port, toPostgres.here))
  const at = (where: string) => `postgres://postgres@${where}/${database}`
  const on = { prefix: machine.prefix, there: asked.there }
  const afar = { state: at(`${toPostgres.here}:${relay.port}`), on }
  const common = { key, ldif: ldif('P') }
  const a = stack.use(await startNode({ name: 'a', ...common, ...afar }))
  await until(async () => (await a.health())?.people === people)
  const b = stack.use(
    await startNode({ name: 'b', ...common, state: at(`127.0.0.1:${postgres.port}`) }),
  )
  await until(async () => (await b.health())?.people === people)
  const opened = stack.move()
  const kept = async () =>
    (await postgres.ask(database, 'select id from contacts')).map(({ id }) => String(id)).sort()
  return { a, b, toPostgres, kept, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const report = (text: string) => process.stderr.write(`${text}\n`)
const synchronises = async (node: NodeProcess) => (await node.health())?.node.synchronises === true
const knows = async (node: NodeProcess, ids: readonly string[]) => {
  const rows = await node.ask('ps_contacts/multi', 'id LIKE=%25')
  return ids.every((id) => rows.includes(`id=${encodeURIComponent(id)}&`))
}
const nameOf = async (node: NodeProcess) =>
  /callerid=%22(\w+)/.exec(await node.ask('ps_endpoints/single', 'id=500'))?.[1]

describe.runIf(mayMakeMachines())('the network between a node and PostgreSQL is cut', () => {
  test('both answer right, the other one takes over, the first changes nothing, no contact is lost', async () => {
    await using two = await startTwo()
    const { a, b, toPostgres, kept } = two
    expect([await synchronises(a), await synchronises(b)]).toEqual([true, false])
    const loads = [startLoad(a, 'a', people), startLoad(b, 'b', people)]
    await new Promise((resolve) => setTimeout(resolve, 1_000))

    await toPostgres.cut()
    const [goneMs, overMs] = await Promise.all([
      until(async () => !(await synchronises(a))),
      until(() => synchronises(b)),
    ])
    report(`cut: a stops after ${Math.round(goneMs)} ms, b begins after ${Math.round(overMs)} ms`)
    expect(goneMs).toBeLessThanOrEqual(overMs + 500)
    expect(overMs).toBeLessThan(8_000)

    // Both directories change; one node alone takes it up, and the other one follows it later.
    await a.writeLdif(ldif('Q'))
    await b.writeLdif(ldif('Q'))
    const readMs = await until(async () => (await nameOf(b)) === 'Q')
    expect(await nameOf(a)).toBe('P')
    await until(async () => (await a.health())?.node.hasState === false)
    await new Promise((resolve) => setTimeout(resolve, 6_000))

    await toPostgres.mend()
    const backMs = await until(async () => (await nameOf(a)) === 'Q')
    const acknowledged = (await Promise.all(loads.map((each) => each.end()))).flat()
    await until(async () => (await a.health())?.node.undelivered === 0)
    const deliveredMs = await until(
      async () => (await knows(a, acknowledged)) && (await knows(b, acknowledged)),
    )
    report(`cut: a change is read after ${Math.round(readMs)} ms`)
    report(
      `mended: a follows after ${Math.round(backMs)} ms, all ${acknowledged.length} contacts known ${Math.round(deliveredMs)} ms after the load`,
    )
    expect(loads.flatMap(({ wrong }) => wrong)).toEqual([])
    expect(loads.map(({ longestMs }) => longestMs).every((ms) => ms < 2_000)).toBe(true)
    expect(await kept()).toEqual(expect.arrayContaining(acknowledged))
    expect([await synchronises(a), await synchronises(b)]).toEqual([false, true])
    expect(a.log()).toMatch(/does not synchronise any more/)
  }, 120_000)

  test('a node that is ended meanwhile ends within seconds, and what it has taken is delivered at its next start', async () => {
    await using two = await startTwo()
    const { a, b, toPostgres, kept } = two
    await toPostgres.cut()
    expect(await a.ask('ps_contacts/store', 'id=500%3B%40cut&uri=sip%3A500%40x')).toBe('1')
    const began = performance.now()
    const ended = once(a.child, 'exit')
    a.signal('SIGTERM')
    await ended
    const tookMs = performance.now() - began
    report(`cut: ended after ${Math.round(tookMs)} ms`)
    expect(a.child.exitCode).toBe(0)
    expect(tookMs).toBeLessThan(25_000)
    await until(() => synchronises(b))
    await toPostgres.mend()
    await a.start()
    await until(async () => (await kept()).includes('500;@cut'))
    await until(() => knows(b, ['500;@cut']))
  }, 120_000)
})
