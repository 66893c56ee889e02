/**
 * `node bench/caller.ts [NUMBERS…]`: how soon a caller has his name. The engine inside its process;
 * FastAGI and `/lookup` over sockets, as fast as they go and at 500 calls a second; in the same run
 * a look-up in a live OpenLDAP (by ldapts over an open connection, and by the C client, which makes
 * one for each call as a script does), and a search through all contacts without an index.
 */
import { execFile, fork } from 'node:child_process'
import { promisify } from 'node:util'
import { Client } from 'ldapts'
import { startSlapd } from '../test/rig/slapd.ts'
import { loadAgi } from './agi-load.ts'
import { numberAt } from './caller-numbers.ts'
import type { CallerServer, Spread } from './caller-server.ts'
import { load, type LoadResult } from './load.ts'

const sizes = process.argv.slice(2).map(Number)
const rounds = 3

for (const count of sizes.length === 0 ? [10_000, 1_000_000] : sizes) await bench(count)

async function bench(count: number): Promise<void> {
  const child = fork(new URL('./caller-server.ts', import.meta.url), [String(count)])
  const server = await new Promise<CallerServer>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.once('message', (told) => resolve(told as CallerServer))
  })
  try {
    print(`\n${count} numbers; Node ${process.version}; the process has ${server.megabytes} MB`)
    printInside('known, asked once each', server.fresh)
    printInside('nobody has it', server.missed)
    printInside('linear search', server.linear)
    const number = () => numberAt(Math.floor(Math.random() * count))
    await compare(server, number)
    await compareDirectory(count, number)
  } finally {
    child.kill('SIGKILL')
  }
}

async function compare({ agi, web }: CallerServer, number: () => string): Promise<void> {
  const fast: Record<'agi' | 'http', LoadResult[]> = { agi: [], http: [] }
  const paced: Record<'agi' | 'http', LoadResult[]> = { agi: [], http: [] }
  const path = () => `/lookup?format=text&number=${number()}`
  for (let round = 0; round <= rounds; round += 1) {
    const seconds = round === 0 ? 1 : 3
    const one = await loadAgi({ port: agi, number, rate: null, atOnce: 16, seconds })
    const other = await load({ port: web, path, rate: null, connections: 16, seconds })
    if (round === 0) continue // warms up
    fast.agi.push(one)
    fast.http.push(other)
    paced.agi.push(await loadAgi({ port: agi, number, rate: 500, atOnce: 0, seconds }))
    paced.http.push(await load({ port: web, path, rate: 500, connections: 16, seconds }))
  }
  for (const kind of ['agi', 'http'] as const) {
    const perSecond = Math.round(median(fast[kind].map((result) => result.perSecond)))
    const p50 = median(paced[kind].map((result) => result.p50)).toFixed(2)
    const p99 = median(paced[kind].map((result) => result.p99)).toFixed(2)
    const what = kind === 'agi' ? 'FastAGI sessions' : '/lookup'
    print(`${what.padEnd(24)} ${perSecond}/s; at 500/s p50 ${p50} ms, p99 ${p99} ms`)
  }
}

/** As scripts at call time do it. OpenLDAP has an index on the attribute. */
async function compareDirectory(count: number, number: () => string): Promise<void> {
  await using slapd = await startSlapd({
    people: entries(count),
    configuration: 'maxsize 8589934592',
  })
  const client = new Client({ url: slapd.url })
  await client.bind(slapd.bindDn, slapd.bindPassword)
  const asked = { filter: '', attributes: ['cn'] }
  const byNode = await times(1000, async () => {
    const { searchEntries } = await client.search(slapd.suffix, {
      ...asked,
      filter: `(mobile=${number()})`,
    })
    if (searchEntries.length !== 1) throw new Error('OpenLDAP does not find a contact')
  })
  await client.unbind()
  printTimes('OpenLDAP, ldapts', byNode)
  const run = promisify(execFile)
  const login = [
    '-x',
    '-LLL',
    '-H',
    slapd.url,
    '-D',
    slapd.bindDn,
    '-w',
    slapd.bindPassword,
    '-b',
    slapd.suffix,
  ]
  const byC = await times(200, async () => {
    const { stdout } = await run('ldapsearch', [...login, `(mobile=${number()})`, 'cn'])
    if (!stdout.includes('cn: ')) throw new Error('ldapsearch does not find a contact')
  })
  printTimes('OpenLDAP, ldapsearch', byC)
}

function entries(count: number): string {
  return Array.from({ length: count }, (_, at) =>
    [
      `dn: uid=c${at},ou=people,dc=example,dc=org`,
      'objectClass: inetOrgPerson',
      `uid: c${at}`,
      `cn: Contact ${at}`,
      `sn: Contact ${at}`,
      `mobile: ${numberAt(at)}`,
      '',
    ].join('\n'),
  ).join('\n')
}

async function times(count: number, look: () => Promise<void>): Promise<readonly number[]> {
  const took: number[] = []
  for (let at = 0; at < count; at += 1) {
    const began = performance.now()
    await look()
    took.push(performance.now() - began)
  }
  return took.toSorted((a, b) => a - b)
}

function printTimes(what: string, took: readonly number[]): void {
  const at = (share: number) => (took[Math.floor(took.length * share)] ?? Number.NaN).toFixed(2)
  print(`${what.padEnd(24)} p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
}

function printInside(what: string, { p50, p99, worst }: Spread): void {
  const text = [p50, p99, worst].map((us) => us.toFixed(1))
  print(`${what.padEnd(24)} p50 ${text[0]} µs, p99 ${text[1]} µs, worst ${text[2]} µs`)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
