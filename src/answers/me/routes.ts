import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Person } from '../../person/person.ts'
import { actorOf } from '../auth/actors.ts'
import { AriFailed, AriUnreachable } from '../ari/errors.ts'
import { callFor, colleagues, makeSetupLink, renewSecret, selfOf, type MeDeps } from './me.ts'
import { changePin } from './pin.ts'
import { pinProblemText } from './pin-words.ts'
import type { AnswerTo } from '../admin/schemas/answers.ts'

const text = Type.String({ minLength: 1, maxLength: 250 })
const pinBody = Type.Object({ pin: Type.String({ maxLength: 100 }) }, closed())
const callBody = Type.Object({ to: text }, closed())
const searchQuery = Type.Object({
  q: Type.String({ maxLength: 100 }),
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
})

/** `/api/me`: what the page for everybody does, for programs of somebody who is signed in. */
export function mountMe(app: FastifyInstance, deps: MeDeps): void {
  app.get('/me', (request, reply) =>
    withSelf(request, reply, async (person) => {
      const { id, name, user, email } = person
      const me: AnswerTo<'GET /api/me'> = { id, name, user, email, ...selfOf(person, deps) }
      return reply.send(me)
    }),
  )

  app.get('/me/colleagues', { schema: { querystring: searchQuery } }, (request: Search, reply) =>
    withSelf(request, reply, async () => {
      const { q, limit } = request.query
      const contacts = await colleagues(q, limit, deps)
      return reply.send({ contacts } satisfies AnswerTo<'GET /api/me/colleagues'>)
    }),
  )

  app.post('/me/pin', { schema: { body: pinBody } }, (request: PinChange, reply) =>
    withSelf(request, reply, async (person) => {
      const problem = await changePin(person, request.body.pin, deps)
      if (problem === null) return reply.send(done)
      const error = pinProblemText(problem, deps.me)
      return reply.code(problem === 'directory' ? 409 : 400).send({ error, why: problem })
    }),
  )

  app.post('/me/setup-link', (request, reply) =>
    withSelf(request, reply, async (person) => {
      const link = await makeSetupLink(person, deps)
      if (!link) return reply.code(404).send({ error: 'there is no SIP account to be shown' })
      const { token, expiresAt } = link
      const answer: AnswerTo<'POST /api/me/setup-link'> = {
        path: `/setup/${token}`,
        expiresAt: new Date(expiresAt).toISOString(),
      }
      return reply.send(answer)
    }),
  )

  app.post('/me/renew-secret', (request, reply) =>
    withSelf(request, reply, async (person) => {
      if (await renewSecret(person, deps)) return reply.send(done)
      return reply.code(403).send({ error: 'your SIP secret is not for you to change' })
    }),
  )

  app.post('/me/calls', { schema: { body: callBody } }, (request: Call, reply) =>
    withSelf(request, reply, async (person) => {
      try {
        const called = await callFor(person, request.body.to, deps)
        if (!('problem' in called))
          return await reply.code(202).send(called satisfies AnswerTo<'POST /api/me/calls'>)
        const status = called.problem === 'away' ? 503 : 400
        return await reply.code(status).send({ error: called.text })
      } catch (error) {
        if (!(error instanceof AriFailed || error instanceof AriUnreachable)) throw error
        return reply.code(502).send({ error: `Asterisk did not make the call: ${error.message}` })
      }
    }),
  )

  function withSelf(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: (person: Person) => Promise<FastifyReply>,
  ) {
    const [, id] = /^person\/(.+)$/s.exec(actorOf(request)?.id ?? '') ?? []
    const person = id === undefined ? undefined : deps.people.get(id)
    void reply.header('cache-control', 'no-store')
    if (person) return answer(person)
    const error = 'this is for people of a directory: sign in as one by POST /auth/login'
    return reply.code(404).send({ error })
  }
}

const done: AnswerTo<'POST /api/me/pin' | 'POST /api/me/renew-secret'> = { ok: true }

function closed() {
  return { additionalProperties: false }
}

type Search = FastifyRequest<{ Querystring: { q: string; limit: number } }>
type PinChange = FastifyRequest<{ Body: { pin: string } }>
type Call = FastifyRequest<{ Body: { to: string } }>
