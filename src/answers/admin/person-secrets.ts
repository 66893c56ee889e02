import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { People } from '../../people/people.ts'
import type { Secrets } from '../../state/secrets.ts'
import type { Sync } from '../../sync/sync.ts'
import type { AnswerTo } from './schemas/answers.ts'

export interface PersonSecretDeps {
  readonly people: People
  readonly syncs: readonly Sync[]
  readonly secrets: Secrets
}

const schema = {
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 500 }) }),
  querystring: Type.Object({
    show: Type.Boolean({
      default: false,
      description:
        'Answer with the new one as `value`, this once; the directory’s own is not shown.',
    }),
  }),
}

/** `/api/people/{id}/reset-pin|reset-secret`. Answers without the new secret unless that is wanted. */
export function mountPersonSecrets(
  app: FastifyInstance,
  { people, syncs, secrets }: PersonSecretDeps,
): void {
  for (const [action, kind] of [
    ['reset-pin', 'pin'],
    ['reset-secret', 'sip'],
  ] as const) {
    app.post(`/people/:id/${action}`, { schema }, async (request: Asked, reply) => {
      const { id } = request.params
      const person = people.get(id)
      const sync = syncs.find(({ name }) => name === person?.source)
      const origin = await sync?.resetSecret(id, kind)
      if (!person || !origin) {
        return reply.code(404).send({ error: `there is nobody with the id '${id}'` })
      }
      const value = kind === 'pin' ? secrets.pin(id) : secrets.sip(id)
      const isShown = request.query.show && origin === 'new'
      const answer: AnswerTo<`POST /api/people/{id}/${typeof action}`> = {
        id,
        name: person.name,
        origin,
        ...(isShown ? { value: value ?? null } : {}),
      }
      return reply.header('cache-control', 'no-store').send(answer)
    })
  }
}

type Asked = FastifyRequest<{ Params: { id: string }; Querystring: { show: boolean } }>
