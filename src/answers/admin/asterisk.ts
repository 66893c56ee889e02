import type { FastifyInstance } from 'fastify'
import type { Pbx } from '../../pbx/pbx.ts'

export interface AsteriskDeps {
  readonly pbx: Pick<Pbx, 'status'>
}

/** `GET /asterisk`: whether each Asterisk is told of changes, and if not, why. */
export function mountAsterisk(app: FastifyInstance, { pbx }: AsteriskDeps): void {
  app.get('/asterisk', async () => ({ asterisk: pbx.status() }))
}
