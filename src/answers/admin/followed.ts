import type { FastifyInstance } from 'fastify'
import { followsText, type Lease } from '../../state/lease.ts'

export interface FollowedDeps {
  /** Who of several nodes synchronises. */
  readonly lease: Lease
}

/** What is asked for to be changed is refused on a node that only follows, with the one to ask. */
export function refuseWhileFollowing(app: FastifyInstance, { lease }: FollowedDeps): void {
  app.addHook('preHandler', async (request, reply) => {
    const isOwn = request.routeOptions.url?.startsWith('/api/me/') // nothing that is synchronised
    if (request.method === 'GET' || isOwn || lease.isHeld) return undefined
    return reply.code(409).send({ error: followsText(lease.holder), why: 'follows' })
  })
}
