import type { DirectorySource } from '../directory/source.ts'
import type { Logger } from '../logger.ts'
import type { ExpectedAttributes } from '../mapping/expected-attributes.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { People } from '../people/people.ts'
import type { QueuesOf } from '../people/queue-effects.ts'
import type { PersonPart } from '../person/parts.ts'
import type { Run } from '../state/runs.ts'
import type { SecretPolicy } from '../state/secret-policy.ts'
import type { State } from '../state/state.ts'
import type { Guard } from './guard.ts'
import type { Leavers } from './leavers.ts'

/** A source and what belongs to it. */
export interface SyncedSource {
  readonly source: DirectorySource
  readonly mapping: Mapping
  readonly secrets: SecretPolicy
  readonly leavers: Leavers
  readonly guard: Guard
  /** Attributes that somebody should have. */
  readonly expected: readonly ExpectedAttributes[]
  /** Values that stay when the directory does not have them any more. */
  readonly keep: readonly PersonPart[]
  /** Which queues somebody belongs to, for a plan to tell; absent: there are none. */
  readonly queuesOf?: QueuesOf
}

export interface SyncDeps {
  readonly people: People
  readonly state: Pick<State, 'people' | 'secrets' | 'runs' | 'plans'>
  readonly log: Logger
  readonly now: () => number
  /** Milliseconds that this process has run, which nobody can set; default: what `now` says. */
  readonly uptime?: () => number
  /** Ends everything that is on its way. */
  readonly signal: AbortSignal
  /** Told of every run when it is over. */
  readonly onRun?: (run: Run, before: Run['outcome'] | undefined) => void
}
