import type { FastifyInstance } from 'fastify'
import { lifecycleOf, type Lifecycle } from '../../people/standing.ts'
import type { Run } from '../../state/runs.ts'
import type { Sync } from '../../sync/sync.ts'
import { paceOf } from '../realtime/lookup-tally.ts'
import { isAtLeast } from '../auth/subject.ts'
import { visitorOf } from './guard.ts'
import { LookupRate } from './lookup-rate.ts'
import type { PageDeps } from './page-deps.ts'
import { runTones } from './tones.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const runsCharted = 24

/** `/`: whether all is well, and what waits for somebody. */
export function mountOverview(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { people, syncs, pbx, tallies } = deps
  const rate = new LookupRate(tallies)

  app.get('/', async (request, reply) => {
    const sources = await Promise.all(syncs.map((sync) => describeSource(sync, deps)))
    const { p99Seconds } = paceOf(tallies)
    return views.send(request, reply, visitorOf(request), 'overview', {
      title: 'overview',
      active: 'overview',
      people: people.size,
      states: countStates(deps),
      conflicts: Array.from(people.conflicts()).length,
      held: syncs.flatMap(({ name, heldPlan }) =>
        heldPlan === null ? [] : [{ id: heldPlan, source: name }],
      ),
      sources,
      asterisks: pbx.status(),
      rate: rate.perSecond(performance.now()),
      p99Seconds,
    })
  })

  app.post<{ Body: { source?: string } }>('/sync', async (request, reply) => {
    const visitor = visitorOf(request)
    if (!isAtLeast(visitor.subject.role, 'helpDesk')) {
      const text = words[languageOf(request)].notAllowed
      return views.send(request, reply.code(403), visitor, 'message', { title: 'notAllowed', text })
    }
    const sync = syncs.find(({ name }) => name === request.body.source)
    // It may take minutes; the page is told when it is over.
    void sync?.run('request')
    return reply.redirect('/', 303)
  })
}

function countStates({ people }: PageDeps): Record<Lifecycle, number> {
  const counts = { active: 0, missing: 0, disabled: 0, unmanaged: 0 }
  for (const { person, standing } of people.members()) counts[lifecycleOf(person, standing)]++
  return counts
}

async function describeSource(sync: Sync, { people, runs, nextReadOf }: PageDeps) {
  const { name, readAt, lastRun, isRunning } = sync
  const settled = lastRun?.outcome === 'done' ? 'ok' : 'stale'
  const state = isRunning ? 'reading' : readAt === null ? 'empty' : settled
  const newest = await runs.headlines(runsCharted, name)
  return {
    name,
    state,
    tone: { reading: 'warn', ok: 'good', stale: 'warn', empty: 'bad' }[state],
    people: people.countOf(name),
    readAt,
    nextAt: nextReadOf(name),
    run: lastRun?.id ?? null,
    problems: lastRun?.counts.problems ?? 0,
    outcome: lastRun?.outcome ?? null,
    error: lastRun?.error ?? null,
    errorTone: runTones[lastRun?.outcome ?? 'done'],
    chart: newest.toReversed().map(barOf),
    outcomes: Object.entries(Object.groupBy(newest, ({ outcome }) => outcome)),
  }
}

/** A failure is a full bar; otherwise the longer it took the higher, a tenfold time a step. */
function barOf({
  outcome,
  startedAt,
  finishedAt,
}: Pick<Run, 'outcome' | 'startedAt' | 'finishedAt'>) {
  const ms = finishedAt - startedAt
  const height = outcome === 'done' ? Math.min(30, 4 + Math.round(6 * Math.log10(1 + ms))) : 32
  return { outcome, height, at: startedAt, ms }
}
