import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { HeldPlan, Plans } from '../../state/plans.ts'
import type { DroppedSource } from '../../sync/dropped-source.ts'
import type { Sync } from '../../sync/sync.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface PlanDeps {
  readonly plans: Plans
  readonly syncs: readonly Sync[]
  /** Sources that are not configured any more, whose people are still answered. */
  readonly dropped: readonly DroppedSource[]
  readonly now: () => number
}

const querystring = Type.Object(pageQuery(50, 200))
const byId = { params: Type.Object({ id: Type.Integer({ minimum: 1 }) }) }

/** A plan as it is listed: without what is only there to recognise it. */
export type ShownPlan = Omit<HeldPlan, 'prints' | 'digest'>

/** Without what is to be looked at one by one. */
export type ListedPlan = Omit<ShownPlan, 'items' | 'effects'>

/** `/api/plans`: what is held, and what is decided about it. */
export function mountPlans(app: FastifyInstance, deps: PlanDeps): void {
  const { plans, syncs, dropped, now } = deps
  const heldSync = (plan: HeldPlan) =>
    [...syncs, ...dropped].find(({ heldPlan }) => heldPlan === plan.id)

  app.get('/plans', { schema: { querystring } }, async ({ query }: Listing) => {
    const [before] = placeAfter(query, 'number') ?? []
    const found = await plans.newest(query.limit + 1, before)
    const { rows, next } = pageOf(found, query, ({ id }) => [id])
    const listed = rows.map((plan) => {
      const { items: _, effects: __, ...rest } = shown(plan, now())
      return rest
    })
    return { plans: listed, next } satisfies AnswerTo<'GET /api/plans'>
  })

  app.get('/plans/:id', { schema: byId }, async (request: ById, reply) => {
    const plan = await plans.get(request.params.id)
    if (!plan) return reply.code(404).send({ error: `there is no plan ${request.params.id}` })
    return { plan: shown(plan, now()) } satisfies AnswerTo<'GET /api/plans/{id}'>
  })

  app.post('/plans/:id/approve', { schema: byId }, async (request: ById, reply) => {
    const plan = await plans.get(request.params.id)
    if (!plan) return reply.code(404).send({ error: `there is no plan ${request.params.id}` })
    const sync = heldSync(plan)
    const { status } = shown(plan, now())
    if (!sync || status !== 'held')
      return reply.code(409).send({ error: notHeld(plan.id, status), why: 'not-held' })
    const run = await sync.approve(plan.id, plan.digest)
    const after = await plans.get(plan.id)
    return {
      approved: after?.status === 'approved',
      run,
    } satisfies AnswerTo<'POST /api/plans/{id}/approve'>
  })

  app.post('/plans/:id/reject', { schema: byId }, async (request: ById, reply) => {
    const plan = await plans.get(request.params.id)
    if (!plan) return reply.code(404).send({ error: `there is no plan ${request.params.id}` })
    const isRejected = await heldSync(plan)?.reject(plan.id)
    if (isRejected !== true) {
      return reply
        .code(409)
        .send({ error: notHeld(plan.id, shown(plan, now()).status), why: 'not-held' })
    }
    return { rejected: true } satisfies AnswerTo<'POST /api/plans/{id}/reject'>
  })
}

function shown({ prints: _, digest: __, ...plan }: HeldPlan, now: number): ShownPlan {
  const isExpired = plan.status === 'held' && plan.expiresAt <= now
  return isExpired ? { ...plan, status: 'expired' } : plan
}

function notHeld(id: number, status: HeldPlan['status']): string {
  const what = {
    held: 'belongs to a source that is not configured any more',
    approved: 'was approved already',
    rejected: 'was rejected already',
    expired: 'is too old; read the source again, and it comes back as another one',
    gone: 'is no longer what the directory says',
  }
  return `plan ${id} ${what[status]}`
}

type Listing = FastifyRequest<{ Querystring: PageQuery }>
type ById = FastifyRequest<{ Params: { id: number } }>
