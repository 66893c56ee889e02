/**
 * `node bench/during.ts [PEOPLE]`: how answers fare while the service reads all of a real OpenLDAP
 * again, beside the same load on the same service at rest, in turns. The service is a process of
 * its own, started as an administrator starts it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { stringify } from 'yaml'
import { askService } from '../src/commands/control.ts'
import { readConfig } from '../src/config/config.ts'
import type { Config } from '../src/config/schema.ts'
import type { Run } from '../src/state/runs.ts'
import { freePorts } from '../test/rig/free-ports.ts'
import { startSlapd, type Slapd } from '../test/rig/slapd.ts'
import { load, type LoadResult } from './load.ts'

const people = Number(process.argv[2] ?? 100_000)
const rounds = 5
const perSecond = 1000
const firstExtension = 1000

async function bench(): Promise<void> {
  await using slapd = await startSlapd({ people })
  const folder = await mkdtemp(join(tmpdir(), 'peerage-during-'))
  let child: ChildProcess | undefined
  try {
    const [pbx = 0, web = 0] = await freePorts(2)
    const file = join(folder, 'peerage.yaml')
    await writeFile(file, configuration(slapd, pbx, web))
    const main = new URL('../bin/peerage.js', import.meta.url).pathname
    child = spawn(process.execPath, [main, 'serve', '-c', file], { stdio: 'ignore' })
    const config = readConfig(file, {})
    await imported(config)
    const afterImport = await residentMegabytes(child)
    const rest: LoadResult[] = []
    const during: LoadResult[] = []
    const took: number[] = []
    for (let round = 0; round < rounds; round++) {
      rest.push(await ask(pbx, 3))
      const [run, result] = await Promise.all([read(config), ask(pbx, 3)])
      took.push(run.finishedAt - run.startedAt)
      during.push(result)
    }
    print(`${people} people, ${perSecond} questions/s, median of ${rounds} turns`)
    report('at rest', rest)
    report(`reading (${(median(took) / 1000).toFixed(1)} s)`, during)
    print(
      `  memory: ${afterImport} MB after the import, ${await residentMegabytes(child)} MB at the end`,
    )
  } finally {
    if (child) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  }
}

function configuration(slapd: Slapd, pbx: number, web: number): string {
  return stringify({
    site: {
      country: 'DE',
      areaCode: '30',
      extensionLength: [4, 6],
      dids: '+49301234xxxxxx -> xxxxxx',
    },
    sources: {
      office: {
        preset: 'openldap',
        servers: [slapd.url],
        tls: 'none',
        base: slapd.suffix,
        bind: { user: slapd.bindDn, password: slapd.bindPassword },
        map: { extension: { from: 'uid', match: '(\\d+)$' } },
        schedule: '0 0 1 1 *',
      },
    },
    listen: { pbx: `127.0.0.1:${pbx}`, web: `127.0.0.1:${web}` },
    log: 'error',
  })
}

/** Waits for the first import; there is no service to ask before it listens. */
async function imported(config: Config): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const health = await askService(config, 'GET', '/healthz').catch(() => null)
    if (health !== null && Reflect.get(Object(health), 'status') === 'ok') return
    await delay(200)
  }
  throw new Error('the service did not import everybody within two minutes')
}

async function read(config: Config): Promise<Run> {
  // The service answers with its runs (answers/admin/api.ts).
  const { runs } = (await askService(config, 'POST', '/api/sync')) as { runs: Run[] }
  const [run] = runs
  if (run?.outcome !== 'done') throw new Error(`not read: ${run?.error}`)
  return run
}

function ask(port: number, seconds: number): Promise<LoadResult> {
  const body = () => `id=${firstExtension + Math.floor(Math.random() * people)}`
  const path = '/realtime/ps_endpoints/single'
  return load({ port, path, body, connections: 16, rate: perSecond, seconds })
}

async function residentMegabytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
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
