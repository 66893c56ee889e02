/** Upper bounds of the histogram, in seconds. Answers from memory take microseconds. */
export const latencyBounds = [
  0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.0025, 0.005, 0.01, 0.1,
] as const

/** `kept`: a write that is acknowledged; `empty`: nobody there, or a write that matched nothing. */
export type LookupResult = 'found' | 'empty' | 'kept'

/** How often a family was asked one kind of question, and how long its answers took. */
export class LookupTally {
  readonly family: string
  readonly verb: string
  readonly counts: Record<LookupResult, number> = { found: 0, empty: 0, kept: 0 }
  /** One more than bounds: the last holds what took longer than all of them. */
  readonly buckets = new Float64Array(latencyBounds.length + 1)
  totalSeconds = 0

  constructor(family: string, verb: string) {
    this.family = family
    this.verb = verb
  }

  note(result: LookupResult, ms: number): void {
    const seconds = ms / 1000
    this.counts[result]++
    this.totalSeconds += seconds
    let at = 0
    while (at < latencyBounds.length && seconds > (latencyBounds[at] as number)) at++ // within
    this.buckets[at] = (this.buckets[at] as number) + 1
  }
}

/** Of several tallies together: how many, and below what all but one in a hundred stayed. */
export interface Pace {
  readonly count: number
  /** Upper bound of the bucket, in seconds; null: nobody asked. */
  readonly p99Seconds: number | null
}

export function paceOf(tallies: readonly LookupTally[]): Pace {
  const buckets = latencyBounds.map((_, at) =>
    tallies.reduce((sum, tally) => sum + (tally.buckets[at] ?? 0), 0),
  )
  const count = tallies.reduce(
    (sum, { counts }) => sum + counts.found + counts.empty + counts.kept,
    0,
  )
  if (count === 0) return { count, p99Seconds: null }
  let below = 0
  const at = buckets.findIndex((each) => (below += each) >= count * 0.99)
  return { count, p99Seconds: latencyBounds[at] ?? Infinity }
}
