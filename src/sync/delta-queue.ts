import type { Run } from '../state/runs.ts'
import type { Delta } from './read-delta.ts'

/** Deltas that come at once, or while one is being applied, are applied as one. */
export class DeltaQueue {
  readonly #apply: (take: () => readonly Delta[]) => Promise<Run | null>
  #waiting: Waiting[] = []

  /** `apply` calls `take` when its turn has come. */
  constructor(apply: (take: () => readonly Delta[]) => Promise<Run | null>) {
    this.#apply = apply
  }

  add(delta: Delta): Promise<Run | null> {
    return new Promise((settle) => {
      this.#waiting.push({ delta, settle })
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
    })
  }

  #flush(): void {
    let taken: readonly Waiting[] = []
    const take = () => {
      taken = this.#waiting.splice(0)
      return taken.map(({ delta }) => delta)
    }
    const run = this.#apply(take)
    void run.finally(() => {
      for (const { settle } of taken) settle(run)
    })
  }
}

interface Waiting {
  readonly delta: Delta
  readonly settle: (run: Promise<Run | null>) => void
}
