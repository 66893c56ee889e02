import type {
  DirectoryChange,
  Entry,
  EntryBatch,
  KnownEntries,
} from '../../src/directory/source.ts'
import { openLogger } from '../../src/logger.ts'
import type { Mapping } from '../../src/mapping/mapping.ts'
import { People, type PeopleChange } from '../../src/people/people.ts'
import type { DisabledReason } from '../../src/person/person.ts'
import { openState, type State } from '../../src/state/state.ts'
import { compileGuard } from '../../src/sync/guard.ts'
import type { Leavers } from '../../src/sync/leavers.ts'
import { neverRead } from '../../src/sync/source-clock.ts'
import { Sync } from '../../src/sync/sync.ts'
import type { SyncedSource } from '../../src/sync/synced-source.ts'
import { makePerson } from '../support/person.ts'

/** A directory whose reads and announcements a test directs. */
export class Directory {
  readonly name = 'test'
  entries: Entry[] = []
  failure: Error | null = null
  /** A read waits for this after its first entry. */
  gate: Promise<void> = Promise.resolve()
  reads = 0
  /** How many entries were handed out as unchanged by the last read. */
  unchanged = 0
  /** How often somebody began to listen. */
  listened = 0
  #announced: DirectoryChange[] = []
  #bell = Promise.withResolvers<void>()
  #breaks = false

  async *read(signal: AbortSignal, known?: KnownEntries): AsyncGenerator<EntryBatch> {
    this.reads++
    this.unchanged = 0
    const entries = this.entries.map((entry) => ({ ...entry, print: printOf(entry) }))
    yield this.#batch(entries.slice(0, 1), known)
    await this.gate
    signal.throwIfAborted()
    if (this.failure) throw this.failure
    yield this.#batch(entries.slice(1), known)
  }

  #batch(all: readonly (Entry & { readonly print: string })[], known?: KnownEntries): EntryBatch {
    const isKnown = ({ print }: { readonly print: string }) => known?.idOf(print) !== undefined
    const unchanged = all.filter(isKnown).map(({ print }) => print)
    this.unchanged += unchanged.length
    return { entries: all.filter((entry) => !isKnown(entry)), unchanged, problems: [] }
  }

  async *changes(signal: AbortSignal): AsyncGenerator<DirectoryChange> {
    this.listened++
    yield { kind: 'read-again' }
    signal.addEventListener('abort', () => this.#bell.resolve())
    while (!signal.aborted) {
      await this.#bell.promise
      this.#bell = Promise.withResolvers()
      yield* this.#announced.splice(0)
      if (this.#breaks) {
        this.#breaks = false
        throw new Error('connection lost')
      }
    }
  }

  announce(change: DirectoryChange): void {
    this.#announced.push(change)
    this.#bell.resolve()
  }

  break(): void {
    this.#breaks = true
    this.#bell.resolve()
  }

  async *check() {}
  async [Symbol.asyncDispose]() {}
}

function printOf({ id, dn, attributes }: Entry): string {
  return JSON.stringify([id, dn, [...attributes]])
}

/** An entry that `mapping` understands. */
export function entry(
  id: string | null,
  extension: string,
  name = `name of ${id}`,
  disabled: DisabledReason | '' = '',
): Entry {
  const attributes = new Map([
    ['name', [name]],
    ['extension', [extension]],
    ['did', [`+49${extension}`]],
    ['disabled', [disabled]],
  ])
  return { id, dn: `uid=${id},ou=people`, attributes }
}

/** The entry with one more attribute. */
export function having(from: Entry, attribute: string, value: string): Entry {
  return { ...from, attributes: new Map([...from.attributes, [attribute, [value]]]) }
}

export function delta(entries: readonly Entry[], gone: readonly string[] = []) {
  return { kind: 'delta', entries, gone, problems: [] } as const
}

export const mapping: Mapping = {
  attributes: [],
  map({ id, dn, attributes }) {
    const first = (name: string) => attributes.get(name)?.[0] || null
    if (id === null) return { person: null, problems: [{ entry: dn, text: 'has no id' }] }
    const did = first('did')
    const person = makePerson(first('extension'), {
      id: `test/${id}`,
      dn,
      name: first('name') ?? dn,
      dids: did === null ? [] : [did],
      details: detailsOf(first('title')),
      disabled: first('disabled') as DisabledReason | null, // `entry` writes no other
    })
    const sip = first('secret')
    const secrets = sip === null ? {} : { sip }
    return { person, secrets, problems: [], isLasting: first('until') === null }
  },
}

function detailsOf(title: string | null) {
  return title === null ? {} : { title }
}

export const hour = 3_600_000
export const day = 24 * hour
export const usualLeavers: Leavers = { graceMs: day, next: 'disable', deleteAfterMs: 30 * day }

export interface SyncRigOptions {
  readonly leavers?: Leavers
  readonly limits?: { readonly changes: number; readonly percent: number }
  readonly state?: State
  readonly directory?: Directory
  readonly synced?: Partial<Pick<SyncedSource, 'expected' | 'keep' | 'secrets'>>
}

/** A `Sync` over a directory and a state in memory, with a clock that a test turns. */
export async function openSyncRig(options: SyncRigOptions = {}) {
  const { leavers = usualLeavers, limits = { changes: 25, percent: 10 } } = options
  const time = { now: 1_795_000_000_000 }
  const now = () => time.now
  const state = options.state ?? (await openState({ state: 'sqlite::memory:' }, now))
  const directory = options.directory ?? new Directory()
  const people = new People(['test'])
  const changes: PeopleChange[] = []
  people.onChange((change) => changes.push(change))
  const stop = new AbortController()
  const log = openLogger('silent')
  const guard = compileGuard({ guard: { ...limits, expires: '7d', window: '1h' } }, {})
  const rest = { expected: [], keep: [], secrets: { initialPin: null }, ...options.synced }
  const synced = {
    source: directory,
    mapping,
    leavers,
    guard,
    ...rest,
  }
  const deps = { people, state, log, now, signal: stop.signal }
  for await (const members of state.people.load()) {
    people.apply({ put: members.map((after) => ({ before: undefined, after })), removed: [] })
  }
  const clocks = await state.people.readSources()
  const sync = new Sync(synced, deps, clocks.get('test') ?? neverRead)
  await sync.open()
  return {
    state,
    directory,
    people,
    changes,
    sync,
    stop,
    log,
    time,
    run: () => sync.run('request'),
    /** Time passes, and then the source is read. */
    async later(ms: number) {
      time.now += ms
      return sync.run('schedule')
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await sync.idle()
      await state[Symbol.asyncDispose]()
    },
  }
}
