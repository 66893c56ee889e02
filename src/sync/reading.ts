import type { EntryProblem } from '../directory/source.ts'
import type { Person, PersonSecrets } from '../person/person.ts'

/** What a source said, as people. Nothing is changed by it yet. */
export interface Reading {
  /** `complete`: whoever is not seen is not there. `delta`: nothing is said about the rest. */
  readonly kind: 'complete' | 'delta'
  /** Whether somebody was seen; to be asked until the reading is settled. */
  isSeen(person: string): boolean
  /** How many were seen. */
  readonly people: number
  /** Whoever was not plainly as before, with what the directory says about his secrets. */
  readonly secrets: ReadonlyMap<string, PersonSecrets>
  /** Those who are new or differ from what is known. */
  readonly differing: ReadonlyMap<string, Person>
  /** Of a delta: people's ids that are not there any more. */
  readonly gone: readonly string[]
  readonly entries: number
  /** The first thousand. */
  readonly problems: readonly EntryProblem[]
  readonly problemCount: number
}

const problemsKept = 1000

export class Problems {
  readonly kept: EntryProblem[] = []
  count = 0

  note(found: readonly EntryProblem[]): void {
    this.count += found.length
    for (const problem of found) if (this.kept.length < problemsKept) this.kept.push(problem)
  }
}
