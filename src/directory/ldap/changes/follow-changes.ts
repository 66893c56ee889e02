import { setTimeout as sleep } from 'node:timers/promises'
import type { DirectoryChange, SourceLog } from '../../source.ts'
import type { Access, Opened } from '../access.ts'
import { serverUrl } from '../server.ts'
import { FailBack } from './fail-back.ts'
import {
  type ChangesMethod,
  type Follower,
  type FollowerParts,
  MethodRefused,
  PositionLost,
} from './follower.ts'
import { makeFollower, methodsOf } from './methods.ts'
import { type ServerFacts, readServerFacts } from './server-facts.ts'

export interface Following {
  readonly source: string
  readonly access: Access
  readonly parts: FollowerParts
  /**
   * The configured method, which gives way to another one when the server refuses it; `auto` takes
   * the best that the server offers and lets us use.
   */
  readonly method: ChangesMethod | 'auto'
  readonly log: SourceLog
}

const shortestWaitMs = 100
const longestWaitMs = 30_000
/** For what no new connection heals, such as a wrong password, which would lock the account. */
const refusedWaitMs = 300_000
/** A connection that lasted so long was a good one. */
const goodMs = 10_000

/**
 * Connects, follows, and connects again, until the signal. What was being followed is kept from one
 * connection to the next, so that a short interruption costs nothing; a server that cannot continue
 * from there gets a new position, and the consumer is told to read again.
 */
export async function* followChanges(
  following: Following,
  signal: AbortSignal,
): AsyncGenerator<DirectoryChange, void> {
  const { access, parts, log, source } = following
  const followers = new Map<ChangesMethod, Follower>()
  const refused = new Set<ChangesMethod>()
  let failures = 0
  while (!signal.aborted) {
    const started = parts.now()
    let waitMs: number
    let server = 'no server'
    try {
      const opened = await connectAndAsk(access, parts, signal)
      await using channel = opened.channel
      server = serverUrl(opened.server)
      const method = chooseMethod(following.method, opened.found, refused)
      const follower = followers.get(method) ?? makeFollower(method, parts)
      followers.set(method, follower)
      logMethod(log, { source, server, method }, following.method)
      const link = { channel, server: opened.server, facts: opened.found, signal }
      using failBack = new FailBack(access, opened)
      try {
        yield* follower.follow(link)
      } catch (error) {
        if (signal.aborted) return
        if (failBack.isDue) throw new UsualServerBack('the usual server is there again')
        if (error instanceof MethodRefused) refused.add(method)
        else if (!(error instanceof PositionLost)) access.failed(opened.server)
        throw error
      }
      throw new Error('the server ends the search')
    } catch (error) {
      if (signal.aborted) return
      failures = parts.now() - started > goodMs ? 1 : failures + 1
      waitMs = waitAfter(error, failures)
      const about = { source, server, reason: text(error), inMs: waitMs }
      logFailure(log, about, error, failures)
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {})
  }
}

/** The server that is followed is the one to read from: another may lag behind. */
async function connectAndAsk(
  access: Access,
  { silenceMs }: FollowerParts,
  signal: AbortSignal,
): Promise<Opened<ServerFacts>> {
  const opened = await access.open(signal, (channel) =>
    readServerFacts(channel, { silenceMs, signal }),
  )
  access.prefer(opened.server)
  return opened
}

function chooseMethod(
  wanted: ChangesMethod | 'auto',
  facts: ServerFacts,
  refused: Set<ChangesMethod>,
): ChangesMethod {
  const offered = methodsOf(facts)
  // Asked for by name it is tried even if the server does not list it: not every account may see
  // what is listed. Sequence numbers are there, or not.
  const wantsCount = wanted === 'usn' || wanted === 'dirsync'
  const isPossible = wanted !== 'auto' && (!wantsCount || facts.usn !== null)
  const usable = [...(isPossible ? [wanted] : []), ...offered].find(
    (method) => !refused.has(method),
  )
  if (usable) return usable
  // Rights may be given later.
  refused.clear()
  throw new NothingOffered('the server offers no way of following that this account may use')
}

function logMethod(
  log: SourceLog,
  about: { readonly source: string; readonly server: string; readonly method: ChangesMethod },
  wanted: ChangesMethod | 'auto',
): void {
  if (wanted === 'auto' || wanted === about.method) return log.info(about, 'changes are followed')
  const remedy = `check sources.${about.source}.changes`
  log.warn(
    { ...about, configured: wanted, remedy },
    'changes are followed, but not in the configured way: the server refuses it',
  )
}

class NothingOffered extends Error {}
class UsualServerBack extends Error {}

/** A short interruption is not worth a warning, and a long one not many. */
function logFailure(log: SourceLog, about: object, error: unknown, failures: number): void {
  if (error instanceof MethodRefused) log.info(about, 'the server refuses this way of following')
  else if (error instanceof PositionLost) {
    log.info(about, 'the server cannot continue from where we stood, everything is read')
  } else if (error instanceof NothingOffered || failures === 3) {
    log.warn(about, 'changes are not followed at the moment')
  } else if (failures === 1) log.info(about, 'the connection for changes is made again')
  else log.debug(about, 'the connection for changes is made again')
}

function waitAfter(error: unknown, failures: number): number {
  if (error instanceof NothingOffered || isRefusal(error)) return refusedWaitMs
  if (error instanceof UsualServerBack) return 0
  if (error instanceof MethodRefused) return failures > 4 ? refusedWaitMs : 0
  return Math.min(shortestWaitMs * 2 ** (failures - 1), longestWaitMs)
}

/** Access says "unavailable" with the refused bind as the cause of it. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof Error && 'isRefusal' in cause && cause.isRefusal === true
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
