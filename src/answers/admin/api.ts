import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Run, RunReason, Runs } from '../../state/runs.ts'
import type { HealthDeps } from './health.ts'
import { lookup, type LookupDeps } from './lookup.ts'

export interface ApiDeps extends HealthDeps, LookupDeps {
  readonly runs: Runs
  /** Runs the named source, or all of them, and resolves when they are done. */
  readonly sync: (source: string | undefined, reason: RunReason) => Promise<readonly Run[]>
}

const syncQuery = Type.Object({ source: Type.Optional(Type.String()) })
const runsQuery = Type.Object({ limit: Type.Integer({ minimum: 1, maximum: 500, default: 20 }) })
const lookupQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 250 }),
  secrets: Type.Boolean({ default: false }),
})

/** `/api`: what the commands and an administrator's own programs ask. Answers JSON. */
export function mountApi(app: FastifyInstance, deps: ApiDeps): void {
  app.post('/sync', { schema: { querystring: syncQuery } }, async (request: SyncRequest, reply) => {
    const { source } = request.query
    const names = deps.syncs.map(({ name }) => name)
    if (source !== undefined && !names.includes(source)) {
      return reply
        .code(404)
        .send({ error: `there is no source '${source}'; known are ${names.join(', ')}` })
    }
    return { runs: await deps.sync(source, 'request') }
  })

  app.get('/runs', { schema: { querystring: runsQuery } }, async (request: RunsRequest) => ({
    runs: await deps.runs.newest(request.query.limit),
  }))

  app.get(
    '/lookup',
    { schema: { querystring: lookupQuery } },
    async (request: LookupRequest, reply) => {
      const found = lookup(request.query.q, request.query.secrets, deps)
      return reply.header('cache-control', 'no-store').send({ found })
    },
  )

  app.get('/conflicts', async () => ({
    conflicts: Array.from(deps.people.conflicts(), ({ key, kind, owner, loser }) => ({
      key,
      kind,
      owner: { id: owner.id, name: owner.name },
      loser: { id: loser.id, name: loser.name },
    })),
  }))
}

type SyncRequest = FastifyRequest<{ Querystring: { source?: string } }>
type RunsRequest = FastifyRequest<{ Querystring: { limit: number } }>
type LookupRequest = FastifyRequest<{ Querystring: { q: string; secrets: boolean } }>
