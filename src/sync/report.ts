import type { PersonChange, RunCounts } from '../state/runs.ts'
import { describeItem } from './described-plan.ts'
import type { Plan } from './plan.ts'
import type { Reading } from './reading.ts'

const changesShown = 300

/** What a run counted; `known`: how many people the source had before. */
export function countsOfRun({ items }: Plan, reading: Reading, known: number): RunCounts {
  const counts = { added: 0, changed: 0, missing: 0, back: 0, disabled: 0, removed: 0 }
  for (const { kind } of items) counts[kind]++
  return {
    entries: reading.entries,
    people: reading.kind === 'complete' ? reading.seen.size : known + counts.added - counts.removed,
    ...counts,
    problems: reading.problemCount,
  }
}

export function shownChanges({ items }: Plan): PersonChange[] {
  return items.slice(0, changesShown).map(describeItem)
}
