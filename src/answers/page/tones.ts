import type { HeldPlan } from '../../state/plans.ts'
import type { Run } from '../../state/runs.ts'

export type Tone = 'good' | 'warn' | 'bad'

export const runTones: Readonly<Record<Run['outcome'], Tone>> = {
  done: 'good',
  held: 'warn',
  failed: 'bad',
}

export const planTones: Readonly<Record<HeldPlan['status'], Tone>> = {
  held: 'warn',
  approved: 'good',
  rejected: 'bad',
  expired: 'bad',
  gone: 'bad',
}
