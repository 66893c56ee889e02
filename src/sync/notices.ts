import { Type, type Static } from 'typebox'
import type { Complaint } from '../complaint.ts'
import type { Logger } from '../logger.ts'
import type { Run } from '../state/runs.ts'

export const noticeProperties = {
  notify: Type.Optional(
    Type.Object(
      {
        webhook: Type.String({
          description:
            'Where a JSON text is posted when a source fails, when it works again, and when a plan is held: once each.',
          examples: ['http://127.0.0.1:9000/peerage'],
        }),
        timeoutMs: Type.Integer({
          default: 5000,
          minimum: 100,
          description: 'How long to wait for its answer.',
        }),
      },
      { additionalProperties: false, description: 'Who is told of trouble.' },
    ),
  ),
}

const noticeOptions = Type.Object(noticeProperties)
export type NoticeOptions = Static<typeof noticeOptions>

export function checkNotify({ notify }: NoticeOptions): Complaint[] {
  if (!notify || /^https?:$/.test(URL.parse(notify.webhook)?.protocol ?? '')) return []
  const problem = 'is not an address to post to; expected http:// or https://'
  return [{ path: 'notify.webhook', problem, example: 'http://127.0.0.1:9000/peerage' }]
}

/** What is posted. */
export interface Notice {
  readonly event: 'failure' | 'recovery' | 'held'
  readonly source: string
  readonly text: string
  readonly run: number
  readonly plan: number | null
  /** ISO 8601. */
  readonly at: string
}

/** What a run is worth telling after the one before it; null: nothing. */
export function noticeOf(run: Run, before: Run['outcome'] | undefined): Notice | null {
  const event = eventOf(run.outcome, before)
  if (event === null) return null
  const { source, id, plan, error } = run
  const text = error ?? `source '${source}' is read again`
  return { event, source, text, run: id, plan, at: new Date(run.finishedAt).toISOString() }
}

function eventOf(outcome: Run['outcome'], before: Run['outcome'] | undefined) {
  if (outcome === before) return null
  if (outcome === 'held') return 'held'
  if (outcome === 'failed') return 'failure'
  return before === 'failed' ? 'recovery' : null
}

/** Posts notices one after the other; one that is not taken is logged and not repeated. */
export class Notices {
  readonly #options: NonNullable<NoticeOptions['notify']> | null
  readonly #log: Logger
  #sent: Promise<void> = Promise.resolve()

  constructor({ notify }: NoticeOptions, log: Logger) {
    this.#options = notify ?? null
    this.#log = log
  }

  readonly tell = (run: Run, before: Run['outcome'] | undefined): void => {
    const notice = noticeOf(run, before)
    if (notice && this.#options) this.#sent = this.#sent.then(() => this.#post(notice))
  }

  /** Resolves when everything was posted; for closing. */
  async idle(): Promise<void> {
    await this.#sent
  }

  async #post(notice: Notice): Promise<void> {
    const { webhook = '', timeoutMs = 5000 } = this.#options ?? {}
    try {
      const answer = await fetch(webhook, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(notice),
        signal: AbortSignal.timeout(timeoutMs),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`it answered ${answer.status}`)
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      this.#log.warn(
        { source: notice.source, event: notice.event, problem },
        'notice not delivered',
      )
    }
  }
}
