import type { Tried } from '../answers/admin/source-settings.ts'
import { shownText } from './shown-text.ts'

/** One thing that is tried, or was: what it has found so far, whether it goes on, and how it ended. */
export class TriedRun<Found> implements Tried<Found> {
  found: Found
  isRunning = true
  error: string | null = null
  entries = 0
  readonly startedAt = performance.now()
  readonly #stop = new AbortController()
  #tookMs = 0
  readonly ended: Promise<void>

  /** `deadlineMs`: the longest that it may take. */
  constructor(
    start: Found,
    deadlineMs: number,
    closing: AbortSignal,
    work: (run: TriedRun<Found>, signal: AbortSignal) => Promise<void>,
  ) {
    this.found = start
    const deadline = AbortSignal.timeout(deadlineMs)
    const signal = AbortSignal.any([this.#stop.signal, closing, deadline])
    this.ended = work(this, signal).then(
      () => this.#end(null),
      (error: unknown) => {
        const seconds = Math.round(deadlineMs / 1000)
        const isLate = deadline.aborted && !this.#stop.signal.aborted
        this.#end(isLate ? `given up after ${seconds} s without an end` : text(error))
      },
    )
  }

  get tookMs(): number {
    return Math.round(this.isRunning ? performance.now() - this.startedAt : this.#tookMs)
  }

  stop(): void {
    this.#stop.abort(new Error('stopped, since something else is tried'))
  }

  #end(error: string | null): void {
    this.#tookMs = performance.now() - this.startedAt
    this.isRunning = false
    this.error = error
  }
}

/** Servers may say whatever they like. */
const longestError = 2000

function text(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return shownText(message, longestError)
}
