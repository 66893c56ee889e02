import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import type { Pbx } from '../../pbx/pbx.ts'
import type { Probes, SeenProbe } from '../../pbx/probes.ts'

export interface AsteriskDeps {
  readonly pbx: Pick<Pbx, 'status'>
  readonly probes: Pick<Probes, 'find'>
}

/** What `GET /asterisk/probes/…` answers. */
export interface FoundProbes {
  readonly seen: readonly SeenProbe[]
}

const probeName = Type.Object({ probe: Type.String({ maxLength: 64 }) })

/**
 * `GET /asterisk`: whether each Asterisk is told of changes, and if not, why.
 * `GET /asterisk/probes/NAME`: whether an Asterisk that was made to ask for NAME has asked here.
 */
export function mountAsterisk(app: FastifyInstance, { pbx, probes }: AsteriskDeps): void {
  app.get('/asterisk', async () => ({ asterisk: pbx.status() }))
  app.get<{ Params: Static<typeof probeName> }>(
    '/asterisk/probes/:probe',
    { schema: { params: probeName } },
    async ({ params }): Promise<FoundProbes> => ({ seen: probes.find(params.probe) }),
  )
}
