import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Calls } from '../caller/calls.ts'
import type { Route } from '../caller/called.ts'
import type { CallerAnswer } from '../caller/caller-answer.ts'
import type { OutboundCall } from '../caller/outbound.ts'

export interface WhyDeps {
  readonly calls: Calls
}

/** What a number means, each way, with the reasons. */
export interface Why {
  readonly caller: CallerAnswer
  readonly called: Route
  /** When it was asked what a telephone's call to it shows. */
  readonly outbound: OutboundCall | null
}

const text = Type.Optional(Type.String({ minLength: 1, maxLength: 250 }))
const schema = {
  querystring: Type.Object({
    q: Type.String({ minLength: 1, maxLength: 250 }),
    trunk: text,
    from: text,
  }),
}

/** `GET /api/why?q=NUMBER[&trunk=NAME][&from=EXTENSION]`. */
export function mountWhy(app: FastifyInstance, { calls }: WhyDeps): void {
  app.get('/why', { schema }, (request: Asked, reply) => {
    const { q, trunk, from } = request.query
    const answer: Why = {
      caller: calls.caller(q, { trunk, isInside: trunk === undefined }),
      called: calls.called(q, trunk),
      outbound: from === undefined ? null : calls.outbound(from, q, trunk),
    }
    return reply.header('cache-control', 'no-store').send(answer)
  })
}

type Asked = FastifyRequest<{ Querystring: { q: string; trunk?: string; from?: string } }>
