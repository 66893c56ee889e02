import { durationText } from './duration.ts'

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

/** `runMs`: how long this process counted itself since that read, by no clock that can be set. */
export function tick(
  before: SourceClock,
  now: number,
  runMs = longestTickMs,
): SourceClock & { readonly readAt: number } {
  const passed = before.readAt === null ? 0 : now - before.readAt
  return {
    readAt: now,
    clock: before.clock + Math.min(Math.max(passed, 0), runMs, longestTickMs),
    reads: before.reads + 1,
  }
}

/** Setting a clock right by less is nothing to speak of. */
const smallestJumpMs = 60_000

/** What to say when the machine's clock did not pass as this process did; null: nothing. */
export function clockJump(before: SourceClock, now: number, runMs: number): string | null {
  if (before.readAt === null) return null
  const jumpMs = now - before.readAt - runMs
  if (Math.abs(jumpMs) < smallestJumpMs) return null
  const way = jumpMs > 0 ? 'ahead' : 'back'
  return `the clock of this machine jumped ${way} by ${durationText(Math.abs(jumpMs))} since the last read; it is not counted for people who are missing`
}
