import type { Logger } from '../logger.ts'
import { noCounts, type PersonChange, type Run, type RunCounts } from '../state/runs.ts'
import { describeItem } from './described-plan.ts'
import type { Plan } from './plan.ts'
import type { Reading } from './reading.ts'

/** What a run has to say when it is over. */
export type Report = Pick<Run, 'counts' | 'problems' | 'changes' | 'plan' | 'error' | 'outcome'>

const changesShown = 300

/** What a run counted; `known`: how many people the source had before. */
export function countsOfRun(
  { items }: Plan,
  reading: Pick<Reading, 'kind' | 'people' | 'entries' | 'problemCount'>,
  known: number,
): RunCounts {
  const counts = { added: 0, changed: 0, missing: 0, back: 0, disabled: 0, removed: 0 }
  for (const { kind } of items) counts[kind]++
  return {
    entries: reading.entries,
    people: reading.kind === 'complete' ? reading.people : known + counts.added - counts.removed,
    ...counts,
    healed: 0,
    problems: reading.problemCount,
  }
}

/**
 * How much of a complete read's plan a source that announces changes should have announced: all but
 * what time alone brings about.
 */
export function healedBy({ items }: Plan): number {
  return items.filter(({ before, after }) => {
    if (before?.standing?.missing) return after !== null && !after.standing?.missing
    return after?.person.disabled !== 'expired'
  }).length
}

export function shownChanges({ items }: Plan): PersonChange[] {
  return items.slice(0, changesShown).map(describeItem)
}

export function failed(error: unknown): Report {
  const text = error instanceof Error ? error.message : String(error)
  return { outcome: 'failed', error: text, counts: noCounts, problems: [], changes: [], plan: null }
}

/** `readAt`: when the people were read that are in force now; null: there never were any. */
export function logRun(log: Logger, run: Run, readAt: number | null): void {
  const { source, id, reason, outcome, counts, error, plan } = run
  const about = { source, run: id, reason, ms: run.finishedAt - run.startedAt }
  switch (outcome) {
    case 'done':
      if (counts.healed > 0)
        log.info(
          { ...about, healed: counts.healed },
          'the read found changes that were not announced before',
        )
      return log.info(
        { ...about, ...counts },
        reason === 'delta' ? 'change taken over' : 'directory read',
      )
    case 'held':
      return log.warn({ ...about, ...counts, plan, problem: error }, 'plan held for approval')
    case 'failed': {
      const since = readAt === null ? 'never read' : new Date(readAt).toISOString()
      return log.warn(
        { ...about, problem: error, answeringFrom: since },
        'directory not read, answering from the last good people',
      )
    }
  }
}
