import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../../logger.ts'
import type { AriOptions } from '../../pbx/ari-options.ts'
import type { Script } from '../agi/scripts.ts'
import { TroubleLog } from '../agi/trouble-log.ts'
import { openAriClient, type AriClient } from './client.ts'
import { AriUnreachable } from './errors.ts'
import { eventNames, readEvent, type AriEvent } from './event.ts'
import { StasisCalls } from './stasis-calls.ts'

/** In milliseconds. */
export interface AriTimes {
  readonly timeoutMs: number
  readonly shortestRetryMs: number
  readonly longestRetryMs: number
  readonly refusedRetryMs: number
}

export const usualTimes: AriTimes = {
  timeoutMs: 5_000,
  shortestRetryMs: 100,
  longestRetryMs: 5_000,
  refusedRetryMs: 60_000,
}

export interface AriDeps {
  readonly scripts: Readonly<Record<string, Script>>
  readonly log: Logger
  readonly now: () => number
  readonly times?: AriTimes
}

export interface AriStatus {
  readonly name: string
  readonly url: string
  readonly connected: boolean
  /** What is wrong now, or went wrong last; null: nothing did. */
  readonly problem: string | null
  /** Calls that were answered and sent on since the start. */
  readonly calls: number
  /** Those among them that had been left behind by a lost connection. */
  readonly stranded: number
}

/**
 * The calls of one Asterisk. Tries to be connected at all times; while it is not, Asterisk says so
 * to each new call at once (STASISSTATUS=FAILED), and what waits is served at the next connection.
 */
export class AriAsterisk {
  readonly #name: string
  readonly #options: AriOptions
  readonly #path: string
  readonly #deps: AriDeps
  readonly #times: AriTimes
  readonly #trouble: TroubleLog
  readonly #waiting = new Set<() => void>()
  #client: AriClient | null = null
  #problem: string | null = null
  #lastComplaint: string | null = null
  #calls = 0
  #stranded = 0

  constructor(name: string, options: AriOptions, path: string, deps: AriDeps) {
    this.#name = name
    this.#options = options
    this.#path = path
    this.#deps = deps
    this.#times = deps.times ?? usualTimes
    this.#trouble = new TroubleLog(deps.log, deps.now, 'ARI call not answered; it goes on')
  }

  get name(): string {
    return this.#name
  }

  get status(): AriStatus {
    return {
      name: this.#name,
      url: this.#options.url,
      connected: this.#client !== null,
      problem: this.#problem,
      calls: this.#calls,
      stranded: this.#stranded,
    }
  }

  /** Null: not connected. */
  get client(): AriClient | null {
    return this.#client
  }

  /** Resolves when it is connected. */
  async settled(): Promise<void> {
    while (this.#client === null) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Stays connected until the signal. Never rejects. */
  async keepConnected(signal: AbortSignal): Promise<void> {
    const { shortestRetryMs, longestRetryMs, refusedRetryMs } = this.#times
    let failures = 0
    while (!signal.aborted) {
      const begun = performance.now()
      const error = await this.#serve(signal).catch((reason: unknown) => reason)
      if (signal.aborted) break
      // One that breaks off again and again is not tried at once.
      if (performance.now() - begun > longestRetryMs) failures = 0
      const wasConnected = this.#client !== null
      this.#client = null
      this.#complain(error, wasConnected)
      const doubled = Math.min(shortestRetryMs * 2 ** failures++, longestRetryMs)
      const isRefused = error instanceof AriUnreachable && error.isRefused
      const waitMs = isRefused ? refusedRetryMs : doubled
      await delay(waitMs * (0.75 + Math.random() / 2), null, { signal }).catch(() => undefined)
    }
    this.#client = null
  }

  /** One connection, until it is lost. Resolves with what ended it; rejects when there was none. */
  async #serve(signal: AbortSignal): Promise<unknown> {
    const { url, user, password = '', application, budgetMs } = this.#options
    const { scripts } = this.#deps
    const over = Promise.withResolvers<AriUnreachable | null>()
    const ended = new AbortController()
    const stop = () => over.resolve(null)
    signal.addEventListener('abort', stop)
    void over.promise.then(() => ended.abort())
    const early: AriEvent[] = []
    let take = (event: AriEvent) => void early.push(event)
    const onEvent = (raw: unknown) => {
      const event = readEvent(raw)
      if (event?.is === 'replaced') over.resolve(replaced(application, this.#path))
      else if (event) take(event)
    }
    const access = { url, user, password, application, events: eventNames }
    const deps = {
      path: this.#path,
      timeoutMs: this.#times.timeoutMs,
      onEvent,
      onLost: over.resolve,
    }
    try {
      await using client = await openAriClient(access, deps, signal)
      const tell = (problem: string) => this.#trouble.tell(this.#name, problem)
      const held = { client, application, scripts, budgetMs, tell, signal: ended.signal }
      const calls = new StasisCalls({ ...held, onSentOn: () => this.#calls++ })
      take = (event) => {
        if (event.is === 'start') calls.start(event)
        else if (event.is === 'end') calls.end(event.channel.id)
      }
      early.forEach(take)
      this.#stranded += await calls.freeStranded()
      this.#connected(client)
      return await over.promise
    } finally {
      over.resolve(null)
      signal.removeEventListener('abort', stop)
    }
  }

  #connected(client: AriClient): void {
    this.#client = client
    this.#problem = null
    this.#lastComplaint = null
    const { name, url, stranded } = this.status
    this.#deps.log.info({ asterisk: name, url, stranded }, 'answering calls by ARI')
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  #complain(error: unknown, wasConnected: boolean): void {
    this.#problem = error instanceof Error ? error.message : String(error)
    // Once, and not at each attempt.
    if (this.#problem === this.#lastComplaint) return
    this.#lastComplaint = this.#problem
    const about = { asterisk: this.#name, problem: this.#problem }
    if (wasConnected) this.#deps.log.warn(about, 'ARI connection lost, trying again')
    else this.#deps.log.warn(about, 'no calls by ARI, trying again')
  }
}

/** Not tried again at once: two programs would take it from each other without end. */
function replaced(application: string, path: string): AriUnreachable {
  return new AriUnreachable(
    `another program took the application '${application}'; give each Peerage its own ${path}.application`,
    true,
  )
}
