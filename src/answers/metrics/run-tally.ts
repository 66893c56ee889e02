import type { Run } from '../../state/runs.ts'

/** How many runs came to which end, by source, since the start. */
export class RunTally {
  readonly #counts = new Map<string, { source: string; outcome: Run['outcome']; count: number }>()

  note({ source, outcome }: Run): void {
    const key = `${outcome} ${source}`
    const known = this.#counts.get(key)
    if (known) known.count++
    else this.#counts.set(key, { source, outcome, count: 1 })
  }

  all(): Iterable<Readonly<{ source: string; outcome: Run['outcome']; count: number }>> {
    return this.#counts.values()
  }
}
