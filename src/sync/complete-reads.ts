import type { Run, RunReason } from '../state/runs.ts'
import { AbsentAttributes } from './absent-attributes.ts'
import { printOf } from './described-plan.ts'
import { joinProblems } from './join.ts'
import { approvedPlan } from './plan.ts'
import { readPeople } from './read-people.ts'
import type { Reading } from './reading.ts'
import { withoutRejected } from './rejected.ts'
import { countsOfRun, healedBy, logRun, shownChanges, type Report } from './report.ts'
import type { Upkeep } from './upkeep.ts'

/**
 * Complete reads of one source, one after the other. A read that failed or is not proven complete
 * changes nothing; a plan that is too large is held.
 */
export class CompleteReads {
  readonly #upkeep: Upkeep
  readonly #absent: AbsentAttributes
  #last: Run | null = null
  #lastOutcome: Run['outcome'] | undefined
  /** Those that are on their way or wait for their turn. */
  #reads: Promise<unknown> = Promise.resolve()
  #count = 0
  /** The one that waits, for everybody who asks meanwhile. */
  #next: Promise<Run> | null = null

  constructor(upkeep: Upkeep) {
    this.#upkeep = upkeep
    this.#absent = new AbsentAttributes(upkeep.name, upkeep.synced.expected)
  }

  /** Remembers from the state what became of the last run, so that no notice comes twice. */
  async open(): Promise<void> {
    const { deps, name } = this.#upkeep
    this.#lastOutcome = await deps.state.runs.lastOutcome(name)
  }

  /** What another node's last read came to is what is in force here. */
  async catchUp(): Promise<void> {
    const { deps, name } = this.#upkeep
    this.#last = (await deps.state.runs.lastRead(name)) ?? this.#last
    this.#lastOutcome = this.#last?.outcome
  }

  get last(): Run | null {
    return this.#last
  }

  get isRunning(): boolean {
    return this.#count > 0
  }

  run(reason: RunReason): Promise<Run> {
    if (this.#count === 0) return this.#enqueue(() => this.#execute(reason, null))
    this.#next ??= this.#enqueue(() => {
      this.#next = null
      return this.#execute(reason, null)
    })
    return this.#next
  }

  approve(plan: number, digest: string): Promise<Run> {
    return this.#enqueue(() => this.#execute('approval', { plan, digest }))
  }

  async idle(): Promise<void> {
    while (this.#count > 0) await this.#reads
  }

  #enqueue(work: () => Promise<Run>): Promise<Run> {
    this.#count++
    const begun = this.#count === 1 ? work() : this.#reads.then(work)
    const done = begun.finally(() => this.#count--)
    this.#reads = done
    return done
  }

  async #execute(reason: RunReason, approved: Approved | null): Promise<Run> {
    const upkeep = this.#upkeep
    const { deps } = upkeep
    const run = await upkeep.report(reason, (id) => this.#read(id, reason, approved))
    const before = this.#lastOutcome
    this.#last = run
    this.#lastOutcome = run.outcome
    await upkeep.keep(run)
    logRun(deps.log, run, upkeep.clock.readAt)
    if (!deps.signal.aborted) deps.onRun?.(run, before)
    return run
  }

  #read(id: number, reason: RunReason, approved: Approved | null): Promise<Report> {
    const { deps, synced, known } = this.#upkeep
    const { people, now, signal } = deps
    // What the directory `always` says of a secret it says again though its entry stayed the same.
    const isInsisting = Object.values(synced.secrets.overwrite ?? {}).includes('always')
    const sparing = isInsisting ? undefined : known
    // What is found after a good read should have been announced. Who asks for a read may just
    // have made a change.
    const hadAll = this.#last?.outcome === 'done'
    const isFollowed = this.#upkeep.isFollowed && hadAll && reason === 'schedule'
    return this.#upkeep.whileReading(async (touched) => {
      const source = this.#absent.watch(synced.source)
      const read = await readPeople(source, synced.mapping, people, now, signal, sparing)
      const reading = this.#absent.noteIn(read)
      return this.#upkeep.exclusively(async () => {
        const { healed, ...report } = await this.#settle(id, reading, touched, approved)
        if (!isFollowed || report.outcome !== 'done') return report
        return { ...report, counts: { ...report.counts, healed } }
      })
    })
  }

  /** From what was read to what is in force. */
  async #settle(
    id: number,
    reading: Reading,
    touched: ReadonlySet<string>,
    approved: Approved | null,
  ): Promise<Report & { readonly healed: number }> {
    const { deps, held, name, tally } = this.#upkeep
    const { people } = deps
    const isFirst = this.#upkeep.clock.readAt === null
    const { clock, jump } = this.#upkeep.tick()
    const proposed = await this.#upkeep.plan(reading, id, clock, touched)
    const plan = withoutRejected(proposed, held.rejected)
    const excess = this.#upkeep.excess(plan)
    const print = approved !== null || excess.length > 0 ? await printOf(plan) : null
    const isApproved = approved !== null && print?.digest === approved.digest
    const counts = countsOfRun(plan, reading, people.countOf(name))
    if (excess.length > 0 && print && !isApproved) {
      const waiting = await held.hold(plan, print, people, excess, id)
      const error = held.reason(waiting, excess, approved?.plan ?? null)
      const { problems } = reading
      return { outcome: 'held', counts, problems, changes: [], plan: waiting, error, healed: 0 }
    }
    const changes = isFirst ? [] : shownChanges(plan)
    const healed = healedBy(plan)
    await this.#upkeep.commit(isApproved ? approvedPlan(plan) : plan, reading, {
      ...clock,
      run: id,
    })
    if (isApproved) tally.clear()
    await held.settled(isApproved ? 'approved' : 'gone')
    await held.forgetOutlived(proposed)
    const problems = [
      ...jump,
      ...held.problems(),
      ...joinProblems(people, name),
      ...reading.problems,
    ]
    return { outcome: 'done', counts, problems, changes, plan: null, error: null, healed }
  }
}

interface Approved {
  readonly plan: number
  readonly digest: string
}
