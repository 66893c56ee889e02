/** Times when somebody is dead on purpose, and a while longer, until everything has come back. */
export class Outages {
  readonly #graceMs: number
  readonly #known: { from: number; to: number }[] = []

  constructor(graceMs: number) {
    this.#graceMs = graceMs
  }

  async during(work: () => Promise<void>): Promise<void> {
    const outage = { from: performance.now(), to: Infinity }
    this.#known.push(outage)
    try {
      await work()
    } finally {
      outage.to = performance.now() + this.#graceMs
    }
  }

  /** Whether some of the time from then to now was part of one. */
  touch(from: number): boolean {
    return this.#known.some(({ to }) => from < to)
  }
}

/** How often something was tried, how it went, and how long it took; milliseconds. */
export class Tally {
  readonly #tookMs: number[] = []
  readonly #errors: string[] = []
  readonly #outages: Outages
  readonly #began = performance.now()
  #excused = 0

  constructor(outages: Outages) {
    this.#outages = outages
  }

  /** A failure counts as an error unless somebody was dead meanwhile. */
  async try(work: () => Promise<void>): Promise<void> {
    const from = performance.now()
    try {
      await work()
      this.#tookMs.push(performance.now() - from)
    } catch (error) {
      if (this.#outages.touch(from)) this.#excused++
      else {
        const minutes = ((from - this.#began) / 60_000).toFixed(2)
        const problem = error instanceof Error ? error.message : String(error)
        this.#errors.push(`${minutes} min: ${problem}`)
      }
    }
  }

  get errors(): readonly string[] {
    return this.#errors
  }

  /** `done`: well; `excused`: failed while somebody was dead. */
  report() {
    const sorted = this.#tookMs.toSorted((a, b) => a - b)
    const at = (share: number) => round(sorted[Math.floor(sorted.length * share)] ?? 0)
    return {
      done: sorted.length,
      excused: this.#excused,
      errors: this.#errors.length,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      longestMs: round(sorted.at(-1) ?? 0),
    }
  }
}

export type TallyReport = ReturnType<Tally['report']>

function round(value: number): number {
  return Math.round(value * 10) / 10
}
