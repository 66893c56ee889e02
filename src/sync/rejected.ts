import { fingerprint, idOf } from './described-plan.ts'
import type { Plan, PlanItem } from './plan.ts'

/** Person -> fingerprint of the change that somebody rejected. */
export type Rejected = ReadonlyMap<string, string>

/** The plan without what was rejected; those people stay as they are. */
export function withoutRejected(plan: Plan, rejected: Rejected): Plan {
  if (rejected.size === 0) return plan
  return { ...plan, items: plan.items.filter((item) => !isRejected(item, rejected)) }
}

/** People whose rejected change is not proposed any more, or is another one now. */
export function outlivedRejections(proposed: Plan, rejected: Rejected): readonly string[] {
  if (rejected.size === 0) return []
  const still = new Set(
    proposed.items.filter((item) => isRejected(item, rejected)).map((item) => idOf(item)),
  )
  return [...rejected.keys()].filter((id) => !still.has(id))
}

function isRejected(item: PlanItem, rejected: Rejected): boolean {
  const print = rejected.get(idOf(item))
  return print !== undefined && print === fingerprint(item)
}
