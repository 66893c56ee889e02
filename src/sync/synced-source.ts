import type { DirectorySource } from '../directory/source.ts'
import type { Logger } from '../logger.ts'
import type { Mapping } from '../mapping/mapping.ts'
import type { People } from '../people/people.ts'
import type { Run } from '../state/runs.ts'
import type { SecretPolicy } from '../state/secrets.ts'
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
}

export interface SyncDeps {
  readonly people: People
  readonly state: Pick<State, 'people' | 'secrets' | 'runs' | 'plans'>
  readonly log: Logger
  readonly now: () => number
  /** Ends everything that is on its way. */
  readonly signal: AbortSignal
  /** Told of every run when it is over. */
  readonly onRun?: (run: Run, before: Run['outcome'] | undefined) => void
}
