import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { mountCheck, type CheckDeps } from './mount-check.ts'
import { mountNginx, type NginxDeps } from './mount-nginx.ts'
import { mountSession, type SessionDeps } from './mount-session.ts'

export type AuthDeps = SessionDeps & CheckDeps & NginxDeps

/**
 * `/auth`: people sign in and out here, and other servers ask who somebody is. Takes JSON and forms,
 * and is never kept by a cache.
 */
export function mountAuth(app: FastifyInstance, deps: AuthDeps): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onSend', async (_request: FastifyRequest, reply: FastifyReply) => {
    reply.header('cache-control', 'no-store')
  })
  mountSession(app, deps)
  mountCheck(app, deps)
  mountNginx(app, deps)
}
