import type { Logger } from '../logger.ts'
import type { Notice, NoticeEvent } from '../state/notice-book.ts'
import type { Run } from '../state/runs.ts'
import type { State } from '../state/state.ts'
import type { Channel, Told } from './channel.ts'
import { mail } from './mail.ts'
import { recoveryText } from './mail-text.ts'
import type { NoticeOptions } from './options.ts'
import { Outbox } from './outbox.ts'
import { webhook } from './webhook.ts'

export interface NoticeDeps {
  readonly state: Pick<State, 'notices' | 'plans' | 'people'>
  readonly log: Logger
  readonly now: () => number
  /** How long to wait after a delivery that failed; it doubles. */
  readonly retryMs?: number
}

const expiryEveryMs = 60_000
/** A plan that changes with every read is not told with every read. */
const sameTroubleMs = 3_600_000

/**
 * Tells administrators of trouble and of its end. A run that is over comes in; a mail or a webhook's
 * call goes out, once for each piece of news, whatever happens to this process in between: it is
 * first kept in the state. Nothing here delays a run.
 */
export class Notices implements AsyncDisposable {
  readonly #deps: NoticeDeps
  readonly #outboxes: readonly Outbox[]
  readonly #clock: NodeJS.Timeout
  #noted: Promise<unknown> = Promise.resolve()

  constructor(channels: readonly Channel[], deps: NoticeDeps) {
    const { state, log, now, retryMs } = deps
    const describe = (notice: Notice) => this.#describe(notice)
    const given = retryMs === undefined ? {} : { retryMs }
    this.#deps = deps
    this.#outboxes = channels.map((channel) => {
      return new Outbox(channel, { book: state.notices, log, now, describe, ...given })
    })
    this.#clock = setInterval(() => this.#then(() => this.#noteExpiries()), expiryEveryMs)
    this.#clock.unref()
    this.#then(() => this.#noteExpiries())
    // What the last start could not deliver.
    this.#ring()
  }

  readonly tell = (run: Run, before: Run['outcome'] | undefined): void => {
    if (this.#outboxes.length === 0) return
    this.#then(async () => {
      await this.#noteExpiries()
      for (const news of await this.#newsOf(run, before)) await this.#note(news)
    })
  }

  /** Resolves when all that was told so far is kept; for closing. */
  async settled(): Promise<void> {
    await this.#noted
  }

  /** Everything is tried once more; what is not taken waits for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#clock)
    await this.settled()
    await Promise.all(this.#outboxes.map((outbox) => outbox[Symbol.asyncDispose]()))
  }

  #then(work: () => Promise<void>): void {
    if (this.#outboxes.length === 0) return
    this.#noted = this.#noted.then(work).catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error)
      this.#deps.log.error({ problem }, 'notice not kept, and so not delivered')
    })
  }

  /** What is new about a run: mostly nothing. */
  async #newsOf(run: Run, before: Run['outcome'] | undefined): Promise<readonly News[]> {
    const { state, now } = this.#deps
    const { source, outcome, plan, error, id, finishedAt: at } = run
    const last = await state.notices.newest(source, ['failure', 'recovery'])
    const news = (event: NoticeEvent, text: string) => ({ source, event, run: id, plan, at, text })
    if (outcome === 'failed') {
      return last?.event === 'failure' ? [] : [news('failure', error ?? 'for no known reason')]
    }
    const told: News[] = []
    if (last?.event === 'failure') {
      told.push({ ...news('recovery', recoveryText(source, last.at, at)), plan: null })
    }
    if (outcome === 'held' && (await this.#isNews(source, plan, before, now()))) {
      told.push(news('held', error ?? ''))
    }
    return told
  }

  async #isNews(
    source: string,
    plan: number | null,
    before: Run['outcome'] | undefined,
    now: number,
  ): Promise<boolean> {
    const last = await this.#deps.state.notices.newest(source, ['held', 'expired'])
    if (last?.event !== 'held') return true
    if (last.plan === plan) return false
    return before !== 'held' || now - last.at >= sameTroubleMs
  }

  async #noteExpiries(): Promise<void> {
    const { state, now } = this.#deps
    for (const { plan, source, run } of await state.notices.untoldExpiries(now())) {
      const text = `plan ${plan} has expired: nobody approved or rejected it in time, and nobody was changed`
      await this.#note({ source, event: 'expired', run, plan, at: now(), text })
    }
  }

  async #note(news: News): Promise<void> {
    await this.#deps.state.notices.add(
      news,
      this.#outboxes.map(({ name }) => name),
    )
    this.#ring()
  }

  #ring(): void {
    for (const outbox of this.#outboxes) outbox.ring()
  }

  async #describe(notice: Notice): Promise<Told> {
    const { plans, people } = this.#deps.state
    const about = notice.plan === null ? undefined : await plans.get(notice.plan)
    const readAt = (await people.readAges()).get(notice.source) ?? null
    return { ...notice, about, readAt }
  }
}

type News = Omit<Notice, 'id'>

/** The channels that are configured. */
export function openChannels({ mail: mailOptions, notify }: NoticeOptions): readonly Channel[] {
  return [...(mailOptions ? [mail(mailOptions)] : []), ...(notify ? [webhook(notify)] : [])]
}
