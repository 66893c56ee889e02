import type { HeldPlan } from '../state/plans.ts'
import type { Notice } from '../state/notice-book.ts'

/** A notice with what there is to say about it. */
export interface Told extends Notice {
  /** The plan that is held or expired, in full. */
  readonly about: HeldPlan | undefined
  /** When the people were read who are answered now, in milliseconds since 1970; null: never. */
  readonly readAt: number | null
}

/** A way to tell an administrator something. */
export interface Channel {
  readonly name: 'mail' | 'webhook'
  /** Rejects when it was not taken; `NotTaken` when another try soon would not be either. */
  deliver(told: Told): Promise<void>
}

/** Somebody answered, and refuses: a wrong password, an unknown recipient. */
export class NotTaken extends Error {
  override name = 'NotTaken'
}
