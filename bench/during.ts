/**
 * `node bench/during.ts [PEOPLE]`: how answers fare while the service reads all of a real OpenLDAP
 * again and again, beside the same load on the same service at rest, and while `ldapsearch` reads the
 * same directory instead, which is what a busy machine alone does; in turns. The service is a process
 * of its own, started as an administrator starts it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Slapd, startSlapd } from '../test/rig/slapd.ts'
import { load, type LoadResult } from './load.ts'
import { startServiceProcess } from './service-process.ts'

const people = Number(process.argv[2] ?? 100_000)
const rounds = 5
const perSecond = 1000
const firstExtension = 1000

async function bench(): Promise<void> {
  await using slapd = await startSlapd({ people })
  await using service = await startServiceProcess({
    servers: [slapd.url],
    tls: 'none',
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
    map: { extension: { from: 'uid', match: '(\\d+)$' } },
  })
  const rest: LoadResult[] = []
  const beside: LoadResult[] = []
  const during: LoadResult[] = []
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    rest.push(await ask(service.pbxPort, 3))
    const asking = () => ask(service.pbxPort, 3)
    beside.push(await whileReading(asking, () => ldapsearch(slapd)))
    const read = async () => {
      const run = await service.read()
      took.push(run.finishedAt - run.startedAt)
    }
    during.push(await whileReading(asking, read))
  }
  print(`${people} people, ${perSecond} questions/s, median of ${rounds} turns`)
  report('at rest', rest)
  report('ldapsearch reads', beside)
  report(`reading (${(median(took) / 1000).toFixed(1)} s)`, during)
}

/** One read after the other, so that none of the questions comes at rest. */
async function whileReading(
  ask: () => Promise<LoadResult>,
  read: () => Promise<void>,
): Promise<LoadResult> {
  const stop = new AbortController()
  const reading = (async () => {
    while (!stop.signal.aborted) await read()
  })()
  const result = await ask()
  stop.abort()
  await reading
  return result
}

async function ldapsearch({ url, bindDn, bindPassword, suffix }: Slapd): Promise<void> {
  const login = ['-x', '-H', url, '-D', bindDn, '-w', bindPassword]
  const search = ['-LLL', '-b', suffix, '-E', 'pr=1000/noprompt', '(objectClass=person)']
  const child = spawn('ldapsearch', [...login, ...search], { stdio: 'ignore' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`ldapsearch ended with ${code}`)
}

function ask(port: number, seconds: number): Promise<LoadResult> {
  const body = () => `id=${firstExtension + Math.floor(Math.random() * people)}`
  const path = '/realtime/ps_endpoints/single'
  return load({ port, path, body, connections: 16, rate: perSecond, seconds })
}

function report(what: string, results: readonly LoadResult[]): void {
  const of = (key: 'p50' | 'p99') => median(results.map((result) => result[key])).toFixed(2)
  print(`  ${what.padEnd(18)} p50 ${of('p50')} ms, p99 ${of('p99')} ms`)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
