import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import { actionsFor, readAbilities, type Abilities } from './actions.ts'
import { AmiRefused, connectAmi } from './ami/connect.ts'
import type { AmiConnection } from './ami/connection.ts'
import type { AmiAnswer, AmiFields } from './ami/message.ts'
import { Forgetting, type Batch } from './forgetting.ts'
import type { AsteriskOptions } from './options.ts'

export interface AsteriskStatus {
  readonly name: string
  /** `host:port` of its manager interface. */
  readonly address: string
  readonly connected: boolean
  /** ISO 8601; null: not connected. */
  readonly connectedSince: string | null
  /** What it is told about; empty until it was connected once. */
  readonly technologies: readonly ('pjsip' | 'sip')[]
  /** What is wrong now, or went wrong last; null: nothing did. */
  readonly problem: string | null
  /** Objects and peers that it has dropped because we said so. */
  readonly expired: number
  /** How often it was told to drop everything: once for each connection at least. */
  readonly flushed: number
}

/** In milliseconds. */
export interface AsteriskTimes {
  readonly timeoutMs: number
  readonly keepAliveMs: number
  readonly shortestRetryMs: number
  readonly longestRetryMs: number
  readonly refusedRetryMs: number
  readonly againMs: number
}

export const usualTimes: AsteriskTimes = {
  timeoutMs: 10_000,
  keepAliveMs: 30_000,
  shortestRetryMs: 250,
  longestRetryMs: 15_000,
  refusedRetryMs: 60_000,
  // Longer than Asterisk waits for an answer (httptimeout in res_curl.conf, 2 s).
  againMs: 3_000,
}

export interface AsteriskDeps {
  /** Told when it turns out to have PJSIP, for each connection anew. */
  readonly onPjsip?: () => void
  readonly log: Logger
  readonly now: () => number
  readonly times: AsteriskTimes
}

/** More changes than that at once, and whole caches are dropped instead of single objects. */
export const mostNames = 500

/**
 * One Asterisk, which is told what to forget, in the order in which it changed. Tries to be
 * connected at all times. What happened while it was not is made good by dropping everything once
 * at the beginning of each connection, so nothing needs to be kept.
 */
export class Asterisk {
  readonly #options: AsteriskOptions
  readonly #path: string
  readonly #deps: AsteriskDeps
  readonly #pending = new Forgetting(mostNames)
  /** Told once, to be told again. */
  #told: { readonly batch: Batch; readonly dueAt: number }[] = []
  /** When this connection was made, by the clock that never jumps. */
  #steadySince = Infinity
  #learnAt = 0
  #restMs = 0
  #ring: () => void = () => {}
  readonly #waiting = new Set<() => void>()
  #ami: AmiConnection | null = null
  #isBusy = false
  #lastComplaint: string | null = null
  #connectedAt: number | null = null
  #abilities: Abilities = { pjsip: false, sip: false, problem: null }
  #problem: string | null = null
  #expired = 0
  #flushed = 0

  constructor(options: AsteriskOptions, path: string, deps: AsteriskDeps) {
    this.#options = options
    this.#path = path
    this.#deps = deps
  }

  get status(): AsteriskStatus {
    const { name, ami } = this.#options
    const { pjsip, sip } = this.#abilities
    const since = this.#connectedAt
    return {
      name,
      address: `${ami.host}:${ami.port}`,
      connected: since !== null,
      connectedSince: since === null ? null : new Date(since).toISOString(),
      technologies: [...(pjsip ? ['pjsip' as const] : []), ...(sip ? ['sip' as const] : [])],
      problem: this.#problem,
      expired: this.#expired,
      flushed: this.#flushed,
    }
  }

  /** Returns at once; it is told when it can be. */
  forget(batch: Batch): void {
    this.#pending.add(batch)
    this.#ring()
  }

  /** Asks something else, between what is to be forgotten. Rejects while nobody is connected. */
  async ask(action: string, fields: AmiFields): Promise<AmiAnswer> {
    if (!this.#ami) throw new Error(this.#problem ?? 'not connected to the manager interface yet')
    return this.#ami.ask(action, fields)
  }

  /** Resolves when it is connected and has been told all that is known so far. */
  async settled(): Promise<void> {
    const isReady = () =>
      this.#connectedAt !== null && (this.#abilities.pjsip || this.#abilities.sip)
    while (!isReady() || this.#isBusy || !this.#pending.isEmpty) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Stays connected until the signal. Never rejects. */
  async keepConnected(signal: AbortSignal): Promise<void> {
    const { shortestRetryMs, longestRetryMs, refusedRetryMs } = this.#deps.times
    signal.addEventListener('abort', () => this.#ring())
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#serve(signal)
      } catch (error) {
        if (signal.aborted) break
        // One that breaks off again and again would never have anything in its caches.
        if (performance.now() - this.#steadySince > longestRetryMs) failures = 0
        this.#disconnected(error)
        const doubled = Math.min(shortestRetryMs * 2 ** failures++, longestRetryMs)
        const waitMs = error instanceof AmiRefused ? refusedRetryMs : doubled
        // Several Peerages must not come back all at once.
        await delay(waitMs * (0.75 + Math.random() / 2), null, { signal }).catch(() => {})
      }
    }
    this.#connectedAt = null
  }

  /** One connection, from log-in to loss. */
  async #serve(signal: AbortSignal): Promise<void> {
    const { ami: options } = this.#options
    const path = `${this.#path}.ami`
    const ring = () => this.#ring()
    await using ami = await connectAmi(options, path, this.#deps.times, ring, signal)
    this.#ami = ami
    this.#told = []
    this.#restMs = this.#deps.times.shortestRetryMs
    await this.#learn(ami)
    // Before anything that changes from now on: what changed while nobody was connected.
    this.#pending.add('everybody')
    while (!signal.aborted) {
      if (ami.problem) throw ami.problem
      if (performance.now() >= this.#learnAt) await this.#learn(ami)
      if (await this.#tellNext(ami)) continue
      if (this.#connectedAt === null) this.#connected()
      for (const resolve of this.#waiting) resolve()
      this.#waiting.clear()
      await this.#quiet()
    }
  }

  /**
   * Asks for what it can do. Asterisk lets us in long before its modules are loaded, so this is
   * done again, soon at first; and later now and then, which keeps the connection alive, too. What
   * changed before it could be told is made good by dropping everything then.
   */
  async #learn(ami: AmiConnection): Promise<void> {
    const { ami: options, name, technology } = this.#options
    const before = this.#abilities
    const listed = await ami.ask('ListCommands')
    this.#abilities = readAbilities(listed, technology, options.user)
    const { pjsip, sip, problem } = this.#abilities
    this.#learnAt = performance.now() + this.#restMs
    this.#restMs = Math.min(this.#restMs * 2, this.#deps.times.keepAliveMs)
    if (pjsip && !before.pjsip) this.#deps.onPjsip?.()
    if ((pjsip && !before.pjsip) || (sip && !before.sip)) this.#pending.add('everybody')
    this.#problem = problem
    if (problem !== null && problem !== before.problem) {
      this.#deps.log.warn({ asterisk: name, problem }, 'Asterisk cannot be told of every change')
    }
  }

  /** Tells what is new, or again what is due; resolves with whether there was anything. */
  async #tellNext(ami: AmiConnection): Promise<boolean> {
    if (!this.#pending.isEmpty) {
      const batch = this.#pending.take()
      await this.#tell(ami, batch)
      // Asterisk may have asked just before the change, and have put the old answer into its cache
      // just after it was told to forget it. So it is told once more when such an answer is in.
      this.#told.push({ batch, dueAt: performance.now() + this.#deps.times.againMs })
      if (this.#told.length > mostNames) {
        this.#told = [{ batch: 'everybody', dueAt: this.#told.at(-1)?.dueAt ?? 0 }]
      }
      return true
    }
    const [next] = this.#told
    if (!next || next.dueAt > performance.now()) return false
    this.#told.shift()
    await this.#tell(ami, next.batch)
    return true
  }

  async #tell(ami: AmiConnection, batch: Batch): Promise<void> {
    this.#isBusy = true
    try {
      const actions = actionsFor(batch, this.#abilities)
      const answers = await Promise.all(actions.map(({ name, fields }) => ami.ask(name, fields)))
      if (batch === 'everybody') this.#flushed++
      else this.#expired += answers.filter(hasForgotten).length
    } finally {
      this.#isBusy = false
    }
  }

  /** Waits for something to do. */
  #quiet(): Promise<void> {
    const dueAt = Math.min(this.#told[0]?.dueAt ?? Infinity, this.#learnAt)
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(1, Math.ceil(dueAt - performance.now())))
    this.#ring = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }

  #connected(): void {
    const { log, now } = this.#deps
    this.#connectedAt = now()
    this.#steadySince = performance.now()
    const { name, address, technologies } = this.status
    this.#lastComplaint = null
    log.info({ asterisk: name, address, technologies }, 'connected to Asterisk')
  }

  #disconnected(error: unknown): void {
    const { log } = this.#deps
    const wasConnected = this.#connectedAt !== null
    this.#connectedAt = null
    this.#ami = null
    this.#steadySince = Infinity
    this.#abilities = { pjsip: false, sip: false, problem: null }
    this.#problem = error instanceof Error ? error.message : String(error)
    // Once, and not at each attempt.
    if (this.#problem === this.#lastComplaint) return
    this.#lastComplaint = this.#problem
    const about = { asterisk: this.#options.name, problem: this.#problem }
    if (wasConnected) log.warn(about, 'connection to Asterisk lost, trying again')
    else log.warn(about, 'Asterisk is not told of changes, trying again')
  }
}

function hasForgotten(answer: AmiAnswer): boolean {
  if (answer.get('response') !== 'Success') return false
  const printed = answer.get('output') // of a console command
  return printed === undefined || / pruned/.test(printed)
}
