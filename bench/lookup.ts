/**
 * `npm run bench`: how fast `/realtime/ps_endpoints/single` is with 100,000 people, beside a bare
 * node:http and a bare fastify server that return a constant of the same size. The three take
 * turns in one run on one machine, so the ratios mean something where the times do not.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, type LoadResult } from './load.ts'
import type { MemoryUse } from './server.ts'

const people = Number(process.argv[2] ?? 100_000)
const rounds = 5
const path = '/realtime/ps_endpoints/single'
const kinds = ['node', 'fastify', 'peerage'] as const
type Kind = (typeof kinds)[number]

interface Running {
  readonly child: ChildProcess
  readonly port: number
  readonly before?: MemoryUse
  readonly after?: MemoryUse
  readonly readMs?: number
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'peerage-bench-'))
  const children: ChildProcess[] = []
  try {
    const peerage = await start(['peerage', folder, String(people)], children)
    const constant = await rowOf(peerage.port)
    const servers: Record<Kind, Running> = {
      peerage,
      node: await start(['node', constant], children),
      fastify: await start(['fastify', `${constant}`], children),
    }
    report(peerage, constant)
    print(`asked for the first time: ${Math.round(await askEverybodyOnce(peerage))} requests/s`)
    await compareThroughput(servers)
    await compareLatency(servers)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
}

function start(args: readonly string[], children: ChildProcess[]): Promise<Running> {
  const server = new URL('./server.ts', import.meta.url)
  const child = fork(server, [...args], { execArgv: ['--expose-gc'] })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}`)))
    child.once('message', (told) => resolve({ ...(told as Omit<Running, 'child'>), child }))
  })
}

async function rowOf(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: anybody() })
  return answer.text()
}

/** Asks for everybody once: how fast an answer is that was never given before. */
async function askEverybodyOnce({ port }: Running): Promise<number> {
  const asked = { count: 0 }
  const body = () => `id=${100_000 + (asked.count++ % people)}`
  const rates: number[] = []
  while (asked.count < people) {
    const slice = await load({ port, path, body, rate: null, connections: 16, seconds: 0.5 })
    rates.push(slice.perSecond)
  }
  return median(rates)
}

/** Everybody is asked for alike: a cache of the few would not help. */
function anybody(): string {
  return `id=${100_000 + Math.floor(Math.random() * people)}`
}

function report({ before, after, readMs = 0 }: Running, row: string): void {
  if (!before || !after) return
  const perPerson = (now: number, then: number) => `${Math.round((now - then) / people)} bytes`
  const megabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`
  print(`${people} people; a row has ${row.length} bytes; Node ${process.version}`)
  print(`first import from LDIF into memory and state: ${(readMs / 1000).toFixed(1)} s`)
  print(
    `memory: ${perPerson(after.heap, before.heap)} of heap a person; process ${megabytes(before.rss)} before, ${megabytes(after.rss)} with everybody`,
  )
}

async function compareThroughput(servers: Record<Kind, Running>): Promise<void> {
  const results: Record<Kind, LoadResult[]> = { node: [], fastify: [], peerage: [] }
  for (let round = 0; round <= rounds; round++) {
    for (const kind of kinds) {
      const options = { port: servers[kind].port, path, body: anybody, rate: null }
      const result = await load({ ...options, connections: 16, seconds: round === 0 ? 1 : 3 })
      if (round > 0) results[kind].push(result) // the first one warms up
    }
  }
  const rate = (kind: Kind) => median(results[kind].map(({ perSecond }) => perSecond))
  print(`\nas fast as it goes, 16 connections, median of ${rounds} turns`)
  for (const kind of kinds) print(`  ${kind.padEnd(8)} ${Math.round(rate(kind))} requests/s`)
  print(`  peerage : fastify   ${(rate('peerage') / rate('fastify')).toFixed(2)}`)
  print(`  peerage : node:http ${(rate('peerage') / rate('node')).toFixed(2)}`)
}

async function compareLatency(servers: Record<Kind, Running>): Promise<void> {
  const results: Record<Kind, LoadResult[]> = { node: [], fastify: [], peerage: [] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      const options = { port: servers[kind].port, path, body: anybody, connections: 16 }
      results[kind].push(await load({ ...options, rate: 5000, seconds: 3 }))
    }
  }
  print(`\nat 5000 requests/s, median of ${rounds} turns`)
  for (const kind of kinds) {
    const p50 = median(results[kind].map((result) => result.p50)).toFixed(2)
    const p99 = median(results[kind].map((result) => result.p99)).toFixed(2)
    print(`  ${kind.padEnd(8)} p50 ${p50} ms, p99 ${p99} ms`)
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
