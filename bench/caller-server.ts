/** `caller-server.ts NUMBERS`: the engine, FastAGI and `/lookup` over so many contacts, in a process of its own. */
import { mkdtemp } from 'node:fs/promises'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { Pins } from '../src/answers/agi/pins.ts'
import { listScripts } from '../src/answers/agi/scripts.ts'
import { buildAgi } from '../src/answers/agi/server.ts'
import { Calls } from '../src/answers/caller/calls.ts'
import { mountLookup } from '../src/answers/lookup/routes.ts'
import { compileClasses } from '../src/answers/realtime/classes.ts'
import { parseConfig } from '../src/config/config.ts'
import { tendHeap } from '../src/heap.ts'
import { openLogger } from '../src/logger.ts'
import { People } from '../src/people/people.ts'
import type { Person } from '../src/person/person.ts'
import { compileSite } from '../src/person/site.ts'
import { makePerson } from '../test/support/person.ts'
import { numberAt } from './caller-numbers.ts'

/** Microseconds of one look-up inside the process. */
export interface Spread {
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

export interface CallerServer {
  readonly agi: number
  readonly web: number
  /** Numbers of contacts, in no order. */
  readonly fresh: Spread
  /** Numbers that nobody has. */
  readonly missed: Spread
  /** Every contact, one after the other, as without an index. */
  readonly linear: Spread
  readonly megabytes: number
}

tendHeap()
const count = Number(process.argv[2])
const folder = await mkdtemp(join(tmpdir(), 'peerage-caller-'))
const config = parseConfig(
  `
site: { country: DE, areaCode: "30", dids: "+49301234xxx -> xxx" }
sources: { book: { preset: openldap, ldif: ./none.ldif } }
`,
  join(folder, 'peerage.yaml'),
  {},
)
const people = new People(['book'])
const contacts = Array.from({ length: count }, (_, at) => contact(at))
for (let at = 0; at < count; at += 10_000) {
  const put = contacts.slice(at, at + 10_000).map((person) => ({
    before: undefined,
    after: { person, claims: [] },
  }))
  people.apply({ put, removed: [] })
}
const classOf = compileClasses(config.classes)
const site = compileSite(config.site)
const calls = new Calls({
  people,
  site,
  options: config.calls,
  sources: ['book'],
  classOf,
  now: Date.now,
})

const fresh = measure(20_000, () => calls.caller(numberAt(random(count))).name !== null)
const missed = measure(20_000, () => calls.caller(`0${2_000_000_000 + random(1e8)}`).name === null)
const linear = measure(count > 100_000 ? 20 : 200, () => linearSearch(numberAt(random(count))))

const log = openLogger('error')
const secrets = { pin: () => undefined }
const pins = new Pins({ people, secrets, tries: 5, now: Date.now })
const agi = buildAgi({
  scripts: listScripts({ calls, pins, classOf }),
  // A busy machine must not end a session that is measured.
  options: { ...config.agi, budgetMs: 60_000 },
  log,
  now: Date.now,
})
const app = Fastify()
mountLookup(app, { calls, options: config.lookup, log })
await once(agi.listen(0, '127.0.0.1'), 'listening')
await app.listen({ port: 0, host: '127.0.0.1' })
const told: CallerServer = {
  agi: (agi.address() as AddressInfo).port,
  web: (app.server.address() as AddressInfo).port,
  fresh,
  missed,
  linear,
  megabytes: Math.round(process.memoryUsage().rss / 1_048_576),
}
process.send?.(told)
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))

function contact(at: number): Person {
  const e164 = `+49${numberAt(at).slice(1)}`
  const numbers = [{ kind: 'mobile', e164, text: numberAt(at) }] as const
  return makePerson(null, { id: `book/${at}`, name: `Contact ${at}`, numbers })
}

/** Each entry's digits are compared from the right, as a contact manager without an index does. */
function linearSearch(number: string): boolean {
  const wanted = number.replaceAll(/\D/g, '').slice(1)
  return contacts.some(({ numbers }) =>
    numbers.some(({ text }) => text.replaceAll(/\D/g, '').endsWith(wanted)),
  )
}

function random(below: number): number {
  return Math.floor(Math.random() * below)
}

function measure(times: number, look: () => boolean): Spread {
  for (let warm = 0; warm < Math.min(2000, times); warm += 1) look()
  const took = Array.from({ length: times }, () => {
    const began = performance.now()
    if (!look()) throw new Error('a look-up went wrong')
    return (performance.now() - began) * 1000
  }).sort((a, b) => a - b)
  const at = (share: number) => took[Math.min(times - 1, Math.floor(times * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), worst: at(1) }
}
