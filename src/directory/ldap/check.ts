import { parseFilter } from '../filter.ts'
import type { CheckStep, Entry, EntryRequest } from '../source.ts'
import { checkChanges } from './changes/check-changes.ts'
import type { ChangesMethod } from './changes/follower.ts'
import type { Channel } from './channel.ts'
import { type ConnectOptions, StepFailed, connect } from './connect.ts'
import { EntryDecoder } from '../entry.ts'
import { remedyFor } from './remedy.ts'
import {
  type Search,
  type SearchOptions,
  SearchRefused,
  searchOnce,
  searchPages,
} from './search.ts'
import { type Server, serverUrl } from './server.ts'

export interface LdapCheck {
  readonly connect: ConnectOptions
  /** The domain whose DNS names the servers; null when they are configured. */
  readonly domain: string | null
  /** Where the source stands in the configuration. */
  readonly path: string
  readonly search: Search
  readonly requested: EntryRequest
  readonly pageSize: number
  readonly changes: ChangesMethod | 'auto' | 'off'
  readonly options: SearchOptions
  findServers(): Promise<readonly Server[]>
}

/** How many entries are looked at for attributes that never come. */
const sampleSize = 200

/**
 * Every server up to the log-in, then base, rights, count and a sample on the first that let us in.
 * Ends at the first step without which the next ones mean nothing.
 */
export async function* checkLdap(check: LdapCheck): AsyncGenerator<CheckStep, void> {
  const clock = stopwatch()
  let servers: readonly Server[]
  try {
    servers = await check.findServers()
  } catch (error) {
    yield clock('dns', false, `${text(error)}; check ${check.path}.domain`)
    return
  }
  if (check.domain !== null) {
    yield clock('dns', true, `${check.domain} is served by ${servers.map(serverUrl).join(', ')}`)
  }

  await using stack = new AsyncDisposableStack()
  let channel: Channel | null = null
  for (const server of servers) {
    const { steps, channel: opened, isRefused } = await tryServer(server, check)
    yield* steps
    if (opened) stack.use(opened)
    channel ??= opened
    // The same wrong password at every server would lock the account sooner.
    if (isRefused) break
  }
  if (channel) yield* checkContent(channel, check)
}

async function tryServer(
  server: Server,
  check: LdapCheck,
): Promise<{ steps: CheckStep[]; channel: Channel | null; isRefused: boolean }> {
  const clock = stopwatch()
  const url = serverUrl(server)
  const steps: CheckStep[] = []
  try {
    const channel = await connect(server, check.connect, check.options.signal, (step, detail) => {
      steps.push(clock(step, true, `${url}: ${detail}`))
    })
    if (server.tls === 'none' && check.connect.bind) {
      steps.push(clock('tls', false, `${url}: the password went in clear text (tls: none)`))
    }
    return { steps, channel, isRefused: false }
  } catch (error) {
    const step = error instanceof StepFailed ? error.step : 'tcp'
    const remedy = step === 'bind' ? `; check ${check.path}.bind` : ''
    steps.push(clock(step, false, `${text(error)}${remedy}`))
    return { steps, channel: null, isRefused: error instanceof StepFailed && error.isRefusal }
  }
}

async function* checkContent(channel: Channel, check: LdapCheck): AsyncGenerator<CheckStep, void> {
  const clock = stopwatch()
  const base = await checkBase(channel, check)
  yield clock('base', base.ok, base.detail)
  if (!base.ok) return

  try {
    const sample = await readSample(channel, check)
    const rights = describeRights(sample, check.requested)
    yield clock('rights', rights.ok, rights.detail)
    const changes = await checkChanges(channel, { ...check, base: check.search.base })
    yield clock('changes', changes.ok, changes.detail)
    const count = await countEntries(channel, check)
    yield clock('count', count > 0, describeCount(count, check))
    const [first] = sample
    if (first) yield clock('sample', true, describeEntry(first))
  } catch (error) {
    yield clock('count', false, `${text(error)}${remedyFor(error, check.path)}`)
  }
}

const anything = parseFilter('(objectClass=*)')

async function checkBase(
  channel: Channel,
  { search, options, path }: LdapCheck,
): Promise<{ ok: boolean; detail: string }> {
  const only = { base: search.base, scope: 'base', filter: anything, attributes: ['1.1'] } as const
  try {
    const { entries } = await searchOnce(channel, only, options)
    if (entries.length > 0) return { ok: true, detail: `"${search.base}" exists` }
    return { ok: false, detail: `"${search.base}" may not be read; check ${path}.bind` }
  } catch (error) {
    if (!(error instanceof SearchRefused)) return { ok: false, detail: text(error) }
    const contexts = await namingContexts(channel, options)
    const known = contexts.length === 0 ? '' : `; this server has ${contexts.join(' and ')}`
    return { ok: false, detail: `${error.message}${known}${remedyFor(error, path)}` }
  }
}

async function namingContexts(channel: Channel, options: SearchOptions): Promise<string[]> {
  const attributes = ['namingContexts', 'defaultNamingContext']
  const rootDse = { base: '', scope: 'base', filter: anything, attributes } as const
  try {
    const { entries } = await searchOnce(channel, rootDse, options)
    const values = entries[0]?.attributes.flatMap((attribute) => attribute.values) ?? []
    return [...new Set(values.map((value) => `"${value.toString()}"`))]
  } catch {
    return []
  }
}

async function readSample(channel: Channel, check: LdapCheck): Promise<Entry[]> {
  const decoder = new EntryDecoder(check.requested.id)
  const size = Math.min(sampleSize, check.pageSize)
  for await (const page of searchPages(channel, check.search, size, check.options)) {
    if (page.length > 0) return page.map((raw) => decoder.decode(raw).entry)
  }
  return []
}

function describeRights(
  sample: readonly Entry[],
  { attributes, id }: EntryRequest,
): { ok: boolean; detail: string } {
  if (sample.length === 0) return { ok: true, detail: 'no entry to look at' }
  const seen = new Set(sample.flatMap((entry) => [...entry.attributes.keys()]))
  const isAbsent = (name: string) => !seen.has(name.toLowerCase())
  if (isAbsent(id.attribute)) {
    const detail = `${id.attribute} never came, and nobody can be told apart without it: no right to read it, or another kind of directory than the preset`
    return { ok: false, detail }
  }
  const absent = attributes.filter(isAbsent)
  if (absent.length === 0) return { ok: true, detail: 'every attribute that is asked for came' }
  const detail = `in ${sample.length} entries these never came: ${absent.join(', ')} (no right to read them, or not set)`
  return { ok: true, detail }
}

async function countEntries(channel: Channel, check: LdapCheck): Promise<number> {
  const search = { ...check.search, attributes: ['1.1'] }
  let count = 0
  for await (const page of searchPages(channel, search, check.pageSize, check.options)) {
    count += page.length
  }
  return count
}

function describeCount(count: number, { search, path }: LdapCheck): string {
  if (count > 0) return `${count} entries`
  return `no entry below "${search.base}" fits the filter; check ${path}.base and ${path}.filter`
}

/** Only these are shown: another attribute may hold a password. */
const shown = [
  'cn',
  'displayname',
  'mail',
  'samaccountname',
  'uid',
  'telephonenumber',
  'ipphone',
  'mobile',
]

function describeEntry(entry: Entry): string {
  const values = shown.flatMap((name) => {
    const [value] = entry.attributes.get(name) ?? []
    return value === undefined ? [] : [`${name}=${value}`]
  })
  return `${entry.dn} (${values.join(', ')})`
}

/** Makes steps that know how long they took: from the one before to now. */
function stopwatch(): (step: CheckStep['step'], ok: boolean, detail: string) => CheckStep {
  let since = performance.now()
  return (step, ok, detail) => {
    const tookMs = Math.round(performance.now() - since)
    since = performance.now()
    return { step, ok, detail, tookMs }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
