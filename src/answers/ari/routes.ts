import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { click, type Click, type ClickDeps } from './click.ts'
import { AriFailed, AriUnreachable } from './errors.ts'
import type { AnswerTo } from '../admin/schemas/answers.ts'

const text = Type.String({ minLength: 1, maxLength: 250 })
const schema = {
  body: Type.Object(
    { from: text, to: text, asterisk: Type.Optional(text) },
    { additionalProperties: false },
  ),
}
const statuses = { nobody: 404, 'no number': 400, away: 503 } as const

/** `POST /calls {from, to}`: a call by a click. 202 as soon as Asterisk has begun to ring. */
export function mountCalls(app: FastifyInstance, deps: ClickDeps): void {
  app.post('/calls', { schema }, async (request: Asked, reply) => {
    try {
      const clicked = await click(request.body, deps)
      if ('problem' in clicked) {
        return await reply.code(statuses[clicked.problem]).send({ error: clicked.text })
      }
      return await reply.code(202).send(clicked satisfies AnswerTo<'POST /api/calls'>)
    } catch (error) {
      if (!(error instanceof AriFailed || error instanceof AriUnreachable)) throw error
      return reply.code(502).send({ error: `Asterisk did not make the call: ${error.message}` })
    }
  })
}

type Asked = FastifyRequest<{ Body: Click }>
