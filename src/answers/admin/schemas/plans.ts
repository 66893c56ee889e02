import { Type } from 'typebox'
import type { Effects, Holder, LostConflict, PhoneEffect } from '../../../people/effects.ts'
import type { QueueEffect } from '../../../people/queue-effects.ts'
import type { DescribedPlan, Excess, KeptValue } from '../../../state/plans.ts'
import type { DryRun } from '../../../sync/dry-run.ts'
import type { ListedPlan, ShownPlan } from '../plans.ts'
import type { PlanPreview } from '../source-settings.ts'
import { entryProblem, personChange } from './changes.ts'
import {
  component,
  count,
  flag,
  idOfPerson,
  moment,
  next,
  oneOf,
  orNull,
  text,
} from './component.ts'
import { run } from './runs.ts'

export const holder = component<Holder>()('NamedPerson', { id: idOfPerson, name: text() })

const phoneEffect = component<PhoneEffect>()('PhoneEffect', {
  kind: oneOf(['extension', 'alias', 'did']),
  number: text('As it is dialled; a `did` in E.164.'),
  before: Type.Array(holder, { description: 'Whom it reached; empty: nobody.' }),
  after: Type.Array(holder, { description: 'Whom it will reach; empty: nobody.' }),
})

const lostConflict = component<LostConflict>()('LostConflict', {
  number: text(),
  owner: holder,
  loser: holder,
})

const queueEffect = component<QueueEffect>()('QueueEffect', {
  queue: text(),
  joins: Type.Array(holder),
  leaves: Type.Array(holder),
})

const effects = component<Effects>()('PlanEffects', {
  numbers: Type.Array(phoneEffect, { description: 'The first, if there are very many.' }),
  lost: Type.Array(lostConflict, { description: 'Who will not get an id that he wants.' }),
  queues: Type.Optional(Type.Array(queueEffect, { description: 'Not there in old plans.' })),
})

const keptValue = component<KeptValue>()('KeptValue', {
  id: idOfPerson,
  name: text(),
  field: text(),
  value: Type.Unknown({ description: 'A text or a list.' }),
})

const excess = component<Excess>()('PlanExcess', {
  kind: text('`added`, `changed`, `disabled` or `removed`.'),
  count: count('How many people would be changed so.'),
  limit: count('How many a run may change by itself.'),
  earlier: Type.Optional(count('Those of `count` who were announced and taken over before.')),
})

const content = {
  people: count('How many people it touches.'),
  items: Type.Array(personChange, { description: 'The first two thousand.' }),
  effects,
  kept: Type.Array(keptValue, {
    description: 'What stays although the directory does not say it any more.',
  }),
}

const headline = {
  id: count(),
  source: text(),
  status: oneOf(
    ['held', 'approved', 'rejected', 'expired', 'gone'],
    '`gone`: a later read came to something else, or to nothing.',
  ),
  madeAt: moment('When it was made'),
  seenAt: moment('When a read last came to the same'),
  expiresAt: moment('Until when it may be approved'),
  decidedAt: orNull(moment('When it ceased to be held')),
  run: count('Id of the run that made it.'),
  excess: Type.Array(excess, { description: 'What there is too much of.' }),
}

const { people, kept } = content
const listedPlan = component<ListedPlan>()('ListedPlan', { ...headline, people, kept })
const plan = component<ShownPlan>()('Plan', { ...headline, ...content })
const describedPlan = component<DescribedPlan>()('PlanContent', content)

const foreseen = {
  source: text(),
  plan: describedPlan,
  excess: Type.Array(excess, { description: 'Why a real run would be held; empty: it would not.' }),
  isFirst: flag('The source was never read: everybody is new, and nothing is held.'),
  entries: count('Entries that were read.'),
  problems: Type.Array(entryProblem),
} satisfies Record<keyof DryRun, unknown>

/** What a read with other settings would do. */
export const planPreview = component<PlanPreview>()('PlanPreview', {
  ...foreseen,
  left: count(
    'People of a source that would not be configured any more; they stay until somebody decides.',
  ),
})

export const planAnswers = {
  'GET /api/plans': Type.Object({ plans: Type.Array(listedPlan), next }),
  'GET /api/plans/{id}': Type.Object({ plan }),
  'POST /api/plans/{id}/approve': Type.Object({
    approved: flag('False: the directory says something else by now; `run` has what came of it.'),
    run,
  }),
  'POST /api/plans/{id}/reject': Type.Object({ rejected: Type.Literal(true) }),
}
