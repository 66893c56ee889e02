import type { Entry, EntryProblem } from '../directory/source.ts'
import type { Person, PersonSecrets } from '../person/person.ts'

/** Entry in, person or reason out. Pure: the same entry and time always give the same person. */
export interface Mapping {
  /** Attributes that the rules read, in the directory's spelling: what a source should ask for. */
  readonly attributes: readonly string[]
  map(entry: Entry, now: number): Mapped
}

export type Mapped =
  | {
      readonly person: Person
      readonly secrets: PersonSecrets
      /** What was left out of this person (an alias with a line break, a number that does not parse). */
      readonly problems: readonly EntryProblem[]
      /** The same entry gives the same person at any later time. Absent: time may change him. */
      readonly isLasting?: boolean
    }
  | { readonly person: null; readonly problems: readonly EntryProblem[] }
