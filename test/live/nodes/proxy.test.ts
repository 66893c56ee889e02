import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startAsterisk } from '../../rig/asterisk.ts'
import { startHaproxy } from '../../rig/haproxy.ts'
import { mayMakeMachines, startMachine } from '../../rig/machine.ts'
import { openCrowd } from '../../rig/phone-crowd.ts'
import { startPostgres, type Postgres } from '../../rig/postgres.ts'
import { openRelay } from '../../rig/relay.ts'
import { until } from '../../support/cluster.ts'
import { startLoad } from '../../support/node-load.ts'
import { askRealtime, startNode } from '../../support/node-process.ts'
import { entry } from '../../support/service.ts'

let postgres: Postgres
beforeAll(async () => void (postgres = await startPostgres()))
afterAll(() => postgres[Symbol.asyncDispose]())

const people = 100
const phones = Array.from({ length: people }, (_, index) => ({
  extension: String(500 + index),
  secret: `secret-${index}`,
}))
const ldif = phones
  .map(({ extension, secret }, index) =>
    entry(`p${index}`, index, { cn: 'P', telephoneNumber: extension, employeeNumber: secret }),
  )
  .join('')

const report = (text: string) => process.stderr.write(`${text}\n`)
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Asterisk's own patience: `httptimeout` of res_curl.conf. */
const patienceMs = 2_000

async function startProxied(isAfar: boolean) {
  await using stack = new AsyncDisposableStack()
  const database = (await postgres.createDatabase()).split('/').at(-1) ?? ''
  const common = { key: randomBytes(32).toString('base64'), ldif }
  const here = `postgres://postgres@127.0.0.1:${postgres.port}/${database}`
  const machine = isAfar ? stack.use(await startMachine()) : null
  const line = machine && (await machine.addLine())
  const relay = line && stack.use(await openRelay(postgres.port, line.here))
  const afar = machine &&
    line &&
    relay && {
      state: `postgres://postgres@${line.here}:${relay.port}/${database}`,
      on: { prefix: machine.prefix, there: line.there },
    }
  const one = stack.use(await startNode({ name: 'one', state: here, ...common, ...afar }))
  await until(async () => (await one.health())?.people === people)
  const two = stack.use(await startNode({ name: 'two', state: here, ...common }))
  await until(async () => (await two.health())?.people === people)
  const proxy = stack.use(await startHaproxy([one.at, two.at]))
  const opened = stack.move()
  const ask = (path: string, body: string) => askRealtime(proxy.url, path, body, patienceMs)
  return { one, two, proxy, line, ask, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

describe('an Asterisk that asks two nodes through a proxy', () => {
  test('misses no answer when either of them is killed, and when it is back', async () => {
    await using proxied = await startProxied(false)
    const { one, two } = proxied
    const load = startLoad(proxied, 'x', people)
    await rest(1_000)
    await one.kill()
    await rest(3_000)
    await one.start()
    await rest(4_000)
    await two.kill()
    await rest(2_000)
    const acknowledged = await load.end()
    report(`proxy: ${acknowledged.length} kept, the slowest in ${Math.round(load.longestMs)} ms`)
    expect([load.wrong, load.unanswered]).toEqual([[], 0])
    const known = await proxied.ask('ps_contacts/multi', 'id LIKE=%25')
    expect(acknowledged.filter((id) => !known.includes(encodeURIComponent(id)))).toEqual([])
  }, 120_000)

  test.runIf(mayMakeMachines())(
    'waits for less than its patience when the network to one of them is cut',
    async () => {
      await using proxied = await startProxied(true)
      const { one, line } = proxied
      const loads = ['x', 'y', 'z'].map((prefix) => startLoad(proxied, prefix, people))
      await rest(1_000)
      await line?.cut()
      await rest(6_000)
      await line?.mend()
      await until(async () => (await one.health())?.node.hasState === true)
      await rest(2_000)
      await Promise.all(loads.map((each) => each.end()))
      const longestMs = Math.max(...loads.map((each) => each.longestMs))
      report(`proxy, network cut: the slowest answer in ${Math.round(longestMs)} ms`)
      expect(loads.flatMap(({ wrong }) => wrong)).toEqual([])
      expect(loads.map(({ unanswered }) => unanswered)).toEqual([0, 0, 0])
    },
    120_000,
  )

  test('answers nothing, and no page of an error, when both are dead', async () => {
    await using proxied = await startProxied(false)
    await proxied.one.kill()
    await proxied.two.kill()
    expect(await proxied.ask('ps_endpoints/single', 'id=500')).toBe('')
    await rest(1_500)
    expect(await proxied.ask('ps_contacts/store', 'id=500%3B%40x&uri=x')).toBe('')
  })

  test('lets every phone in while a node is killed', async () => {
    await using proxied = await startProxied(false)
    await using asterisk = await startAsterisk({ version: 22, realtime: proxied.proxy.url })
    await using crowd = await openCrowd(asterisk.sipServer)
    const coming = crowd.register(phones, { perSecond: 15 })
    await rest(2_000)
    await proxied.one.kill()
    const attempts = await coming
    const slowest = Math.max(...attempts.map(({ tookMs }) => tookMs))
    report(`proxy: ${attempts.length} phones, the slowest REGISTER in ${Math.round(slowest)} ms`)
    expect(attempts.filter(({ isBound }) => !isBound)).toEqual([])
    const known = await proxied.two.ask('ps_contacts/multi', 'id LIKE=%25')
    expect(phones.filter(({ extension }) => !known.includes(`id=${extension}%3B`))).toEqual([])
  }, 120_000)
})
