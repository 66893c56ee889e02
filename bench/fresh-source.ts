/**
 * `node bench/fresh-source.ts`: how long after a change in a real OpenLDAP with 10,000 people the
 * source hands out the entry, beside OpenLDAP's own client that follows the same server in the
 * same run (`ldapsearch -E sync=rp`), and beside the answer to the change itself.
 */
import { spawn } from 'node:child_process'
import { Attribute, Change, Client } from 'ldapts'
import type { DirectoryChange } from '../src/directory/source.ts'
import { openSource } from '../src/directory/sources.ts'
import { type Slapd, startSlapd } from '../test/rig/slapd.ts'

const people = Number(process.argv[2] ?? 10_000)
const changes = Number(process.argv[3] ?? 100)

interface Times {
  /** All in milliseconds since the change was sent. */
  readonly answered: number[]
  readonly ours: number[]
  readonly theirs: number[]
}

async function bench(): Promise<void> {
  await using slapd = await startSlapd({ people })
  const stop = new AbortController()
  const arrivals = new Arrivals()
  const ready = Promise.all([arrivals.of('ours', 'ready'), arrivals.of('theirs', 'Sales')])
  const following = follow(slapd, arrivals, stop.signal)
  const peer = followWithLdapsearch(slapd, arrivals)
  const client = new Client({ url: slapd.url })
  try {
    await client.bind(slapd.bindDn, slapd.bindPassword)
    await ready
    const first = [arrivals.of('ours', '0'), arrivals.of('theirs', '0')]
    await modify(client, slapd, '0')
    await Promise.all(first)
    report(await measure(client, slapd, arrivals))
  } finally {
    stop.abort()
    peer.kill()
    await client.unbind()
    await following
  }
}

async function measure(client: Client, slapd: Slapd, arrivals: Arrivals): Promise<Times> {
  const times: Times = { answered: [], ours: [], theirs: [] }
  for (let number = 1; number <= changes; number++) {
    const value = String(number)
    const arrived = [arrivals.of('ours', value), arrivals.of('theirs', value)]
    const sent = performance.now()
    await modify(client, slapd, value)
    times.answered.push(performance.now() - sent)
    const [ours = 0, theirs = 0] = await Promise.all(arrived)
    times.ours.push(ours - sent)
    times.theirs.push(theirs - sent)
  }
  return times
}

function modify(client: Client, slapd: Slapd, value: string): Promise<void> {
  const modification = new Attribute({ type: 'departmentNumber', values: [value] })
  const change = new Change({ operation: 'replace', modification })
  return client.modify(`uid=u1000,${slapd.peopleBase}`, change)
}

async function follow(slapd: Slapd, arrivals: Arrivals, signal: AbortSignal): Promise<void> {
  const options = {
    servers: [slapd.url],
    tls: 'none' as const,
    base: slapd.suffix,
    bind: { user: slapd.bindDn, password: slapd.bindPassword },
  }
  const request = {
    filter: '(objectClass=inetOrgPerson)',
    attributes: ['uid', 'cn', 'sn', 'telephoneNumber', 'mobile', 'mail', 'departmentNumber'],
    id: { attribute: 'entryUUID', form: 'text' },
  } as const
  const log = { debug() {}, info() {}, warn: console.warn, error: console.error }
  await using source = openSource('office', options, request, log)
  const told: AsyncIterable<DirectoryChange> = source.changes?.(signal) ?? (async function* () {})()
  for await (const change of told) {
    if (change.kind === 'read-again') arrivals.arrived('ours', 'ready')
    else {
      for (const { attributes } of change.entries) {
        arrivals.arrived('ours', attributes.get('departmentnumber')?.[0] ?? '')
      }
    }
  }
}

function followWithLdapsearch(slapd: Slapd, arrivals: Arrivals) {
  const login = ['-x', '-H', slapd.url, '-D', slapd.bindDn, '-w', slapd.bindPassword]
  const search = ['-b', slapd.suffix, '-E', '!sync=rp', '-LLL', '(uid=u1000)', 'departmentNumber']
  const child = spawn('stdbuf', ['-oL', 'ldapsearch', ...login, ...search])
  child.stdout.on('data', (chunk: Buffer) => {
    for (const [, value = ''] of chunk.toString().matchAll(/^departmentNumber: (.*)$/gm)) {
      arrivals.arrived('theirs', value)
    }
  })
  return child
}

/** When each value came to each of the two. */
class Arrivals {
  readonly #waiting = new Map<string, (at: number) => void>()

  of(whose: 'ours' | 'theirs', value: string): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    this.#waiting.set(`${whose} ${value}`, resolve)
    return promise
  }

  arrived(whose: 'ours' | 'theirs', value: string): void {
    this.#waiting.get(`${whose} ${value}`)?.(performance.now())
  }
}

function report({ answered, ours, theirs }: Times): void {
  const line = (name: string, times: readonly number[]) => {
    const sorted = times.toSorted((a, b) => a - b)
    const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]?.toFixed(2)
    return `${name.padEnd(36)} p50 ${at(0.5)} ms   p99 ${at(0.99)} ms`
  }
  console.log(`${people} people, ${changes} changes, one after the other`)
  console.log(line('the change is answered', answered))
  console.log(line('the source hands out the entry', ours))
  console.log(line('ldapsearch -E sync=rp prints it', theirs))
}

await bench()
