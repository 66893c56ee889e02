import { Type, type Static } from 'typebox'
import type { Missing } from '../people/standing.ts'
import { durationPattern, durationProperty, readDuration } from './duration.ts'
import type { SourceClock } from './source-clock.ts'

export const leaverProperties = {
  leavers: Type.Object(
    {
      grace: durationProperty(
        '24h',
        'How long somebody who is not in the directory any more is still answered: `30m`, `24h`, `30d`; `0h`: not at all.',
      ),
      // oxlint-disable-next-line unicorn/no-thenable -- a text, never a function
      then: Type.Union([Type.Literal('disable'), Type.Literal('delete'), Type.Literal('keep')], {
        default: 'disable',
        description:
          'What comes after the grace: `disable` (answered nowhere, secrets and mailbox kept), `delete` (secrets too), or `keep` (answered for ever).',
      }),
      deleteAfter: Type.Union([Type.Literal('never'), Type.String({ pattern: durationPattern })], {
        default: '30d',
        description: 'When somebody who was disabled so is deleted, his secrets too; or `never`.',
        examples: ['30d'],
      }),
    },
    {
      additionalProperties: false,
      default: {},
      description: 'What becomes of people who are not in the directory any more.',
    },
  ),
}

const leaverOptions = Type.Object(leaverProperties)
export type LeaverOptions = Static<typeof leaverOptions>

export interface Leavers {
  readonly graceMs: number
  /** After the grace. */
  readonly next: 'disable' | 'delete' | 'keep'
  /** Null: never. */
  readonly deleteAfterMs: number | null
}

export function compileLeavers({ leavers }: LeaverOptions): Leavers {
  const { grace, then, deleteAfter } = leavers
  const deleteAfterMs = deleteAfter === 'never' ? null : readDuration(deleteAfter)
  return { graceMs: readDuration(grace), next: then, deleteAfterMs }
}

/** Complete reads that must have missed somebody after the one that began a stage. */
const readsAStage = 2

/** What the next stage of somebody missing is, and `stay` while it is not due. */
export function nextStage(
  missing: Missing,
  { clock, reads }: SourceClock,
  { graceMs, next, deleteAfterMs }: Leavers,
): 'stay' | 'disable' | 'delete' {
  const isDue = (afterMs: number) =>
    afterMs === 0 || (clock - missing.clock >= afterMs && reads - missing.reads >= readsAStage)
  if (missing.stage === 'disabled') {
    return deleteAfterMs !== null && next !== 'keep' && isDue(deleteAfterMs) ? 'delete' : 'stay'
  }
  return next !== 'keep' && isDue(graceMs) ? next : 'stay'
}
