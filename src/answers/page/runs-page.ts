import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Run, RunCounts } from '../../state/runs.ts'
import { changeTable } from './change-table.ts'
import { encodeCsv } from './csv.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { runTones } from './tones.ts'
import type { Views } from './views.ts'
import { wordingOf, type Wording } from './wording.ts'
import { languageOf, words, type Words } from './words.ts'

const runsListed = 50
const problemsShown = 200

const byId = { params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) }

/** `/runs`: what the reads of the directories came to, and one of them with all that it changed. */
export function mountRunsPage(
  app: FastifyInstance,
  { runs, syncs, now }: PageDeps,
  views: Views,
): void {
  app.get('/runs', async (request, reply) => {
    const language = languageOf(request)
    const w = words[language]
    const f = wordingOf(language, w, now())
    const newest = await runs.headlines(runsListed)
    return views.send(request, reply, visitorOf(request), 'runs', {
      title: 'runs',
      active: 'runs',
      running: syncs.filter(({ isRunning }) => isRunning).map(({ name }) => name),
      rows: newest.map((run) => ({
        ...run,
        tone: runTones[run.outcome],
        changeText: changeText(run.counts, w, f),
      })),
    })
  })

  app.get('/runs/:id', { schema: byId }, (request: ById, reply) =>
    withRun(request, reply, (run) => {
      const { problems: _, ...counts } = run.counts
      return views.send(request, reply, visitorOf(request), 'run', {
        title: 'run',
        active: 'runs',
        run,
        tone: runTones[run.outcome],
        counts: Object.entries(counts),
        problems: run.problems.slice(0, problemsShown),
        changes: run.changes,
      })
    }),
  )

  app.get('/runs/:id/changes.csv', { schema: byId }, (request: ById, reply) =>
    withRun(request, reply, (run) =>
      reply.type('text/csv; charset=utf-8').send(encodeCsv(changeTable(run.changes))),
    ),
  )
  app.get('/runs/:id/problems.csv', { schema: byId }, (request: ById, reply) =>
    withRun(request, reply, (run) => {
      const rows = run.problems.map(({ entry, attribute, text }) => [entry, attribute, text])
      const table = encodeCsv([['entry', 'attribute', 'problem'], ...rows])
      return reply.type('text/csv; charset=utf-8').send(table)
    }),
  )
  app.get('/runs/:id/run.json', { schema: byId }, (request: ById, reply) =>
    withRun(request, reply, (run) => reply.send(run)),
  )

  async function withRun(request: ById, reply: FastifyReply, show: (run: Run) => FastifyReply) {
    const run = await runs.get(request.params.id)
    if (run) return show(run)
    const about = { title: 'notFound', text: words[languageOf(request)].notFound } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

function changeText(counts: RunCounts, w: Words, f: Wording): string {
  const kinds = ['added', 'changed', 'missing', 'back', 'disabled', 'removed'] as const
  const parts = kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `${f.count(counts[kind])} ${w[kind]}`)
  return parts.join(', ') || '–'
}

type ById = FastifyRequest<{ Params: { id: number } }>
