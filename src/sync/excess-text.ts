import type { Excess } from '../state/plans.ts'

/**
 * `299 people to remove (300 with 1 announced before), 25 are allowed`: how many the plan has, and how
 * many the guard counted. `what`: the words behind the number.
 */
export function excessText({ count, limit, earlier = 0 }: Excess, what: string): string {
  const counted = earlier === 0 ? '' : ` (${count} with ${earlier} announced before)`
  return `${count - earlier} ${what}${counted}, ${limit} are allowed`
}
