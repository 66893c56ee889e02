import { partOf, type PersonPart } from '../person/parts.ts'
import type { Person } from '../person/person.ts'

/** People of one source who are people of an earlier one as well. */
export interface JoinRule {
  /** The later source. */
  readonly source: string
  /** The earlier one: ids, secrets and mailboxes are those of its people. */
  readonly to: string
  /** What must be the same, without regard to case. */
  readonly by: PersonPart
  /** What the later source may give where the earlier one has nothing. */
  readonly parts: readonly PersonPart[]
}

/** What a person is recognised by in the other source; null: by nothing. */
export function joinKeyOf(person: Person, { by }: JoinRule): string | null {
  const value = partOf(person, by)
  return typeof value === 'string' ? value.trim().toLowerCase() : null
}
