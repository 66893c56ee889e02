/**
 * `node --expose-gc bench/scale.ts [PEOPLE]`: measures the units of `scale-model.ts` on a real
 * PostgreSQL with some people, holds what the model says of three times as many against a second
 * measurement, and prints what larger installations would need.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { People } from '../src/people/people.ts'
import { claimsOf, type Member } from '../src/people/member.ts'
import { openState, type State } from '../src/state/state.ts'
import { startPostgres, type Postgres } from '../test/rig/postgres.ts'
import { makePerson } from '../test/support/person.ts'
import { tableRows, usual, type Measured } from './scale-model.ts'

const people = Number(process.argv[2] ?? 20_000)
const writes = 20_000

async function bench(): Promise<void> {
  await using postgres = await startPostgres()
  const small = await measure(postgres, people)
  const large = await measure(postgres, people * 3)
  print(`\nunit                      ${people} people   ${people * 3} people   ratio`)
  for (const [name, value] of Object.entries(small)) {
    const other = large[name as keyof Measured] // both have the same keys
    print(
      `${name.padEnd(24)} ${value.toFixed(0).padStart(12)} ${other.toFixed(0).padStart(16)} ${(other / value).toFixed(2).padStart(9)}`,
    )
  }
  print(`\n${JSON.stringify({ small, large })}\n\n${JSON.stringify(usual)}\n`)
  for (const row of tableRows(large)) print(`| ${row.join(' | ')} |`)
}

async function measure(postgres: Postgres, count: number): Promise<Measured> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'peerage-scale-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const state = await postgres.createDatabase()
  const name = state.slice(state.lastIndexOf('/') + 1)
  const stateKey = randomBytes(32).toString('base64')
  const open = (node: string) =>
    openState({ state, stateKey, node, stateJournalFile: join(folder, `${node}.db`) }, Date.now)
  const ask = async (sql: string) => Number((await postgres.ask(name, sql))[0]?.['value'])
  const sizeOf = (...tables: string[]) =>
    ask(`select ${tables.map((each) => `pg_total_relation_size('${each}')`).join(' + ')} as value`)

  {
    await using first = await open('first')
    await fill(first, count)
  }
  const personRowBytes = (await sizeOf('people', 'secrets')) / count

  const heap = heapNow()
  const began = performance.now()
  const one = stack.use(await open('one'))
  const everybody = new People(['scale'])
  for await (const members of one.people.load()) {
    everybody.apply({ put: members.map((after) => ({ before: undefined, after })), removed: [] })
  }
  const loadMicroseconds = ((performance.now() - began) * 1000) / count
  const personBytes = (heapNow() - heap) / count
  const two = stack.use(await open('two'))

  const logBefore = await ask(`select pg_current_wal_lsn() - '0/0' as value`)
  const writesPerSecond = await register([one], 'a')
  const walBytes =
    ((await ask(`select pg_current_wal_lsn() - '0/0' as value`)) - logBefore) / writes
  const contactRowBytes = (await sizeOf('contacts')) / writes
  const writesOfTwoPerSecond = await register([one, two], 'b')
  // As a node holds them that has read them, not the texts that are shared within this process.
  const before = { heap: heapNow(), contacts: [...two.contacts.values()].length }
  const followedPerSecond = await followAll(two)
  const contacts = [...two.contacts.values()].length - before.contacts
  const contactBytes = (heapNow() - before.heap) / contacts
  // Whoever is still held when the heap is measured is not collected.
  if (everybody.size !== count) throw new Error(`${everybody.size} people instead of ${count}`)
  return {
    personBytes,
    contactBytes,
    personRowBytes,
    contactRowBytes,
    loadMicroseconds,
    writesPerSecond,
    writesOfTwoPerSecond,
    followedPerSecond,
    walBytes,
  }
}

async function fill(state: State, count: number): Promise<void> {
  const put: { before: undefined; after: Member }[] = []
  for (let index = 0; index < count; index++) {
    const extension = String(100_000 + index)
    const number = { text: `+49301${extension}`, e164: `+49301${extension}`, role: 'work' } as const
    const about = { id: `scale/${index}`, user: `user${index}`, aliases: [`u${index}@example.org`] }
    const person = makePerson(extension, { ...about, dids: [number.e164] })
    put.push({ before: undefined, after: { person, claims: claimsOf(person, undefined, 1) } })
  }
  const told = put.map(({ after }) => [after.person.id, {}] as const)
  await state.secrets.provide(told, { initialPin: null })
  await state.people.save({ put, removed: [] }, Date.now())
}

/** So many phones at once as an Asterisk has threads, on each node. Resolves with how many a second. */
async function register(nodes: readonly State[], prefix: string): Promise<number> {
  const began = performance.now()
  let next = 0
  async function phones(state: State): Promise<void> {
    while (next < writes) {
      const id = `${100_000 + next};@${prefix}${next++}`
      await state.contacts.put(id, contactOf(id))
    }
  }
  await Promise.all(nodes.flatMap((state) => Array.from({ length: 64 }, () => phones(state))))
  return writes / ((performance.now() - began) / 1000)
}

function contactOf(id: string): Record<string, string> {
  return {
    id,
    uri: 'sip:501@192.0.2.17:5060;transport=tcp;line=7f3e21',
    expiration_time: '1795000000',
    qualify_frequency: '60',
    user_agent: 'A desk phone 4.2.11',
    endpoint: id.slice(0, 6),
    reg_server: 'pbx1',
    via_addr: '192.0.2.17',
    via_port: '5060',
    call_id: 'a84b4c76e66710@192.0.2.17',
  }
}

async function followAll({ shared, contacts }: State): Promise<number> {
  if (!shared) throw new Error('several nodes share a state')
  const began = performance.now()
  let followed = 0
  for (;;) {
    const changes = await shared.changes.take()
    if (changes === null) break
    if (changes === 'lost') throw new Error('changes were lost')
    const keys = changes.get('contacts') ?? []
    await contacts.refresh(keys)
    followed += keys.length
  }
  return followed / ((performance.now() - began) / 1000)
}

function heapNow(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await bench()
