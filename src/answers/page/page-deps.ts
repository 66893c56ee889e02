import type { LookupDeps } from '../admin/lookup.ts'
import type { SourceSettings } from '../admin/source-settings.ts'
import type { InvalidateDeps } from '../admin/invalidate.ts'
import type { NumberLedger } from '../admin/number-ledger.ts'
import type { Roster } from '../admin/roster.ts'
import type { PlanDeps } from '../admin/plans.ts'
import type { LookupTally } from '../realtime/lookup-tally.ts'
import type { Pbx } from '../../pbx/pbx.ts'
import type { Runs } from '../../state/runs.ts'
import type { Logger } from '../../logger.ts'
import type { AccountDeps } from '../admin/accounts.ts'
import type { TokenDeps } from '../admin/tokens.ts'
import type { Audit } from '../../state/audit.ts'
import type { SessionDeps } from '../auth/mount-session.ts'
import type { PhoneDeps } from '../admin/phones.ts'
import type { FollowedDeps } from '../admin/followed.ts'
import type { MeDeps } from '../me/me.ts'

/** A field and its rule, as a configuration has it; `isOwn`: the administrator wrote it. */
export interface FieldRule {
  readonly field: string
  readonly rule: string
  readonly isOwn: boolean
}

/** What the pages are made from. */
export interface PageDeps
  extends
    LookupDeps,
    InvalidateDeps,
    PlanDeps,
    SessionDeps,
    PhoneDeps,
    FollowedDeps,
    MeDeps,
    AccountDeps,
    TokenDeps {
  readonly runs: Runs
  readonly roster: Roster
  readonly ledger: NumberLedger
  readonly pbx: Pick<Pbx, 'status'>
  readonly tallies: readonly LookupTally[]
  /** When a source is read next by its schedule; null: not by itself. */
  /** Where each field of a source's people comes from. */
  readonly rulesOf: (source: string) => readonly FieldRule[]
  readonly nextReadOf: (source: string) => number | null
  readonly settings: SourceSettings
  readonly audit: Audit
  readonly log: Logger
}
