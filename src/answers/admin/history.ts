import type { FieldChange, Runs } from '../../state/runs.ts'

/** What a run did to somebody. */
export interface Happened {
  readonly at: number
  readonly run: number
  readonly kind: string
  readonly fields: readonly FieldChange[]
}

const runsLookedAt = 30

/** What the latest runs did to somebody, the newest first. */
export async function historyOf(id: string, runs: Runs): Promise<Happened[]> {
  const newest = await runs.newest(runsLookedAt)
  return newest.flatMap((run) =>
    run.changes
      .filter((change) => change.id === id)
      .map(({ kind, fields }) => ({ at: run.startedAt, run: run.id, kind, fields })),
  )
}
