import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { AmiAnswer, AmiFields } from './ami/message.ts'
import { canBeNamed } from './actions.ts'
import type { RegisteredPhone } from './phones.ts'
import { Untied } from './untied.ts'

export interface WakerDeps {
  /** Over the manager interface; rejects while that is not connected. */
  readonly ask: (action: string, fields: AmiFields) => Promise<AmiAnswer>
  /** Whether it has PJSIP, as far as is known; chan_sip needs no waking. */
  readonly hasPjsip: () => boolean
  /** Everybody's phones that are registered now. */
  readonly phones: () => Iterable<RegisteredPhone>
  /** What the log is told besides. */
  readonly about: object
  readonly log: Logger
  readonly times: WakerTimes
}

/** In milliseconds. */
export interface WakerTimes {
  readonly shortestRetryMs: number
  readonly longestRetryMs: number
  readonly keepAliveMs: number
}

/** Few, so that registrations are not held up by what follows from them. */
const atOnce = 2
/** In a wave of registrations the phones matter more than their lamps: then it goes slowly. */
const wave = { phones: 100, lastMs: 200, restMs: 50 } as const

/**
 * Asterisk learns the state of endpoints (busy lamps, queues, whom to qualify) from the list of
 * everybody, which it is not given when there are many (answers/realtime/endpoint-list.ts). So each
 * phone that registers is made known to it, once for each start of Asterisk: it is told to look at
 * that AOR, and asks for what belongs to it; then it is told to ask the phone whether it is there.
 */
export class Waker {
  readonly #deps: WakerDeps
  readonly #awake = new Map<string, RegisteredPhone>()
  readonly #pending = new Map<string, RegisteredPhone>()
  readonly #untied: Untied
  readonly #waiting = new Set<() => void>()
  #ring: () => void = () => {}
  #epoch: string | null = null
  #lookAt = 0
  #lastCameAt = -Infinity
  #isBusy = false
  #hasLearnt = false
  #woken = 0
  #problem: string | null = null

  constructor(deps: WakerDeps) {
    this.#deps = deps
    const { log, about } = deps
    this.#untied = new Untied({ console: (command) => this.#console(command), log, about })
  }

  /** Phones that were woken so far. */
  get woken(): number {
    return this.#woken
  }

  /** Why phones are not woken now; null: they are. */
  get problem(): string | null {
    return this.#problem
  }

  /** Whether it has PJSIP and has started. */
  get isBooted(): boolean {
    return this.#epoch !== null && this.#lookAt !== 0
  }

  /** Whether it asks for everybody because it was told to reload. */
  get isReloading(): boolean {
    return this.#untied.isReloading
  }

  /** A phone registered. Returns at once. */
  wake(phone: RegisteredPhone): void {
    if (this.#awake.has(phone.extension) || !canBeNamed(phone.extension)) return
    this.#pending.set(phone.extension, phone)
    this.#lastCameAt = performance.now()
    this.#ring()
  }

  /** Asterisk may have been started again, or have asked in vain. */
  look(): void {
    this.#lookAt = 0
    for (const phone of this.#awake.values()) this.#untied.doubt(phone)
    this.#ring()
  }

  /** Resolves when everybody who has a phone is awake. */
  async settled(): Promise<void> {
    while (
      this.#deps.hasPjsip() &&
      (!this.isBooted || this.#isBusy || this.#pending.size > 0 || this.#untied.hasMore)
    ) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Until the signal. Never rejects. */
  async keepAwake(signal: AbortSignal): Promise<void> {
    const { shortestRetryMs, longestRetryMs } = this.#deps.times
    signal.addEventListener('abort', () => this.#ring())
    let failures = 0
    while (!signal.aborted) {
      try {
        await this.#serve(signal)
        failures = 0
      } catch (error) {
        if (signal.aborted) return
        this.#failed(error)
        const waitMs = Math.min(shortestRetryMs * 2 ** failures++, longestRetryMs)
        await delay(waitMs, null, { signal }).catch(() => {})
      }
    }
  }

  async #serve(signal: AbortSignal): Promise<void> {
    if (!this.#deps.hasPjsip()) return this.#quiet(this.#deps.times.keepAliveMs)
    if (performance.now() >= this.#lookAt) await this.#learn()
    if (this.#epoch === null) {
      await delay(this.#deps.times.shortestRetryMs, null, { signal })
    } else if (this.#pending.size > 0) {
      await this.#wakeAll(signal)
    } else if (this.#untied.hasMore) {
      // Everybody is awake still, and who is not was looked at again.
      if ((await this.#untied.goOn()) === 'reloaded') this.#epoch = await this.#readEpoch()
    } else {
      for (const resolve of this.#waiting) resolve()
      this.#waiting.clear()
      await this.#quiet(this.#lookAt - performance.now())
    }
  }

  /** After a start or a reload of Asterisk nobody is awake. */
  async #learn(): Promise<void> {
    const epoch = await this.#readEpoch()
    this.#lookAt = epoch === null ? 0 : performance.now() + this.#deps.times.keepAliveMs
    if (epoch !== null && epoch !== this.#epoch) {
      this.#awake.clear()
      this.#untied.forget()
      for (const phone of this.#deps.phones()) {
        this.wake(phone)
        // It ran before us: some it may know since a moment in which nobody answered.
        if (!this.#hasLearnt && canBeNamed(phone.extension)) this.#untied.doubt(phone)
      }
    }
    this.#epoch = epoch
    this.#hasLearnt = true
  }

  /** Another text after each start and each reload; null: it is still starting, or has no PJSIP. */
  async #readEpoch(): Promise<string | null> {
    await this.#console('core waitfullybooted')
    const known = await this.#console('core show help pjsip reload qualify aor')
    if (/no such command/i.test(known)) return null
    const status = await this.#deps.ask('CoreStatus', {})
    const times = ['corestartupdate', 'corestartuptime', 'corereloaddate', 'corereloadtime']
    return times.map((name) => status.get(name)).join(' ')
  }

  async #wakeAll(signal: AbortSignal): Promise<void> {
    const before = this.#woken
    this.#isBusy = true
    try {
      await Promise.all(Array.from({ length: atOnce }, () => this.#wakeMore(signal)))
    } finally {
      this.#isBusy = false
    }
    this.#problem = null
    const { log, about } = this.#deps
    log.debug({ ...about, phones: this.#woken - before }, 'phones woken')
  }

  async #wakeMore(signal: AbortSignal): Promise<void> {
    while (performance.now() < this.#lookAt) {
      if (this.#pending.size > wave.phones && performance.now() - this.#lastCameAt < wave.lastMs) {
        await delay(wave.restMs, null, { signal })
      }
      const [phone] = this.#pending.values()
      if (!phone) return
      this.#pending.delete(phone.extension)
      try {
        await this.#wakeOne(phone)
      } catch (error) {
        this.#pending.set(phone.extension, phone)
        throw error
      }
    }
  }

  async #wakeOne(phone: RegisteredPhone): Promise<void> {
    const { extension, isQualified } = phone
    const said = await this.#console(`pjsip reload qualify aor ${extension}`)
    if (!said.startsWith('Synchronizing')) return // nobody any more
    // Or it would count as away until its turn comes, some time within the interval.
    if (isQualified) await this.#deps.ask('PJSIPQualify', { Endpoint: extension })
    this.#awake.set(extension, phone)
    this.#woken++
  }

  /** What a console command prints. */
  async #console(command: string): Promise<string> {
    const answer = await this.#deps.ask('Command', { Command: command })
    if (answer.get('response') === 'Success') return answer.get('output') ?? ''
    throw new Error('may not wake phones; in manager.conf the class command is wanted in `write`')
  }

  #failed(error: unknown): void {
    const { log, about } = this.#deps
    const problem = error instanceof Error ? error.message : String(error)
    this.#lookAt = 0
    if (problem !== this.#problem)
      log.warn({ ...about, problem }, 'phones are not woken, trying again')
    this.#problem = problem
  }

  /** Waits for something to do. */
  #quiet(longestMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, Math.max(1, Math.ceil(longestMs)))
    this.#ring = () => {
      clearTimeout(timer)
      resolve()
    }
    return promise
  }
}
