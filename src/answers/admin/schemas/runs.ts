import { Type } from 'typebox'
import type { Run, RunCounts } from '../../../state/runs.ts'
import { entryProblem, personChange } from './changes.ts'
import { component, count, moment, next, oneOf, orNull, text } from './component.ts'

const runCounts = component<RunCounts>()('RunCounts', {
  entries: count('Entries that the directory returned.'),
  people: count('Entries that are people.'),
  added: count(),
  changed: count(),
  removed: count('Deleted for good.'),
  missing: count('Not in the directory any more, and still answered.'),
  back: count(),
  disabled: count(),
  healed: count('Changes that should have been announced before, and were not.'),
  problems: count(),
})

export const run = component<Run>()('Run', {
  id: count(),
  source: text(),
  reason: oneOf(
    ['start', 'schedule', 'request', 'change', 'signal', 'delta', 'approval'],
    '`change`: the directory announced one; `delta`: and said which; `approval`: of a held plan.',
  ),
  startedAt: moment('When it began'),
  finishedAt: moment('When it ended'),
  outcome: oneOf(
    ['done', 'failed', 'held'],
    '`held`: it would have changed too much, so nothing was changed.',
  ),
  error: orNull(Type.String(), 'Why it failed or was held; null: it was neither.'),
  plan: orNull(count('Id of the plan that it made, when it was held.')),
  counts: runCounts,
  problems: Type.Array(entryProblem, {
    description: 'The first thousand; `counts.problems` is how many there were.',
  }),
  changes: Type.Array(personChange, {
    description: 'Person by person, the first few hundred; none of the first import.',
  }),
})

export const runAnswers = {
  'POST /api/sync': Type.Object({ runs: Type.Array(run) }),
  'POST /api/invalidate': Type.Object({ runs: Type.Array(run) }),
  'GET /api/runs': Type.Object({ runs: Type.Array(run), next }),
  'GET /api/runs/{id}': Type.Object({ run }),
}
