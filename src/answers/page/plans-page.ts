import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HeldPlan } from '../../state/plans.ts'
import { changeTable } from './change-table.ts'
import { encodeCsv } from './csv.ts'
import { visitorOf } from './guard.ts'
import type { PageDeps } from './page-deps.ts'
import { isAtLeast } from '../auth/subject.ts'
import { planTones } from './tones.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const plansListed = 20
const itemsOnPage = 100
const effectsShown = 200

const params = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const querystring = Type.Object({ page: Type.Integer({ minimum: 1, default: 1 }) })

/** `/plans`: runs that would change too much, with what they would do, and the decision. */
export function mountPlansPage(app: FastifyInstance, deps: PageDeps, views: Views): void {
  const { plans, syncs, dropped, now } = deps

  app.get('/plans', async (request, reply) => {
    const newest = await plans.newest(plansListed)
    return views.send(request, reply, visitorOf(request), 'plans', {
      title: 'plans',
      active: 'plans',
      rows: newest.map(({ id, source, madeAt, people, ...plan }) => {
        const status = statusOf(plan, now())
        return { id, source, madeAt, people, status, tone: planTones[status] }
      }),
    })
  })

  function show(
    request: ById,
    reply: FastifyReply,
    held: HeldPlan,
    problem: string | null,
    isReport = false,
  ) {
    const plan = { ...held, status: statusOf(held, now()) }
    const pages = Math.max(1, Math.ceil(plan.items.length / itemsOnPage))
    const page = Math.min(request.query.page ?? 1, pages)
    return views.send(request, reply, visitorOf(request), 'plan', {
      title: 'plan',
      active: 'plans',
      plan,
      problem,
      isReport, // in the words of the service
      tone: planTones[plan.status],
      numbers: plan.effects.numbers.slice(0, effectsShown),
      lost: plan.effects.lost.slice(0, effectsShown),
      queues: (plan.effects.queues ?? []).slice(0, effectsShown),
      changes: plan.items.slice((page - 1) * itemsOnPage, page * itemsOnPage),
      page,
      pages,
    })
  }

  const schema = { params, querystring }
  app.get('/plans/:id', { schema }, (request: ById, reply) =>
    withPlan(request, reply, (plan) => show(request, reply, plan, null)),
  )
  app.get('/plans/:id/changes.csv', { schema }, (request: ById, reply) =>
    withPlan(request, reply, ({ items }) =>
      reply.type('text/csv; charset=utf-8').send(encodeCsv(changeTable(items))),
    ),
  )
  app.get('/plans/:id/plan.json', { schema }, (request: ById, reply) =>
    withPlan(request, reply, ({ prints: _, digest: __, ...plan }) => reply.send(plan)),
  )

  app.post('/plans/:id/approve', { schema }, (request: ById, reply) =>
    decide(request, reply, async (sync, plan) => {
      const run = await sync.approve(plan.id, plan.digest)
      const after = await plans.get(plan.id)
      return after?.status === 'approved' ? null : run.error
    }),
  )
  app.post('/plans/:id/reject', { schema }, (request: ById, reply) =>
    decide(request, reply, async (sync, plan) => {
      await sync.reject(plan.id)
      return null
    }),
  )

  type Decider = Pick<PageDeps['syncs'][number], 'approve' | 'reject'>

  function decide(
    request: ById,
    reply: FastifyReply,
    decision: (sync: Decider, plan: HeldPlan) => Promise<string | null>,
  ) {
    return withPlan(request, reply, async (plan) => {
      const visitor = visitorOf(request)
      const w = words[languageOf(request)]
      if (!isAtLeast(visitor.subject.role, 'administrator'))
        return show(request, reply.code(403), plan, w.notAllowed)
      const sync = [...syncs, ...dropped].find(({ heldPlan }) => heldPlan === plan.id)
      const status = statusOf(plan, now())
      if (!sync || status !== 'held') return show(request, reply.code(409), plan, w[status])
      const problem = await decision(sync, plan)
      if (problem === null) return reply.redirect(`/plans/${plan.id}`, 303)
      return show(request, reply, (await plans.get(plan.id)) ?? plan, problem, true)
    })
  }

  async function withPlan(
    request: ById,
    reply: FastifyReply,
    answer: (plan: HeldPlan) => FastifyReply | Promise<FastifyReply>,
  ) {
    const plan = await plans.get(request.params.id)
    if (plan) return answer(plan)
    const about = { title: 'notFound', text: words[languageOf(request)].notFound } as const
    return views.send(request, reply.code(404), visitorOf(request), 'message', about)
  }
}

function statusOf(plan: Pick<HeldPlan, 'status' | 'expiresAt'>, now: number): HeldPlan['status'] {
  return plan.status === 'held' && plan.expiresAt <= now ? 'expired' : plan.status
}

type ById = FastifyRequest<{ Params: { id: number }; Querystring: { page?: number } }>
