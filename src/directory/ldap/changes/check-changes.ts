import type { EntryRequest } from '../../source.ts'
import type { Channel } from '../channel.ts'
import type { SearchOptions } from '../search.ts'
import { firstMark } from './dirsync-walk.ts'
import { type ChangesMethod, MethodRefused } from './follower.ts'
import { methodsOf } from './methods.ts'
import { type ServerFacts, contextOf, readServerFacts } from './server-facts.ts'

export interface ChangesCheck {
  /** As configured. */
  readonly changes: ChangesMethod | 'auto' | 'off'
  /** Where the source stands in the configuration. */
  readonly path: string
  readonly base: string
  readonly requested: EntryRequest
  readonly options: SearchOptions
}

const latency: Readonly<Record<ChangesMethod, string>> = {
  syncrepl: 'the server tells of each at once',
  'persistent-search': 'the server tells of each at once',
  dirsync: 'the domain controller is asked every few seconds, and tells just what changed',
  usn: 'the domain controller is asked every few seconds',
  timestamp: 'timestamps and ids are compared every few seconds',
}

/** In which way changes will be noticed, and what stands in the way of a better one. */
export async function checkChanges(
  channel: Channel,
  check: ChangesCheck,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const { changes, options, path } = check
  if (changes === 'off') return { ok: true, detail: 'off: only the schedule reads' }
  const facts = await readServerFacts(channel, options)
  const offered = methodsOf(facts)
  const [method = 'timestamp'] = changes === 'auto' ? offered : [changes]
  if (!offered.includes(method)) {
    const [instead = 'timestamp'] = offered
    const detail = `${method} is not offered by this server, so ${instead} would be used (it offers ${offered.join(', ')}); check ${path}.changes`
    return { ok: false, detail }
  }
  if (method !== 'dirsync') return { ok: true, detail: `by ${method}: ${latency[method]}` }
  return tryDirSync(channel, facts, check)
}

/** Whether the account may is known only by trying. */
async function tryDirSync(
  channel: Channel,
  facts: ServerFacts,
  { changes, options, path, base, requested }: ChangesCheck,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const context = contextOf(facts, base)
  try {
    const { isLimited } = await firstMark(channel, context, requested.id.attribute, options)
    const deletions = isLimited
      ? `who was deleted is found by comparing ids, since the account in ${path}.bind has no right to replicate`
      : 'the account may replicate'
    return { ok: true, detail: `by dirsync: ${latency.dirsync}; ${deletions}` }
  } catch (error) {
    if (!(error instanceof MethodRefused)) throw error
    const detail = `by usn: ${latency.usn} (dirsync would tell just what changed, but is refused: ${error.message})`
    return { ok: changes === 'auto', detail }
  }
}
