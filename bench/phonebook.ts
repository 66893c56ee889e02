/**
 * `node bench/phonebook.ts [PEOPLE]`: whole phone books of 2,000 and of many people, pages that are
 * searched, and two thousand phones that fetch the whole book at once while Asterisk goes on asking.
 * Each service is a process of its own.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, type LoadResult } from './load.ts'

const many = Number(process.argv[2] ?? 100_000)
const storm = 2000
const rounds = Number(process.argv[3] ?? 5)

interface Running {
  readonly port: number
  readonly web: number
  /** Milliseconds of CPU for which the event loop was held at once, since this was asked last. */
  readonly longestTurn: () => Promise<number>
}

async function bench(): Promise<void> {
  const children: ChildProcess[] = []
  const folders: string[] = []
  const start = async (people: number) => {
    const folder = await mkdtemp(join(tmpdir(), 'peerage-phonebook-'))
    folders.push(folder)
    return open(folder, people, children)
  }
  try {
    const small = await start(2000)
    await wholeBooks(small, 2000)
    await storms(small)
    const large = await start(many)
    await wholeBooks(large, many)
    await pages(large)
    await besideRendering(large)
  } finally {
    for (const child of children) child.kill('SIGKILL')
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  }
}

function open(folder: string, people: number, children: ChildProcess[]): Promise<Running> {
  const child = fork(new URL('./server.ts', import.meta.url), ['peerage', folder, String(people)], {
    execArgv: ['--expose-gc'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)))
    const longestTurn = async () => {
      child.send('turn')
      const [{ longestTurnMs }] = (await once(child, 'message')) as [{ longestTurnMs: number }]
      return longestTurnMs
    }
    // bench/server.ts tells both ports.
    child.once('message', (told: object) => resolve({ ...told, longestTurn } as Running))
  })
}

async function wholeBooks({ web, longestTurn }: Running, people: number): Promise<void> {
  print(`\n${people} people`)
  await longestTurn()
  const first = await timed(() => fetchBook(web, 'neutral/open/find.json?q=nobody'))
  print(
    `  sorted and indexed, when first asked for: ${first.ms.toFixed(0)} ms, at most ${(await longestTurn()).toFixed(1)} ms of CPU at once`,
  )
  const books = [
    'grandstream/open/phonebook.xml',
    'yealink/open/book.xml',
    'yealink/open/groups.xml',
  ]
  for (const path of books) {
    const rendered = await timed(() => fetchBook(web, path))
    const held = await longestTurn()
    const again: number[] = []
    for (let round = 0; round < rounds; round++) {
      again.push((await timed(() => fetchBook(web, path))).ms)
    }
    const megabytes = (rendered.result / 1_048_576).toFixed(2)
    print(
      `  ${path.padEnd(32)} ${megabytes} MB, rendered in ${rendered.ms.toFixed(0)} ms (at most ${held.toFixed(1)} ms of CPU at once), then ${median(again).toFixed(1)} ms`,
    )
  }
}

/** Half of the terms are parts of names, a quarter parts of numbers, the rest found nowhere. */
function term(): string {
  const chance = Math.random()
  const number = Math.floor(Math.random() * 7919)
  if (chance < 0.25) return `name${number}`
  if (chance < 0.5) return `achname${number % 100}`
  if (chance < 0.75) return String(1_000_000 + Math.floor(Math.random() * many))
  return `mueller${number}`
}

async function pages({ web, longestTurn }: Running): Promise<void> {
  print(`\nsearched pages, ${many} people, one phone after the other`)
  for (const path of ['snom/open/find', 'cisco/open/find']) {
    const latencies: number[] = []
    for (let count = 0; count < 3000; count++) {
      const { ms } = await timed(() => fetchBook(web, `${path}?q=${term()}`))
      if (count >= 500) latencies.push(ms)
    }
    latencies.sort((a, b) => a - b)
    const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
    print(
      `  ${path.padEnd(20)} p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, worst ${at(0.9999).toFixed(2)} ms; at most ${(await longestTurn()).toFixed(1)} ms of CPU at once`,
    )
  }
}

async function storms(running: Running): Promise<void> {
  const rest: LoadResult[] = []
  const during: LoadResult[] = []
  const took: number[] = []
  await running.longestTurn()
  for (let round = 0; round < rounds; round++) {
    rest.push(await ask(running.port))
    const phones = await gather(running.web)
    const over = new AbortController()
    const [result, ms] = await Promise.all([
      ask(running.port, over.signal),
      phones.fetch().finally(() => over.abort()),
    ])
    during.push(result)
    took.push(ms)
  }
  print(`\n${storm} phones fetch a book of 2,000 people at once; Asterisk asks 500 times a second`)
  printWaits({ 'at rest': rest, 'in the storm': during })
  const each = during.map(({ p99 }) => p99.toFixed(1))
  print(`  p99 of each storm, the first one first: ${each.join(', ')} ms`)
  print(`  the last phone had its book after ${(median(took) / 1000).toFixed(1)} s`)
  print(`  at most ${(await running.longestTurn()).toFixed(1)} ms of CPU at once`)
}

/** Each is made for the first time. */
const otherBooks = [
  'digium/open/contacts.xml',
  'fritzbox/open/phonebook.xml',
  'escene/open/phonebook.xml',
  'avaya/open/directory.xml',
  'cisco/open/directory.xml',
]

async function besideRendering({ port, web, longestTurn }: Running): Promise<void> {
  const rest = await ask(port)
  await longestTurn()
  const [during] = await Promise.all([
    ask(port),
    inTurn(otherBooks, (path) => fetchBook(web, path)),
  ])
  print(
    `\n${otherBooks.length} whole books of ${many} people are made; Asterisk asks 500 times a second`,
  )
  printWaits({ 'at rest': [rest], meanwhile: [during] })
  print(`  at most ${(await longestTurn()).toFixed(1)} ms of CPU at once`)
}

async function inTurn<T>(
  values: readonly T[],
  work: (value: T) => Promise<unknown>,
): Promise<void> {
  for (const value of values) await work(value)
}

function printWaits(waits: Readonly<Record<string, readonly LoadResult[]>>): void {
  for (const [what, results] of Object.entries(waits)) {
    const of = (key: 'p50' | 'p99') => median(results.map((result) => result[key])).toFixed(2)
    print(`  ${what.padEnd(14)} p50 ${of('p50')} ms, p99 ${of('p99')} ms`)
  }
}

function ask(port: number, signal?: AbortSignal): Promise<LoadResult> {
  const body = () => `id=${100_000 + Math.floor(Math.random() * 2000)}`
  const path = '/realtime/ps_endpoints/single'
  const seconds = signal ? 60 : 4
  return load({ port, path, body, connections: 8, rate: 500, seconds, ...(signal && { signal }) })
}

/** The phones of the storm, in a process of their own that waits for the word. */
async function gather(web: number): Promise<{ fetch: () => Promise<number> }> {
  const args = [String(web), '/pb/grandstream/open/phonebook.xml', String(storm)]
  const phones = fork(new URL('./phones.ts', import.meta.url), args)
  await once(phones, 'message')
  const fetch = async () => {
    const began = performance.now()
    phones.send('go')
    const [code] = (await once(phones, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`the phones ended with ${code}`)
    return performance.now() - began
  }
  return { fetch }
}

const kept = new Agent({ keepAlive: true })

/** Bytes of the answer. */
function fetchBook(port: number, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: `/pb/${path}`, agent: kept }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode}`))
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve(bytes))
      response.on('error', reject)
    }).on('error', reject)
  })
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const began = performance.now()
  const result = await work()
  return { ms: performance.now() - began, result }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
