import type { DirectorySource } from '../directory/source.ts'
import type { Run, RunReason } from '../state/runs.ts'
import type { State } from '../state/state.ts'
import { decideAbout, type Decision } from './decision.ts'
import { approvedPlan, changeOf, countsOf, makePlan, type Plan } from './plan.ts'
import { DeltaQueue } from './delta-queue.ts'
import { mergeDeltas, readDelta, type Delta } from './read-delta.ts'
import { readPeople } from './read-people.ts'
import type { Reading } from './reading.ts'
import { excessOf } from './guard.ts'
import { printOf } from './described-plan.ts'
import { HeldPlans } from './held-plans.ts'
import { countsOfRun, failed, logRun, shownChanges, type Report } from './report.ts'
import { tick, type SourceClock } from './source-clock.ts'
import type { SyncDeps, SyncedSource } from './synced-source.ts'
import { withoutRejected } from './rejected.ts'

/**
 * Keeps the people of one source as the directory has them. The only writer of `People`.
 *
 * Whatever the directory says, all of it or a delta, becomes a plan first: what would change. A
 * plan that is too large is held; any other is kept in the state and then applied at once. A read
 * that failed or is not proven complete changes nothing.
 */
export class Sync {
  readonly name: string
  readonly #synced: SyncedSource
  readonly #deps: SyncDeps
  readonly #held: HeldPlans
  #clock: SourceClock
  #lastRun: Run | null = null
  #lastOutcome: Run['outcome'] | undefined
  /** Complete reads that are on their way or wait for their turn, one after the other. */
  #reads: Promise<unknown> = Promise.resolve()
  #readCount = 0
  /** The one that waits, for everybody who asks meanwhile. */
  #next: Promise<Run> | null = null
  /** Changes of people, one after the other. */
  #changes: Promise<unknown> = Promise.resolve()
  /** Who was changed by somebody else since the read on its way began. */
  #touched: Set<string> | null = null
  readonly #deltas: DeltaQueue

  constructor(synced: SyncedSource, deps: SyncDeps, clock: SourceClock) {
    this.name = synced.source.name
    this.#synced = synced
    this.#deps = deps
    this.#clock = clock
    this.#deltas = new DeltaQueue((take) => this.#exclusively(() => this.#applyDeltas(take())))
    this.#held = new HeldPlans(this.name, synced.guard, deps.state.plans, deps.now)
  }

  /** Remembers from the state what became of the last run, so that no notice comes twice. */
  async open(): Promise<void> {
    this.#lastOutcome = await this.#deps.state.runs.lastOutcome(this.name)
    await this.#held.open()
  }

  /** When the last complete read ended whose people are in force; null: never. */
  get readAt(): number | null {
    return this.#clock.readAt
  }

  get clock(): SourceClock {
    return this.#clock
  }

  /** The last complete read; deltas do not count. */
  get lastRun(): Run | null {
    return this.#lastRun
  }

  /** The plan that waits for a decision. */
  get heldPlan(): number | null {
    return this.#held.id
  }

  get isRunning(): boolean {
    return this.#readCount > 0
  }

  /** The directory that can be asked for single entries, if it can. */
  get readOne(): DirectorySource['readOne'] {
    const { source } = this.#synced
    return source.readOne?.bind(source)
  }

  /**
   * Runs now. Whoever asks while a run is on its way shares the *next* one: the running read may
   * have passed what he just changed. Never rejects; a failure is a run with the outcome `failed`.
   */
  run(reason: RunReason): Promise<Run> {
    if (this.#readCount === 0) return this.#enqueue(() => this.#execute(reason, null))
    this.#next ??= this.#enqueue(() => {
      this.#next = null
      return this.#execute(reason, null)
    })
    return this.#next
  }

  /** Reads again, and applies the held plan if the directory still says the very same. */
  approve(plan: number, digest: string): Promise<Run> {
    return this.#enqueue(() => this.#execute('approval', { plan, digest }))
  }

  /** The held plan's changes are not proposed again until they are other ones. False: it is not held. */
  reject(plan: number): Promise<boolean> {
    return this.#exclusively(() => this.#held.reject(plan))
  }

  /**
   * Takes over what the directory says about single entries. Deltas that come together are one
   * run. Resolves with null when nothing came of it, or when everything is to be read again.
   */
  apply(delta: Delta): Promise<Run | null> {
    return this.#deltas.add(delta)
  }

  /** What an administrator decides about somebody; false: he is not of this source. */
  decide(person: string, decision: Decision): Promise<boolean> {
    return this.#exclusively(async () => {
      const { people, state, now } = this.#deps
      const before = people.member(person)
      if (before?.person.source !== this.name) return false
      const after = decideAbout(before, decision, state.runs.begin())
      const change = { put: [{ before, after }], removed: [] }
      await state.people.save(change, now())
      this.#touched?.add(person)
      people.apply(change)
      return true
    })
  }

  /** Resolves when nothing is on its way; for closing. */
  async idle(): Promise<void> {
    while (this.#readCount > 0) await this.#reads
    await this.#changes
  }

  #enqueue(work: () => Promise<Run>): Promise<Run> {
    this.#readCount++
    const begun = this.#readCount === 1 ? work() : this.#reads.then(work)
    const done = begun.finally(() => this.#readCount--)
    this.#reads = done
    return done
  }

  #exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#changes.then(work)
    this.#changes = done.catch(() => undefined)
    return done
  }

  async #execute(reason: RunReason, approved: Approved | null): Promise<Run> {
    const run = await this.#report(reason, (id) => this.#readAll(id, approved))
    const before = this.#lastOutcome
    this.#lastRun = run
    this.#lastOutcome = run.outcome
    await this.#keep(run)
    logRun(this.#deps.log, run, this.readAt)
    if (!this.#deps.signal.aborted) this.#deps.onRun?.(run, before)
    return run
  }

  async #report(reason: RunReason, work: (id: number) => Promise<Report>): Promise<Run> {
    const { now, state } = this.#deps
    const id = state.runs.begin()
    const begun = { id, source: this.name, reason, startedAt: now() }
    const report = await work(id).catch((error: unknown) => failed(error))
    return { ...begun, ...report, finishedAt: now() }
  }

  async #readAll(id: number, approved: Approved | null): Promise<Report> {
    const { people, now, signal } = this.#deps
    const { source, mapping } = this.#synced
    const touched = (this.#touched = new Set<string>())
    try {
      const reading = await readPeople(source, mapping, people, now, signal)
      return await this.#exclusively(() => this.#settle(id, reading, touched, approved))
    } finally {
      this.#touched = null
    }
  }

  /** From what was read to what is in force. */
  async #settle(
    id: number,
    reading: Reading,
    touched: ReadonlySet<string>,
    approved: Approved | null,
  ): Promise<Report> {
    const { people, now } = this.#deps
    const clock = tick(this.#clock, now())
    const proposed = await this.#plan(id, reading, clock, touched)
    const plan = withoutRejected(proposed, this.#held.rejected)
    const excess = this.#excess(plan)
    const print = approved !== null || excess.length > 0 ? await printOf(plan) : null
    const isApproved = approved !== null && print?.digest === approved.digest
    const counts = countsOfRun(plan, reading, people.countOf(this.name))
    if (excess.length > 0 && print && !isApproved) {
      const held = await this.#held.hold(plan, print, people, excess, id)
      const error = this.#held.reason(held, excess, approved?.plan ?? null)
      const { problems } = reading
      return { outcome: 'held', counts, problems, changes: [], plan: held, error }
    }
    const changes = this.readAt === null ? [] : shownChanges(plan)
    const age = { source: this.name, run: id, ...clock }
    await this.#commit(isApproved ? approvedPlan(plan) : plan, reading, age)
    this.#clock = clock
    await this.#held.settled(isApproved ? 'approved' : 'gone')
    await this.#held.forgetOutlived(proposed)
    const problems = [...this.#held.problems(), ...reading.problems]
    return { outcome: 'done', counts, problems, changes, plan: null, error: null }
  }

  #plan(
    run: number,
    reading: Reading,
    clock: SourceClock,
    touched: ReadonlySet<string>,
  ): Promise<Plan> {
    const { people, now } = this.#deps
    const { leavers } = this.#synced
    const source = this.name
    return makePlan(reading, { source, people, run, clock, now: now(), leavers, touched })
  }

  /** The first import passes: there is nobody who could lose his telephone. */
  #excess(plan: Plan) {
    if (this.readAt === null) return []
    const known = this.#deps.people.countOf(this.name)
    return excessOf(countsOf(plan), known, this.#synced.guard)
  }

  async #commit(
    plan: Plan,
    reading: Reading,
    age: Parameters<State['people']['save']>[2],
  ): Promise<void> {
    const { people, state, now } = this.#deps
    const change = changeOf(plan)
    const put = new Set(change.put.map(({ after }) => after.person.id))
    function* seen() {
      for (const each of reading.seen) {
        const known = people.member(each[0])
        if (put.has(each[0]) || (known && known.standing?.managed !== false)) yield each
      }
    }
    // Secrets first and everything kept before anybody is told: no phone may learn a secret that
    // a crash could lose.
    await state.secrets.provide(seen(), this.#synced.secrets)
    await state.people.save(change, now(), age)
    people.apply(change)
    state.secrets.dropped(change.removed.map(({ person }) => person.id))
  }

  async #applyDeltas(deltas: readonly Delta[]): Promise<Run | null> {
    const { signal } = this.#deps
    if (signal.aborted) return null
    if (this.readAt === null) {
      void this.run('change')
      return null
    }
    const { people, now, log } = this.#deps
    const reading = readDelta(this.name, mergeDeltas(deltas), this.#synced.mapping, now())
    const run = await this.#report('delta', async (id) => {
      const proposed = await this.#plan(id, reading, this.#clock, new Set())
      const plan = withoutRejected(proposed, this.#held.rejected)
      const counts = countsOfRun(plan, reading, people.countOf(this.name))
      const { problems } = reading
      const changes = shownChanges(plan)
      const report = { counts, problems, changes, plan: null, error: null }
      if (this.#excess(plan).length > 0) return { ...report, outcome: 'held' }
      await this.#commit(plan, reading, undefined)
      for (const { after } of changeOf(plan).put) this.#touched?.add(after.person.id)
      for (const { person } of changeOf(plan).removed) this.#touched?.add(person.id)
      return { ...report, outcome: 'done' }
    })
    if (run.outcome === 'held') {
      // So much at once is for a complete read to tell, and for somebody to approve.
      log.warn({ source: this.name, ...run.counts }, 'announced changes are too many, reading all')
      void this.run('change')
      return null
    }
    if (run.outcome === 'done' && run.changes.length + run.problems.length === 0) return null
    void this.#keep(run)
    logRun(log, run, this.readAt)
    return run
  }

  async #keep(run: Run): Promise<void> {
    const { state, log } = this.#deps
    await state.runs.save(run).catch((error: unknown) => {
      log.error(
        { source: this.name, run: run.id, problem: String(error) },
        'report of the run not kept',
      )
    })
  }
}

interface Approved {
  readonly plan: number
  readonly digest: string
}
