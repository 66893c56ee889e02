import type { EntryProblem } from '../directory/source.ts'
import { applyInTurns } from '../people/apply-in-turns.ts'
import type { Excess } from '../state/plans.ts'
import type { Run, RunReason } from '../state/runs.ts'
import type { State } from '../state/state.ts'
import { DeltaTally } from './delta-tally.ts'
import { HeldPlans } from './held-plans.ts'
import { KnownPeople } from './known-people.ts'
import { changeOf, makePlan, type Plan } from './plan.ts'
import type { Reading } from './reading.ts'
import { failed, type Report } from './report.ts'
import { clockJump, tick, type SourceClock } from './source-clock.ts'
import type { SyncDeps, SyncedSource } from './synced-source.ts'

/**
 * What complete reads and deltas of one source have in common: one change of its people at a time,
 * the plan, the guard, and the way from a plan to what is in force.
 */
export class Upkeep {
  readonly name: string
  readonly synced: SyncedSource
  readonly deps: SyncDeps
  readonly held: HeldPlans
  tally: DeltaTally
  /** Whose entry need not be looked at again while it stays the same. */
  known: KnownPeople
  /** Deltas arrive for whatever happens, as far as anybody knows. */
  isFollowed = false
  #clock: SourceClock
  /** When, by this process's own count, the last complete read ended; null: before its time. */
  #readUptime: number | null = null
  /** Changes of people, one after the other. */
  #changes: Promise<unknown> = Promise.resolve()
  /** Who was changed by somebody else since the read on its way began. */
  #touched: Set<string> | null = null

  constructor(synced: SyncedSource, deps: SyncDeps, clock: SourceClock) {
    this.name = synced.source.name
    this.synced = synced
    this.deps = deps
    this.held = new HeldPlans(this.name, synced, deps.state.plans, deps.now)
    this.known = new KnownPeople(deps.people)
    this.tally = new DeltaTally(synced.guard.windowMs)
    this.#clock = clock
  }

  /** Reads from the state what was held, rejected and announced before. */
  async open(): Promise<void> {
    const { state, now } = this.deps
    const held = await this.held.open()
    const since = Math.min(now(), held?.madeAt ?? Infinity) - this.synced.guard.windowMs
    this.tally.remember(await state.runs.deltasSince(this.name, since))
  }

  /** Another node has synchronised: what is known of entries and of what waits is out of date. */
  async catchUp(): Promise<void> {
    const { state, people } = this.deps
    await this.held.look()
    this.#clock = (await state.people.readSources()).get(this.name) ?? this.#clock
    this.known = new KnownPeople(people)
    this.tally = new DeltaTally(this.synced.guard.windowMs)
  }

  get clock(): SourceClock {
    return this.#clock
  }

  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#changes.then(work)
    this.#changes = done.catch(() => undefined)
    return done
  }

  /** Resolves when no change is on its way. */
  async idle(): Promise<void> {
    await this.#changes
  }

  /** A read: `touched` has who was changed meanwhile, of whom the read may tell old things. */
  async whileReading(work: (touched: ReadonlySet<string>) => Promise<Report>): Promise<Report> {
    const touched = (this.#touched = new Set<string>())
    let isTakenOver = false
    try {
      const report = await work(touched)
      isTakenOver = report.outcome === 'done'
      return report
    } finally {
      this.#touched = null
      this.known.endRead(isTakenOver)
    }
  }

  /** Something else than a complete read changes this person. */
  touch(person: string): void {
    this.#touched?.add(person)
    this.known.forget([person])
  }

  plan(
    reading: Reading,
    run: number,
    clock: SourceClock = this.#clock,
    touched: ReadonlySet<string> = new Set(),
  ): Promise<Plan> {
    const { people, now } = this.deps
    const { leavers, keep } = this.synced
    const source = this.name
    return makePlan(reading, { source, people, run, clock, now: now(), leavers, keep, touched })
  }

  /** Of which kinds there would be too many. The first import passes: nobody could lose anything. */
  excess(plan: Plan): readonly Excess[] {
    if (this.#clock.readAt === null) return []
    const known = this.deps.people.countOf(this.name)
    // What led to a held plan stays counted until somebody has decided about it.
    this.tally.forget(this.deps.now(), this.held.announcedKinds)
    return this.tally.excessOf(plan, known, this.synced.guard)
  }

  /** Keeps everything, and then it is in force. `clock`: after a complete read. */
  async commit(plan: Plan, reading: Reading, clock?: ReadClock): Promise<void> {
    const { people, state, now } = this.deps
    const change = changeOf(plan)
    const put = new Set(change.put.map(({ after }) => after.person.id))
    function* told() {
      for (const each of reading.secrets) {
        const known = people.record(each[0])
        if (put.has(each[0]) || (known && known.standing?.managed !== false)) yield each
      }
    }
    const age: Age = clock && { source: this.name, ...clock }
    // Secrets first and everything kept before anybody is told: no phone may learn a secret that
    // a crash could lose.
    const { joined } = people.preview(change)
    // Who was known from the later source first keeps what his telephone was set up with.
    await state.secrets.inherit(joined.filter(({ into }) => !people.record(into)))
    await state.secrets.provide(told(), this.synced.secrets)
    await state.people.save(change, now(), age)
    await applyInTurns(people, change)
    const removed = change.removed.map(({ person }) => person.id)
    state.secrets.dropped(removed)
    this.known.forget(removed)
    if (clock) {
      this.#clock = clock
      this.#readUptime = this.deps.uptime?.() ?? null
    }
  }

  /** The clock after a complete read that ends now; `jump`: what is wrong with the machine's own. */
  tick(): { readonly clock: ReturnType<typeof tick>; readonly jump: readonly EntryProblem[] } {
    const { now, uptime } = this.deps
    if (!uptime || this.#readUptime === null) return { clock: tick(this.#clock, now()), jump: [] }
    const runMs = uptime() - this.#readUptime
    const text = clockJump(this.#clock, now(), runMs)
    return {
      clock: tick(this.#clock, now(), runMs),
      jump: text === null ? [] : [{ entry: this.name, text }],
    }
  }

  /** A run from its begin to its end; an error is how it ended. */
  async report(reason: RunReason, work: (id: number) => Promise<Report>): Promise<Run> {
    const { now, state } = this.deps
    const id = state.runs.begin()
    const begun = { id, source: this.name, reason, startedAt: now() }
    const report = await work(id).catch((error: unknown) => failed(error))
    return { ...begun, ...report, finishedAt: now() }
  }

  async keep(run: Run): Promise<void> {
    const { state, log } = this.deps
    await state.runs.save(run).catch((error: unknown) => {
      log.error(
        { source: this.name, run: run.id, problem: String(error) },
        'report of the run not kept',
      )
    })
  }
}

type Age = Parameters<State['people']['save']>[2]

/** The clock after a complete read, and which run that was. */
export type ReadClock = SourceClock & { readonly readAt: number; readonly run: number }
