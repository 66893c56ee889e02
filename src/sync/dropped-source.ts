import { createHash } from 'node:crypto'
import type { Member } from '../people/member.ts'
import { applyInTurns } from '../people/apply-in-turns.ts'
import type { HeldPlan } from '../state/plans.ts'
import type { Run } from '../state/runs.ts'
import { describePlan, printOf } from './described-plan.ts'
import { changeOf, type Plan } from './plan.ts'
import { countsOfRun, failed, logRun, shownChanges, type Report } from './report.ts'
import type { SyncDeps } from './synced-source.ts'

/** Nobody has to decide soon: until then they are answered. */
const expiresMs = 3650 * 86_400_000

/**
 * A source that is not configured any more. Its people are answered as before until somebody
 * approves that they go: a name that was mistyped must not silence an office.
 */
export class DroppedSource {
  readonly name: string
  readonly #deps: SyncDeps
  #held: HeldPlan | null = null

  constructor(name: string, deps: SyncDeps) {
    this.name = name
    this.#deps = deps
  }

  get heldPlan(): number | null {
    return this.#held?.id ?? null
  }

  /**
   * Holds a plan that everybody goes, unless it was rejected under the same configuration of
   * sources, which `configuration` stands for.
   */
  async open(configuration: string): Promise<void> {
    const { state, now } = this.#deps
    const print = createHash('sha256').update(configuration).digest('base64url')
    const rejected = await state.plans.rejections(this.name)
    if (rejected.get(this.name) === print) return
    const people = [...this.#deps.people.recordsOf(this.name)]
    const plan = removalOf(people)
    const { digest } = await printOf(plan)
    const before = await state.plans.heldOf(this.name)
    if (
      before?.digest === digest &&
      before.prints[0]?.print === print &&
      before.expiresAt > now()
    ) {
      this.#held = before
      return
    }
    await this.#hold(plan, digest, print)
  }

  /** Everybody goes, with the secrets. */
  async approve(plan: number, _digest: string): Promise<Run> {
    return this.#report('approval', async () => {
      const { state, people, now } = this.#deps
      if (this.#held?.id !== plan) throw new Error(`plan ${plan} is not held any more`)
      const removal = removalOf([...people.recordsOf(this.name)])
      const { removed } = changeOf(removal)
      await state.people.forgetSource(this.name)
      await applyInTurns(people, { put: [], removed })
      state.secrets.dropped(removed.map(({ person }) => person.id))
      await state.plans.end(this.name, 'approved', now())
      this.#held = null
      const changes = shownChanges(removal)
      return { ...this.#counted(removal), outcome: 'done', changes, plan: null, error: null }
    })
  }

  /** They stay as they are; asked again when the sources are configured otherwise. */
  async reject(plan: number): Promise<boolean> {
    if (this.#held?.id !== plan) return false
    await this.#deps.state.plans.reject(this.#held, this.#deps.now())
    this.#held = null
    return true
  }

  async #hold(plan: Plan, digest: string, print: string): Promise<void> {
    const { state, people, now } = this.#deps
    const count = plan.items.length
    const described = await describePlan(plan, people)
    await this.#report('start', async (run) => {
      const id = await state.plans.hold({
        ...described,
        source: this.name,
        digest,
        madeAt: now(),
        seenAt: now(),
        expiresAt: now() + expiresMs,
        run,
        excess: [{ kind: 'source', count, limit: 0 }],
        prints: [{ person: this.name, print }],
      })
      this.#held = (await state.plans.get(id)) ?? null
      const extensions = plan.items.filter(({ before }) => before?.person.extension != null).length
      const error = `source '${this.name}' was removed from the configuration: ${count} people, ${extensions} extensions would go; they are answered until somebody decides: see it with: peerage plans ${id}; then peerage approve ${id} or reject ${id}`
      return { ...this.#counted(plan), outcome: 'held', changes: [], plan: id, error }
    })
  }

  #counted(plan: Plan): Pick<Report, 'counts' | 'problems'> {
    const counts = countsOfRun(
      plan,
      { kind: 'complete', people: 0, entries: 0, problemCount: 0 },
      0,
    )
    return { counts, problems: [] }
  }

  async #report(reason: Run['reason'], work: (run: number) => Promise<Report>): Promise<Run> {
    const { state, now, log } = this.#deps
    const before = await state.runs.lastOutcome(this.name)
    const begun = { id: state.runs.begin(), source: this.name, reason, startedAt: now() }
    const report = await work(begun.id).catch((error: unknown) => failed(error))
    const run: Run = { ...begun, ...report, finishedAt: now() }
    await state.runs.save(run).catch((error: unknown) => {
      log.error({ source: this.name, problem: String(error) }, 'report of the run not kept')
    })
    logRun(log, run, null)
    this.#deps.onRun?.(run, before)
    return run
  }
}

/** Everybody of a source goes. */
export function removalOf(people: readonly Member[]): Plan {
  const items = people.map((before) => {
    return { kind: 'removed', counts: 'remove', before, after: null } as const
  })
  return { items, quiet: [], kept: [] }
}
