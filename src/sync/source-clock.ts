/**
 * How long people have been missing is counted by a clock of the source that only moves when the
 * source was read completely. A directory that is dead for a month ages nobody.
 */
export interface SourceClock {
  /** When the source was last read completely, in milliseconds since 1970; null: never. */
  readonly readAt: number | null
  /** Milliseconds that this clock has counted. */
  readonly clock: number
  /** Complete reads so far. */
  readonly reads: number
}

export const neverRead: SourceClock = { readAt: null, clock: 0, reads: 0 }

/**
 * The most that one read adds. The machine's clock may jump by years (no battery, a wrong time
 * server), and then nobody may be deleted at once; a clock that goes backwards adds nothing.
 */
export const longestTickMs = 24 * 3_600_000

export function tick(before: SourceClock, now: number): SourceClock & { readonly readAt: number } {
  const passed = before.readAt === null ? 0 : now - before.readAt
  return {
    readAt: now,
    clock: before.clock + Math.min(Math.max(passed, 0), longestTickMs),
    reads: before.reads + 1,
  }
}
