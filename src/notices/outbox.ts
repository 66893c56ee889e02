import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../logger.ts'
import type { Notice, NoticeBook } from '../state/notice-book.ts'
import { NotTaken, type Channel, type Told } from './channel.ts'

export interface OutboxDeps {
  readonly book: NoticeBook
  readonly log: Logger
  readonly now: () => number
  /** All that there is to say about a notice. */
  readonly describe: (notice: Notice) => Promise<Told>
  /** The first of the waits that double; milliseconds. */
  readonly retryMs?: number
}

const longestRetryMs = 600_000
/** A log-in that is refused too often locks the account. */
const refusedRetryMs = 3_600_000
/** Yesterday's trouble is no news. */
const longestWaitMs = 24 * 3_600_000

/**
 * Delivers notices through one channel, the oldest first, and keeps those that were not taken, also
 * over a restart. A channel that does not take any is logged once, tried again after longer and
 * longer waits, and holds up nobody else.
 */
export class Outbox implements AsyncDisposable {
  readonly #channel: Channel
  readonly #deps: OutboxDeps
  readonly #closing = new AbortController()
  #work: Promise<void> = Promise.resolve()
  /** Notices came since the work on its way looked for them. */
  #isRung = false
  #isWorking = false
  #failures = 0

  constructor(channel: Channel, deps: OutboxDeps) {
    this.#channel = channel
    this.#deps = deps
  }

  get name(): Channel['name'] {
    return this.#channel.name
  }

  /** There may be something to deliver. */
  ring(): void {
    this.#isRung = true
    if (this.#isWorking) return
    this.#isWorking = true
    this.#work = this.#deliverAll().finally(() => (this.#isWorking = false))
  }

  /** What waits is tried once more, and kept for the next start if it is not taken. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#work
  }

  async #deliverAll(): Promise<void> {
    while (this.#isRung) {
      this.#isRung = false
      for (;;) {
        const waitMs = await this.#deliverWaiting().catch((error: unknown) => this.#noState(error))
        if (waitMs === null) break
        if (this.#closing.signal.aborted) return
        const { signal } = this.#closing
        await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
      }
    }
  }

  /** Null when everything was taken, or how long to wait. */
  async #deliverWaiting(): Promise<number | null> {
    const { book, describe } = this.#deps
    for (const notice of await book.waiting(this.name)) {
      if (!this.#isTooOld(notice)) {
        try {
          await this.#channel.deliver(await describe(notice))
          this.#took()
        } catch (error) {
          return this.#failed(notice, error)
        }
      }
      await book.delivered(notice.id, this.name)
    }
    return null
  }

  #isTooOld({ id, source, event, at }: Notice): boolean {
    if (this.#deps.now() - at < longestWaitMs) return false
    const { name } = this
    this.#deps.log.error(
      { channel: name, notice: id, source, event },
      'notice given up after a day',
    )
    return true
  }

  #took(): void {
    if (this.#failures > 0) this.#deps.log.info({ channel: this.name }, 'notices are taken again')
    this.#failures = 0
  }

  #failed({ source, event }: Notice, error: unknown): number {
    const problem = error instanceof Error ? error.message : String(error)
    const about = { channel: this.name, source, event, problem }
    if (this.#failures === 0) {
      this.#deps.log.warn(about, 'notice not delivered, it is kept and tried again')
    } else this.#deps.log.debug(about, 'notice not delivered again')
    if (error instanceof NotTaken) {
      this.#failures++
      return refusedRetryMs
    }
    const { retryMs = 10_000 } = this.#deps
    return Math.min(retryMs * 2 ** this.#failures++, longestRetryMs)
  }

  #noState(error: unknown): number {
    const problem = error instanceof Error ? error.message : String(error)
    this.#deps.log.error({ channel: this.name, problem }, 'notices cannot be read from the state')
    return longestRetryMs
  }
}
