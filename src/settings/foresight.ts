import { setImmediate } from 'node:timers/promises'
import type { PlanPreview } from '../answers/admin/source-settings.ts'
import type { Config } from '../config/schema.ts'
import type { DirectorySource } from '../directory/source.ts'
import { openSynced } from '../open-synced.ts'
import { People } from '../people/people.ts'
import { compileSite } from '../person/site.ts'
import { describePlan } from '../sync/described-plan.ts'
import { removalOf } from '../sync/dropped-source.ts'
import { foresee } from '../sync/dry-run.ts'
import { compileJoins } from '../sync/join.ts'
import type { SourceClock } from '../sync/source-clock.ts'
import { silent, type Progress, type Subject } from './trials.ts'

export interface Foresight {
  readonly people: People
  readonly clockOf: (source: string) => SourceClock | undefined
  readonly now: () => number
}

const peopleAtOnce = 200

/** What a read of the source would change, against everybody as he is at this moment. */
export async function foreseeRead(
  { name, config }: Subject,
  { people, clockOf, now }: Foresight,
  signal: AbortSignal,
  progress: Progress,
): Promise<PlanPreview> {
  const copy = await copyOf(people, config, signal)
  const synced = openSynced(name, config, compileSite(config.site), silent)
  await using _source = synced.source
  const source = counted(synced.source, progress)
  const deps = { people: copy, clock: clockOf(name), now }
  const { run } = await foresee({ ...synced, source }, deps, signal)
  return { ...run, left: 0 }
}

/** What would be decided about later, when a source is not configured any more. */
export async function foreseeRemoval(
  { name, config }: Subject,
  { people }: Foresight,
  signal: AbortSignal,
): Promise<PlanPreview> {
  const copy = await copyOf(people, config, signal)
  const everybody = Array.from(copy.recordsOf(name))
  const plan = await describePlan(removalOf(everybody), copy)
  const left = everybody.length
  return { source: name, plan, excess: [], isFirst: false, entries: 0, problems: [], left }
}

/**
 * Other settings may rank or join people otherwise, and a service changes its own while we look: so
 * a plan is made against people of its own, who share everything but the index.
 */
async function copyOf(people: People, { sources }: Config, signal: AbortSignal): Promise<People> {
  const copy = new People(Object.keys(sources), compileJoins(sources))
  const everybody = Array.from(people.records())
  for (let at = 0; at < everybody.length; at += peopleAtOnce) {
    const put = everybody.slice(at, at + peopleAtOnce)
    copy.apply({ put: put.map((after) => ({ before: undefined, after })), removed: [] })
    await setImmediate() // calls get in between
    signal.throwIfAborted()
  }
  return copy
}

/** The same source, whose entries are counted as they come. */
function counted(source: DirectorySource, progress: Progress): DirectorySource {
  let entries = 0
  return {
    name: source.name,
    async *read(signal) {
      for await (const batch of source.read(signal)) {
        entries += batch.entries.length
        progress(entries)
        yield batch
      }
    },
    check: (signal) => source.check(signal),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  }
}
