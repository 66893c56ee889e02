import type { Run } from '../state/runs.ts'
import { DeltaQueue } from './delta-queue.ts'
import { changeOf, type Plan } from './plan.ts'
import { mergeDeltas, readDelta, type Delta } from './read-delta.ts'
import { withoutRejected } from './rejected.ts'
import { countsOfRun, logRun, shownChanges } from './report.ts'
import type { Upkeep } from './upkeep.ts'

/** While a plan is held, so often at most is everything read to see how it grows. */
const growingPlanMs = 30_000

/** What the directory says about single entries, taken over as it comes. */
export class Deltas {
  readonly #upkeep: Upkeep
  readonly #readAll: () => void
  readonly #queue: DeltaQueue
  #later: NodeJS.Timeout | undefined

  /** `readAll` begins a complete read. */
  constructor(upkeep: Upkeep, readAll: () => void) {
    this.#upkeep = upkeep
    this.#readAll = readAll
    this.#queue = new DeltaQueue((take) => upkeep.exclusively(() => this.#apply(take())))
    upkeep.deps.signal.addEventListener('abort', () => clearTimeout(this.#later), { once: true })
  }

  /** Resolves with null when nothing came of it, or when everything is to be read again. */
  add(delta: Delta): Promise<Run | null> {
    return this.#queue.add(delta)
  }

  async #apply(deltas: readonly Delta[]): Promise<Run | null> {
    const { deps, name, synced, clock } = this.#upkeep
    const { people, now, log, signal } = deps
    if (signal.aborted) return null
    if (clock.readAt === null) {
      this.#readAll()
      return null
    }
    const reading = readDelta(name, mergeDeltas(deltas), synced.mapping, now())
    this.#upkeep.known.forget(reading.secrets.keys())
    const run = await this.#upkeep.report('delta', async (id) => {
      const proposed = await this.#upkeep.plan(reading, id)
      const plan = withoutRejected(proposed, this.#upkeep.held.rejected)
      const counts = countsOfRun(plan, reading, people.countOf(name))
      const { problems } = reading
      const changes = shownChanges(plan)
      const report = { counts, problems, changes, plan: null, error: null }
      if (this.#upkeep.excess(plan).length > 0) return { ...report, outcome: 'held' }
      await this.#upkeep.commit(plan, reading)
      this.#note(plan)
      return { ...report, outcome: 'done' }
    })
    if (run.outcome === 'held') {
      // So much at once, or within so short a time, is for a complete read to tell, and for
      // somebody to approve.
      this.#readSoon(run)
      return null
    }
    if (run.outcome === 'done' && run.changes.length + run.problems.length === 0) return null
    void this.#upkeep.keep(run)
    logRun(log, run, clock.readAt)
    return run
  }

  #note(plan: Plan): void {
    this.#upkeep.tally.note(plan, this.#upkeep.deps.now())
    const { put, removed } = changeOf(plan)
    for (const { after } of put) this.#upkeep.touch(after.person.id)
    for (const { person } of removed) this.#upkeep.touch(person.id)
  }

  #readSoon({ counts, source }: Run): void {
    if (this.#later) return
    const read = () => {
      this.#later = undefined
      this.#upkeep.deps.log.warn(
        { source, ...counts },
        'announced changes are too many, reading all',
      )
      this.#readAll()
    }
    if (this.#upkeep.held.id === null) return read()
    this.#later = setTimeout(read, growingPlanMs)
    this.#later.unref()
  }
}
