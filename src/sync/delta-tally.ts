import type { Excess } from '../state/plans.ts'
import { detailFields } from '../person/person.ts'
import type { FieldChange, PersonChange, Run } from '../state/runs.ts'
import { idOf } from './described-plan.ts'
import { guardKinds, limitOf, type Guard, type GuardKind } from './guard.ts'
import type { Plan } from './plan.ts'

/**
 * Who was changed by what the directory announced, and when. Somebody who deletes people one by one
 * must come to the same end as somebody who deletes them at once; each delta alone is small.
 */
export class DeltaTally {
  readonly #windowMs: number
  readonly #people: Readonly<Record<GuardKind, Map<string, number>>> = {
    add: new Map(),
    change: new Map(),
    disable: new Map(),
    remove: new Map(),
  }

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** After a restart: the runs of deltas that are young enough, as they were kept. */
  remember(runs: readonly Run[]): void {
    for (const { changes, finishedAt } of runs) {
      for (const change of changes) this.#note(change.id, kindOf(change), finishedAt, change.kind)
    }
  }

  note({ items }: Plan, now: number): void {
    for (const item of items) this.#note(idOf(item), item.counts, now, item.kind)
  }

  #note(person: string, counts: GuardKind | null, at: number, kind: string): void {
    // Who is back was moved, by a tool that deletes and adds.
    if (kind === 'back') this.#people.remove.delete(person)
    if (counts !== null) this.#people[counts].set(person, at)
  }

  /** What is older than the window does not count any more, except of some kinds. */
  forget(now: number, except: readonly string[]): void {
    for (const [kind, people] of Object.entries(this.#people)) {
      if (except.includes(kind)) continue
      for (const [person, at] of people) if (at <= now - this.#windowMs) people.delete(person)
    }
  }

  /** Somebody has said that all of it is right. */
  clear(): void {
    for (const people of Object.values(this.#people)) people.clear()
  }

  /**
   * The kinds of which there are too many, each person counted once, together with those of the
   * window; a kind that the plan itself has not is none. `known`: how many people the source has.
   */
  excessOf({ items }: Plan, known: number, guard: Guard): readonly Excess[] {
    return guardKinds.flatMap((kind): Excess[] => {
      const planned = new Set(items.flatMap((item) => (item.counts === kind ? [idOf(item)] : [])))
      if (planned.size === 0) return []
      const earlier = this.#people[kind].size - countIn(planned, this.#people[kind])
      const count = planned.size + earlier
      const limit = limitOf(kind, known, guard)
      if (count <= limit) return []
      return [{ kind, count, limit, ...(earlier > 0 ? { earlier } : {}) }]
    })
  }
}

function countIn(some: ReadonlySet<string>, people: ReadonlyMap<string, number>): number {
  let count = 0
  for (const person of some) if (people.has(person)) count++
  return count
}

/** As `isHarmless` of two states of a person, of what was kept about them. */
function isHarmless({ field, from }: FieldChange): boolean {
  return field === 'dn' || (from === null && details.includes(field))
}

const details: readonly string[] = detailFields

/** What the guard counted a kept change as. */
function kindOf({ kind, fields }: PersonChange): GuardKind | null {
  switch (kind) {
    case 'added':
      return 'add'
    case 'changed':
      return fields.every(isHarmless) ? null : 'change'
    case 'disabled':
      return 'disable'
    case 'missing':
    case 'removed':
      return 'remove'
    default:
      return null
  }
}
