import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { People } from '../../people/people.ts'
import { lifecycleOf } from '../../people/standing.ts'
import { decisions, type Decision } from '../../sync/decision.ts'
import type { Sync } from '../../sync/sync.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface PersonActionDeps {
  readonly people: People
  readonly syncs: readonly Sync[]
}

const schema = {
  params: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 500 }),
    decision: Type.Union(decisions.map((name) => Type.Literal(name))),
  }),
}

/** `/api/people/{id}/disable|enable|unmanage|manage`; the id with `%2F` for its slash. */
export function mountPersonActions(
  app: FastifyInstance,
  { people, syncs }: PersonActionDeps,
): void {
  app.post('/people/:id/:decision', { schema }, async (request: Asked, reply) => {
    const { id, decision } = request.params
    const source = people.get(id)?.source
    const sync = syncs.find(({ name }) => name === source)
    if (!(await sync?.decide(id, decision))) {
      return reply.code(404).send({ error: `there is nobody with the id '${id}'` })
    }
    const member = people.member(id)
    if (!member) return reply.code(404).send({ error: `there is nobody with the id '${id}'` })
    const { person, standing } = member
    return {
      id,
      name: person.name,
      lifecycle: lifecycleOf(person, standing),
      disabled: person.disabled,
    } satisfies AnswerTo<'POST /api/people/{id}/{decision}'>
  })
}

type Asked = FastifyRequest<{ Params: { id: string; decision: Decision } }>
