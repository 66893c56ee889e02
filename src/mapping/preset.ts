import type { Entry, IdAttribute } from '../directory/source.ts'
import type { DisabledReason } from '../person/person.ts'
import type { MapOptions } from './options.ts'

/** What is usual in one kind of directory. */
export interface Preset {
  /** Which entries are people. */
  readonly filter: string
  /** Entries without an account that are people too. */
  readonly contacts?: string
  readonly id: IdAttribute
  readonly map: Omit<MapOptions, 'disabled' | 'hidden'>
  /** Attribute that is TRUE for whom the directory's own address list does not show. */
  readonly hidden?: string
  readonly disabled: DisabledRule
}

/** How the directory says that somebody may not log in, and with which attributes. */
export interface DisabledRule {
  readonly attributes: readonly string[]
  read(entry: Entry, now: number): DisabledReason | null
}

export function firstValue(entry: Entry, attribute: string): string | undefined {
  return entry.attributes.get(attribute)?.[0]
}
