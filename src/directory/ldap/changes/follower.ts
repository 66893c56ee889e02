import type { DirectoryChange, EntryDelta } from '../../source.ts'
import type { Channel } from '../channel.ts'
import type { EntryReader } from '../entry-reader.ts'
import type { Server } from '../server.ts'
import type { KnownIds } from './known-ids.ts'
import type { ServerFacts } from './server-facts.ts'

/**
 * How changes are noticed. `syncrepl`: content synchronisation, RFC 4533. `persistent-search`:
 * draft-ietf-ldapext-psearch. `dirsync` and `usn`: what Active Directory would replicate, and its
 * update sequence numbers. `timestamp`: modifyTimestamp and all ids, again and again.
 */
export type ChangesMethod = 'syncrepl' | 'persistent-search' | 'dirsync' | 'usn' | 'timestamp'

/**
 * Follows a directory in one way. It keeps its position from one connection to the next, and is
 * asked for nothing but to follow; to connect again is the business of `followChanges`.
 */
export interface Follower {
  /**
   * Everything after the position, until the connection breaks, which throws. Without a position
   * that this server can continue from, it notes a new one and the first value is `read-again`.
   */
  follow(link: Link): AsyncGenerator<DirectoryChange, void>
}

/** One connection to follow over. */
export interface Link {
  readonly channel: Channel
  readonly server: Server
  readonly facts: ServerFacts
  readonly signal: AbortSignal
}

/** What every way of following is made with. */
export interface FollowerParts {
  readonly reader: EntryReader
  readonly known: KnownIds
  /** Whether a changed group may change people: memberOf is asked for. */
  readonly watchesGroups: boolean
  readonly pollMs: number
  readonly sweepMs: number
  readonly silenceMs: number
  readonly now: () => number
}

/** The server cannot continue from where we stood; a new position has to be noted. */
export class PositionLost extends Error {
  override name = 'PositionLost'
}

/** The server offers this way of following, but not to us; another way may do. */
export class MethodRefused extends Error {
  override name = 'MethodRefused'
}

export const readAgain: DirectoryChange = { kind: 'read-again' }

/** Null when there is nothing to tell. */
export function deltaOf({ entries, gone, problems }: EntryDelta): DirectoryChange | null {
  if (entries.length + gone.length + problems.length === 0) return null
  return { kind: 'delta', entries, gone, problems }
}
