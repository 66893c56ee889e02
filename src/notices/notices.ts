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
  /** Of several nodes one tells: whether it is this one. */
  readonly isTeller?: () => boolean
  /** How long to wait after a delivery that failed; it doubles. */
  readonly retryMs?: number
  /** How long a plan must stand before it is told. */
  readonly standingMs?: number
}

/** Whoever deletes three hundred people one by one makes a new plan with each; the last is of use. */
const usualStandingMs = 10_000
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
  /** Held plans that are not told yet, by source. */
  readonly #standing = new Map<string, Standing>()
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
    this.resume()
  }

  /** Takes up what was not delivered before, by the last start or by another node. */
  resume(): void {
    this.#then(() => this.#noteExpiries())
    if (this.#isTeller()) this.#ring()
  }

  readonly tell = (run: Run, before: Run['outcome'] | undefined): void => {
    if (this.#outboxes.length === 0) return
    this.#then(async () => {
      await this.#noteExpiries()
      for (const news of await this.#newsOf(run)) await this.#note(news)
    })
    this.#await(run, before)
  }

  /** Resolves when all that was told so far is kept; for closing. */
  async settled(): Promise<void> {
    await this.#noted
  }

  /** Everything is tried once more; what is not taken waits for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#clock)
    for (const source of this.#standing.keys()) this.#tellHeld(source)
    await this.settled()
    await Promise.all(this.#outboxes.map((outbox) => outbox[Symbol.asyncDispose]()))
  }

  #then(work: () => Promise<void>): void {
    if (this.#outboxes.length === 0 || !this.#isTeller()) return
    this.#noted = this.#noted.then(work).catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error)
      this.#deps.log.error({ problem }, 'notice not kept, and so not delivered')
    })
  }

  /** A plan that the next run replaces, or does without, is not told. */
  #await(run: Run, before: Run['outcome'] | undefined): void {
    const { source } = run
    const known = this.#standing.get(source)
    if (run.outcome === 'done') {
      clearTimeout(known?.timer)
      this.#standing.delete(source)
    }
    if (run.outcome !== 'held') return
    const { standingMs = usualStandingMs } = this.#deps
    const timer = known?.timer ?? setTimeout(() => this.#tellHeld(source), standingMs)
    this.#standing.set(source, { run, before: known ? known.before : before, timer })
  }

  #tellHeld(source: string): void {
    const standing = this.#standing.get(source)
    this.#standing.delete(source)
    if (!standing) return
    clearTimeout(standing.timer)
    this.#then(async () => {
      const { run, before } = standing
      if (await this.#isNews(run, before)) await this.#note(newsOf('held', run))
    })
  }

  /** What is new about a run: mostly nothing. */
  async #newsOf(run: Run): Promise<readonly News[]> {
    const { state } = this.#deps
    const { source, outcome, finishedAt } = run
    const last = await state.notices.newest(source, ['failure', 'recovery'])
    if (outcome === 'failed') return last?.event === 'failure' ? [] : [newsOf('failure', run)]
    if (last?.event !== 'failure') return []
    const text = recoveryText(source, last.at, finishedAt)
    return [{ ...newsOf('recovery', run), plan: null, text }]
  }

  async #isNews({ source, plan }: Run, before: Run['outcome'] | undefined): Promise<boolean> {
    const { state, now } = this.#deps
    const last = await state.notices.newest(source, ['held', 'expired'])
    if (last?.event !== 'held') return true
    if (last.plan === plan) return false
    return before !== 'held' || now() - last.at >= sameTroubleMs
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

  #isTeller(): boolean {
    return this.#deps.isTeller?.() ?? true
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

interface Standing {
  readonly run: Run
  /** What became of the run before the first of them. */
  readonly before: Run['outcome'] | undefined
  readonly timer: NodeJS.Timeout
}

function newsOf(event: NoticeEvent, { id, source, plan, error, finishedAt }: Run): News {
  return { source, event, run: id, plan, at: finishedAt, text: error ?? 'for no known reason' }
}

/** The channels that are configured. */
export function openChannels({ mail: mailOptions, notify }: NoticeOptions): readonly Channel[] {
  return [...(mailOptions ? [mail(mailOptions)] : []), ...(notify ? [webhook(notify)] : [])]
}
