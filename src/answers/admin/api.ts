import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Runs } from '../../state/runs.ts'
import type { Ari } from '../ari/ari.ts'
import type { ClickDeps } from '../ari/click.ts'
import { mountCalls } from '../ari/routes.ts'
import type { MeDeps } from '../me/me.ts'
import { mountMe } from '../me/routes.ts'
import { mountAccounts, type AccountDeps } from './accounts.ts'
import { mountAudit, type AuditDeps } from './audit.ts'
import { mountAsterisk, type AsteriskDeps } from './asterisk.ts'
import { rememberRequests, type DoneRequestDeps } from './done-requests.ts'
import { refuseWhileFollowing, type FollowedDeps } from './followed.ts'
import type { HealthDeps } from './health.ts'
import { mountInvalidate, type InvalidateDeps } from './invalidate.ts'
import { lookup } from './lookup.ts'
import { mountNumbers, type NumbersDeps } from './numbers.ts'
import { pageOf, pageQuery, placeAfter, type PageQuery } from './paging.ts'
import { mountPeopleList, type PeopleListDeps } from './people-list.ts'
import { mountPersonActions } from './person-actions.ts'
import { mountPersonSecrets } from './person-secrets.ts'
import { mountPhones, type PhoneDeps } from './phones.ts'
import { mountPlans, type PlanDeps } from './plans.ts'
import { mountTokens, type TokenDeps } from './tokens.ts'
import { mountSnapshot } from './snapshot.ts'
import { mountSources, type SourcesDeps } from './sources.ts'
import { mountWhy, type WhyDeps } from './why.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface ApiDeps
  extends
    HealthDeps,
    InvalidateDeps,
    PlanDeps,
    AsteriskDeps,
    WhyDeps,
    PhoneDeps,
    ClickDeps,
    AccountDeps,
    AuditDeps,
    PeopleListDeps,
    NumbersDeps,
    TokenDeps,
    DoneRequestDeps,
    MeDeps,
    SourcesDeps,
    FollowedDeps {
  readonly runs: Runs
  readonly ari: Ari
}

const syncQuery = Type.Object({ source: Type.Optional(Type.String()) })
const runsQuery = Type.Object({
  source: Type.Optional(Type.String()),
  ...pageQuery(20, 500),
})
const runParams = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const lookupQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 250 }),
  secrets: Type.Boolean({ default: false }),
})

/** `/api`: what the commands and an administrator's own programs ask. Answers JSON. */
export function mountApi(app: FastifyInstance, deps: ApiDeps): void {
  refuseWhileFollowing(app, deps)
  rememberRequests(app, deps)
  mountAsterisk(app, deps)

  app.post('/sync', { schema: { querystring: syncQuery } }, async (request: SyncRequest, reply) => {
    const { source } = request.query
    const names = deps.syncs.map(({ name }) => name)
    if (source !== undefined && !names.includes(source)) {
      return reply
        .code(404)
        .send({ error: `there is no source '${source}'; known are ${names.join(', ')}` })
    }
    return {
      runs: await deps.sync(source, 'request'),
    } satisfies AnswerTo<'POST /api/sync'>
  })

  app.get('/runs', { schema: { querystring: runsQuery } }, async ({ query }: RunsRequest) => {
    const [before] = placeAfter(query, 'number') ?? []
    const found = await deps.runs.newest(query.limit + 1, query.source, before)
    const { rows, next } = pageOf(found, query, ({ id }) => [id])
    return { runs: rows, next } satisfies AnswerTo<'GET /api/runs'>
  })

  app.get('/runs/:id', { schema: { params: runParams } }, async (request: RunRequest, reply) => {
    const run = await deps.runs.get(request.params.id)
    if (!run) return reply.code(404).send({ error: `there is no run ${request.params.id}` })
    return { run } satisfies AnswerTo<'GET /api/runs/{id}'>
  })

  mountPlans(app, deps)
  mountPeopleList(app, deps)
  mountPersonActions(app, deps)
  mountPersonSecrets(app, deps)
  mountInvalidate(app, deps)
  mountSnapshot(app, deps)
  mountWhy(app, deps)
  mountPhones(app, deps)
  mountCalls(app, deps)
  mountAccounts(app, deps)
  mountAudit(app, deps)
  mountNumbers(app, deps)
  mountTokens(app, deps)
  mountMe(app, deps)
  mountSources(app, deps)

  app.get(
    '/lookup',
    { schema: { querystring: lookupQuery } },
    async (request: LookupRequest, reply) => {
      const found = lookup(request.query.q, request.query.secrets, deps)
      const answer: AnswerTo<'GET /api/lookup'> = { found }
      return reply.header('cache-control', 'no-store').send(answer)
    },
  )
}

type SyncRequest = FastifyRequest<{ Querystring: { source?: string } }>
type RunsRequest = FastifyRequest<{ Querystring: PageQuery & { source?: string } }>
type RunRequest = FastifyRequest<{ Params: { id: number } }>
type LookupRequest = FastifyRequest<{ Querystring: { q: string; secrets: boolean } }>
