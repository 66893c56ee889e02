import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { People } from '../../people/people.ts'
import type { Sync } from '../../sync/sync.ts'

export interface PersonSecretDeps {
  readonly people: People
  readonly syncs: readonly Sync[]
}

const schema = { params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 500 }) }) }

/** `/api/people/{id}/reset-pin|reset-secret`. Answers without the new secret. */
export function mountPersonSecrets(
  app: FastifyInstance,
  { people, syncs }: PersonSecretDeps,
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
      return { id, name: person.name, origin }
    })
  }
}

type Asked = FastifyRequest<{ Params: { id: string } }>
