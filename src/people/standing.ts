import type { DisabledReason, Person } from '../person/person.ts'

/** What Peerage knows about a person beside what the directory says, where that is anything. */
export interface Standing {
  /** What the directory said last; `Person.disabled` is what comes of it together with the rest. */
  readonly directory: DisabledReason | null
  /** Since when the directory does not have him; null: it has. */
  readonly missing: Missing | null
  /** What an administrator decided about his telephone; null: nothing. */
  readonly decided: 'disabled' | 'enabled' | null
  /** False: an administrator took him out of the directory's hands. */
  readonly managed: boolean
}

export interface Missing {
  /** When the read ended that missed him first, in milliseconds since 1970; only shown. */
  readonly since: number
  /** `grace`: still answered. `disabled`: answered nowhere, everything kept. */
  readonly stage: 'grace' | 'disabled'
  /** The source's clock when this stage began: see `sync/source-clock.ts`. */
  readonly clock: number
  readonly reads: number
  /** An administrator approved of it, so the stages that follow need no second approval. */
  readonly approved: boolean
}

export type Lifecycle = 'active' | 'missing' | 'disabled' | 'unmanaged'

export function lifecycleOf(person: Person, standing: Standing | undefined): Lifecycle {
  if (standing?.managed === false) return 'unmanaged'
  if (person.disabled !== null) return 'disabled'
  return standing?.missing ? 'missing' : 'active'
}

/** What is known of somebody who is as the directory says. */
export function plainStanding(directory: DisabledReason | null): Standing {
  return { directory, missing: null, decided: null, managed: true }
}

/** Null when there is nothing to remember. */
export function worthKeeping(standing: Standing): Standing | null {
  const { missing, decided, managed } = standing
  return missing === null && decided === null && managed ? null : standing
}

/** Why somebody is not let in, of all that is known. */
export function disabledBy({ directory, missing, decided }: Standing): DisabledReason | null {
  if (decided === 'disabled') return 'administrator'
  if (decided === 'enabled') return null
  return missing?.stage === 'disabled' ? 'left' : directory
}
