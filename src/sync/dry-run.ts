import type { EntryProblem } from '../directory/source.ts'
import type { People } from '../people/people.ts'
import type { DescribedPlan, Excess } from '../state/plans.ts'
import { describePlan } from './described-plan.ts'
import { DeltaTally } from './delta-tally.ts'
import { changeOf, makePlan, type Plan } from './plan.ts'
import { readPeople } from './read-people.ts'
import { neverRead, tick, type SourceClock } from './source-clock.ts'
import type { SyncedSource } from './synced-source.ts'

export interface DryRun {
  readonly source: string
  readonly plan: DescribedPlan
  /** Why a real run would be held; empty: it would not. */
  readonly excess: readonly Excess[]
  /** The source was never read, so everybody is new and nothing is held. */
  readonly isFirst: boolean
  readonly entries: number
  readonly problems: readonly EntryProblem[]
}

export interface DryRunDeps {
  readonly people: People
  readonly clock: SourceClock | undefined
  readonly now: () => number
}

/**
 * Reads a source and makes the plan that a real run would make, by the same code, and nothing more.
 * `people` are then as if it had been applied, so that the next source sees what this one would do.
 */
export async function dryRun(
  synced: SyncedSource,
  deps: DryRunDeps,
  signal: AbortSignal,
): Promise<DryRun> {
  const { run, plan } = await foresee(synced, deps, signal)
  deps.people.apply(changeOf(plan))
  return run
}

/** The same, and `people` stay as they are. */
export async function foresee(
  { source, mapping, leavers, guard, keep, queuesOf }: SyncedSource,
  { people, clock = neverRead, now }: DryRunDeps,
  signal: AbortSignal,
): Promise<{ readonly run: DryRun; readonly plan: Plan }> {
  const reading = await readPeople(source, mapping, people, now, signal)
  const plan = await makePlan(reading, {
    source: source.name,
    people,
    run: Number.MAX_SAFE_INTEGER, // later than any run there was
    clock: tick(clock, now()),
    now: now(),
    leavers,
    keep,
    touched: new Set(),
  })
  const isFirst = clock.readAt === null
  const known = people.countOf(source.name)
  const excess = isFirst ? [] : new DeltaTally(guard.windowMs).excessOf(plan, known, guard)
  const described = await describePlan(plan, people, queuesOf)
  const { entries, problems } = reading
  const run = { source: source.name, plan: described, excess, isFirst, entries, problems }
  return { run, plan }
}
