import type { EntryProblem } from '../directory/source.ts'
import type { People } from '../people/people.ts'
import type { Excess, HeldPlan, Plans } from '../state/plans.ts'
import { describePlan, type PlanPrint } from './described-plan.ts'
import { excessText } from './excess-text.ts'
import type { Plan } from './plan.ts'
import { outlivedRejections, type Rejected } from './rejected.ts'
import type { SyncedSource } from './synced-source.ts'

/** The plan of one source that waits for somebody's decision, and what was rejected before. */
export class HeldPlans {
  readonly #source: string
  readonly #synced: Pick<SyncedSource, 'guard' | 'queuesOf'>
  readonly #plans: Plans
  readonly #now: () => number
  #held: Pick<HeldPlan, 'id' | 'digest' | 'expiresAt' | 'excess'> | null = null
  #rejected: Rejected = new Map()

  constructor(
    source: string,
    synced: Pick<SyncedSource, 'guard' | 'queuesOf'>,
    plans: Plans,
    now: () => number,
  ) {
    this.#source = source
    this.#synced = synced
    this.#plans = plans
    this.#now = now
  }

  /** Resolves with the plan that is held since before. */
  async open(): Promise<HeldPlan | undefined> {
    const kept = await this.#plans.heldOf(this.#source)
    // It was about the source being removed from the configuration, and here it is again.
    const isBack = kept?.excess.some(({ kind }) => kind === 'source') ?? false
    if (isBack) await this.#plans.end(this.#source, 'gone', this.#now())
    const held = isBack ? undefined : kept
    this.#held = held ?? null
    this.#rejected = await this.#plans.rejections(this.#source)
    return held
  }

  /** What is held and rejected by now; decides nothing. */
  async look(): Promise<void> {
    this.#held = (await this.#plans.heldOf(this.#source)) ?? null
    this.#rejected = await this.#plans.rejections(this.#source)
  }

  get id(): number | null {
    return this.#held?.id ?? null
  }

  /** Kinds that are held because of what was announced before. */
  get announcedKinds(): readonly string[] {
    const excess = this.#held?.excess ?? []
    return excess.filter(({ earlier }) => earlier !== undefined).map(({ kind }) => kind)
  }

  get rejected(): Rejected {
    return this.#rejected
  }

  /** Keeps a plan until somebody decides; the same plan stays the one that it was. */
  async hold(
    plan: Plan,
    { digest, prints }: PlanPrint,
    people: People,
    excess: readonly Excess[],
    run: number,
  ): Promise<number> {
    const now = this.#now()
    const held = this.#held
    const isExpired = held !== null && held.expiresAt <= now
    if (held && held.digest === digest && !isExpired) {
      this.#held = { ...held, excess }
      await this.#plans.seenAgain(held.id, now)
      return held.id
    }
    if (isExpired) await this.#plans.end(this.#source, 'expired', now)
    const expiresAt = now + this.#synced.guard.expiresMs
    const id = await this.#plans.hold({
      ...(await describePlan(plan, people, this.#synced.queuesOf)),
      source: this.#source,
      digest,
      madeAt: now,
      seenAt: now,
      expiresAt,
      run,
      excess,
      prints,
    })
    this.#held = { id, digest, expiresAt, excess }
    return id
  }

  /** A read came to its end without a plan to be held. */
  async settled(status: 'approved' | 'gone'): Promise<void> {
    if (!this.#held) return
    await this.#plans.end(this.#source, status, this.#now())
    this.#held = null
  }

  /** False when another plan is held, or none. */
  async reject(id: number): Promise<boolean> {
    const plan = this.#held?.id === id ? await this.#plans.get(id) : undefined
    if (!plan) return false
    await this.#plans.reject(plan, this.#now())
    this.#held = null
    this.#rejected = await this.#plans.rejections(this.#source)
    return true
  }

  /** After a complete read: what it does not propose any more may be proposed anew. */
  async forgetOutlived(proposed: Plan): Promise<void> {
    const outlived = outlivedRejections(proposed, this.#rejected)
    if (outlived.length === 0) return
    await this.#plans.forgetRejections(this.#source, outlived)
    this.#rejected = await this.#plans.rejections(this.#source)
  }

  /** Why nothing was changed, and what to do. */
  reason(id: number, excess: readonly Excess[], approved: number | null): string {
    const parts = excess.map((each) => excessText(each, `people ${words[each.kind] ?? each.kind}`))
    const what = `plan ${id} is held: it would have ${parts.join('; ')}`
    const where = `see it with: peerage plans ${id}; then peerage approve ${id} or reject ${id}`
    if (approved === null || approved === id) return `${what}; ${where}`
    return `plan ${approved} was not applied, because the directory says something else by now; ${what}; ${where}`
  }

  /** A problem to list with each run as long as something is rejected. */
  problems(): readonly EntryProblem[] {
    const count = this.#rejected.size
    if (count === 0) return []
    const text = `${count} changes that the directory proposes were rejected and are not made`
    return [{ entry: this.#source, text }]
  }
}

const words: Readonly<Record<string, string>> = {
  add: 'added',
  change: 'changed',
  disable: 'disabled',
  remove: 'gone',
}
