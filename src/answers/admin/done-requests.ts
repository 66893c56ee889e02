import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from '../../logger.ts'
import type { DoneRequests, KeyedRequest } from '../../state/done-requests.ts'
import { actorOf } from '../auth/actors.ts'

export interface DoneRequestDeps {
  readonly doneRequests: DoneRequests
  readonly log: Logger
}

/** Posts that make something anew each time. All others may be repeated as they are. */
export const unrepeatable: ReadonlySet<string> = new Set([
  '/api/calls',
  '/api/people/:id/reset-pin',
  '/api/people/:id/reset-secret',
])

/**
 * `Idempotency-Key`: whoever heard no answer asks again under the same key, and is answered as he
 * would have been, without anything being done twice.
 */
export function rememberRequests(
  app: FastifyInstance,
  { doneRequests, log }: DoneRequestDeps,
): void {
  const underway = new Map<string, FastifyRequest>()
  const keyed = new WeakMap<FastifyRequest, KeyedRequest>()

  app.addHook('preHandler', async (request, reply) => {
    const asked = keyedOf(request)
    if (!asked) return undefined
    if (asked === 'malformed') {
      const error = 'headers/idempotency-key must be 1 to 200 visible characters'
      return reply.code(400).send({ error })
    }
    const place = JSON.stringify([asked.actor, asked.key])
    if (underway.has(place)) {
      const error = 'a request with this Idempotency-Key is being answered; ask again later'
      return reply.code(409).header('retry-after', 1).send({ error, why: 'underway' })
    }
    underway.set(place, request)
    const done = await doneRequests.find(asked)
    if (done === undefined) {
      keyed.set(request, asked)
      return undefined
    }
    if (done === 'another') {
      const error = 'this Idempotency-Key was used for another request; take a new one'
      return reply.code(422).send({ error, why: 'key-reused' })
    }
    return reply
      .code(done.status)
      .header('idempotent-replayed', 'true')
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(done.body)
  })

  // Not when the connection ends: whoever hangs up and asks again finds it being done.
  app.addHook('onSend', async (request, reply, payload) => {
    const asked = keyed.get(request)
    if (asked && reply.statusCode < 400 && typeof payload === 'string') {
      const answer = { status: reply.statusCode, body: withoutShown(payload) }
      // It is done already: an error now would have it done twice.
      await doneRequests
        .keep(asked, answer)
        .catch((error: unknown) =>
          log.error({ problem: String(error) }, 'answer could not be kept'),
        )
    }
    for (const [place, each] of underway) if (each === request) underway.delete(place)
  })
}

/** Undefined: it has no key, or needs none. */
function keyedOf(request: FastifyRequest): KeyedRequest | 'malformed' | undefined {
  const { method, routeOptions, headers, url, body } = request
  const key = headers['idempotency-key']
  if (key === undefined || method !== 'POST') return undefined
  if (!unrepeatable.has(routeOptions.url ?? '')) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) return 'malformed'
  const actor = actorOf(request)?.id ?? ''
  return { actor, key, asked: JSON.stringify([method, url, body ?? null]) }
}

/** What is shown once is not shown again, nor kept anywhere. */
function withoutShown(text: string): string {
  const { value: _, ...answer } = JSON.parse(text) as Record<string, unknown> // our own answer
  return JSON.stringify(answer)
}
