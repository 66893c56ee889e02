import type { RawEntry } from '../../entry.ts'
import { parseFilter } from '../../filter.ts'
import type { Channel } from '../channel.ts'
import { isPassing } from '../result-codes.ts'
import { type Search, type SearchOptions, SearchRefused, searchRequest } from '../search.ts'
import {
  DirSyncControl,
  decodeDirSync,
  incrementalValues,
  objectSecurity,
} from './dirsync-messages.ts'
import { MethodRefused, PositionLost } from './follower.ts'

/** How far a domain controller was asked, and as whom. */
export interface DirSyncMark {
  readonly cookie: Buffer
  /** Only what the account may read: it has no right to replicate, and is told of no deletion. */
  readonly isLimited: boolean
}

/** The cookie does not depend on the filter: one that hardly anything fits is the cheapest. */
const hardlyAnything = parseFilter('(objectClass=domainDNS)')

/**
 * Where the domain controller stands now, with as many rights as the account has. Throws
 * `MethodRefused` when it has none, or when `id` is not what the domain controller names entries by.
 */
export async function firstMark(
  channel: Channel,
  context: string,
  id: string,
  options: SearchOptions,
): Promise<DirSyncMark> {
  if (id.toLowerCase() !== 'objectguid') {
    throw new MethodRefused(`it names entries by objectGUID, and the id here is ${id}`)
  }
  const search: Search = {
    base: context,
    scope: 'sub',
    filter: hardlyAnything,
    attributes: ['objectGUID'],
  }
  const from = { cookie: Buffer.alloc(0), isLimited: false }
  try {
    return await walk(channel, search, from, options, () => {})
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  try {
    return await walk(channel, search, { ...from, isLimited: true }, options, () => {})
  } catch (error) {
    throw isRefusal(error) ? new MethodRefused(error.message, { cause: error }) : error
  }
}

/** Everything after the mark. Throws `PositionLost` when it is not taken. */
export async function walkOn(
  channel: Channel,
  search: Search,
  mark: DirSyncMark,
  options: SearchOptions,
  onEntry: (raw: RawEntry) => void,
): Promise<DirSyncMark> {
  try {
    return await walk(channel, search, mark, options, onEntry)
  } catch (error) {
    throw isRefusal(error) ? new PositionLost(error.message, { cause: error }) : error
  }
}

/** Answer by answer to the end; resolves with the mark there. */
async function walk(
  channel: Channel,
  search: Search,
  { cookie: from, isLimited }: DirSyncMark,
  options: SearchOptions,
  onEntry: (raw: RawEntry) => void,
): Promise<DirSyncMark> {
  const flags = incrementalValues | (isLimited ? objectSecurity : 0)
  for (let cookie = from; ;) {
    const control = new DirSyncControl(flags, cookie)
    const result = await channel.exchange(searchRequest(search, [control]), {
      ...options,
      onReply: (reply) => {
        if (reply.kind === 'entry') onEntry(reply.entry)
      },
    })
    if (result.code !== 0) throw new SearchRefused(search, result)
    const answer = decodeDirSync(result.controls)
    if (!answer) throw new MethodRefused('the server gives no cookie')
    if (!answer.hasMore) return { cookie: answer.cookie, isLimited }
    if (answer.cookie.equals(cookie)) throw new PositionLost('the server does not get on')
    cookie = answer.cookie
  }
}

function isRefusal(error: unknown): error is SearchRefused {
  return error instanceof SearchRefused && !isPassing(error.result.code)
}
