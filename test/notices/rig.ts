import type { Logger } from '../../src/logger.ts'
import { Notices } from '../../src/notices/notices.ts'
import type { Channel } from '../../src/notices/channel.ts'
import { noCounts, type Run } from '../../src/state/runs.ts'
import { openState, type State } from '../../src/state/state.ts'

export interface LogLine {
  readonly level: string
  readonly about: Readonly<Record<string, unknown>>
  readonly phrase: string
}

/** A logger that keeps what is said from `info` on. */
export function keptLog(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const say = (level: string) => (about: unknown, phrase?: string) => {
    lines.push({ level, about: about as LogLine['about'], phrase: phrase ?? '' })
  }
  return {
    lines,
    debug: () => {},
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
  } as unknown as Logger & { readonly lines: LogLine[] } // the four that anybody here calls
}

export const hour = 3_600_000

export async function openNotices(channels: readonly Channel[], path = ':memory:') {
  const time = { now: 1_795_000_000_000 }
  const now = () => time.now
  const log = keptLog()
  const state: State = await openState({ state: `sqlite:${path}` }, now)
  const notices = new Notices(channels, { state, log, now, retryMs: 10, standingMs: 0 })
  return {
    notices,
    state,
    log,
    time,
    async [Symbol.asyncDispose]() {
      await notices[Symbol.asyncDispose]()
      await state[Symbol.asyncDispose]()
    },
  }
}

let lastRun = 0

export function run(outcome: Run['outcome'], about: Partial<Run> = {}): Run {
  return {
    id: ++lastRun,
    source: 'office',
    reason: 'schedule',
    startedAt: 1_795_000_000_000,
    finishedAt: 1_795_000_000_000,
    outcome,
    error: outcome === 'done' ? null : 'for a reason',
    plan: null,
    counts: noCounts,
    problems: [],
    changes: [],
    ...about,
  }
}

/** A plan of as many people who are gone, held in the state; its number. */
/** `earlier`: how many more were announced one by one, and taken over. */
export function holdPlan(
  state: State,
  count: number,
  now: number,
  name = 'Ada',
  earlier = 0,
): Promise<number> {
  const people = Array.from({ length: count }, (_, index) => ({
    id: `office/${index}`,
    name: `${name} ${index}`,
  }))
  return state.plans.hold({
    source: 'office',
    digest: `${name} ${count}`,
    madeAt: now,
    seenAt: now,
    expiresAt: now + 24 * hour,
    run: 1,
    excess: [
      { kind: 'remove', count: count + earlier, limit: 25, ...(earlier > 0 ? { earlier } : {}) },
    ],
    prints: [],
    kept: [],
    people: count,
    items: people.map((person, index) => {
      return { ...person, kind: 'missing', extension: String(500 + index), fields: [] }
    }),
    effects: {
      numbers: people.map((person, index) => {
        return { kind: 'extension', number: String(500 + index), before: [person], after: [] }
      }),
      lost: [],
    },
  })
}
