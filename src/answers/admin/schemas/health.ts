import { Type } from 'typebox'
import type { Health, NodeHealth, SourceHealth } from '../health.ts'
import { component, count, flag, oneOf, orNull, text, writtenMoment } from './component.ts'

const status = oneOf(
  ['ok', 'stale', 'empty'],
  '`stale`: answers come from old people, the last run failed; `empty`: there never were any.',
)

const sourceHealth = component<SourceHealth>()('SourceHealth', {
  name: text(),
  status,
  readAt: orNull(writtenMoment('When it was last read completely'), 'Null: never.'),
  ageSeconds: orNull(Type.Integer(), 'Since then.'),
  heldPlan: orNull(count('Id of a plan that waits for a decision.'), 'Null: none does.'),
})

const nodeHealth = component<NodeHealth>()('NodeHealth', {
  synchronises: flag(),
  hasState: flag('Whether the state could be read and written a moment ago.'),
  undelivered: count('Registrations of phones that wait for the state to be there again.'),
})

/** `GET /healthz`, whether all is well or not. */
export const health = component<Health>()('Health', {
  status,
  people: count(),
  sources: Type.Array(sourceHealth),
  node: Type.Optional(nodeHealth),
})

/** `GET /readyz`, whether it is ready or not. */
export const readiness = Type.Object({ ready: flag() }, { $id: 'Readiness' })
