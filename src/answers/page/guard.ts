import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Role } from '../../state/accounts.ts'
import { actAs } from '../auth/actors.ts'
import { isAtLeast } from '../auth/subject.ts'
import { isCsrfToken, isFromElsewhere, type Visitor, type Visitors } from '../auth/visitors.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Nothing runs that was not sent from here, and nothing but assets stays in a cache. */
export function secure(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => void protect(reply))
}

export function protect(reply: FastifyReply): FastifyReply {
  reply.header('content-security-policy', contentSecurityPolicy)
  return reply.hasHeader('cache-control') ? reply : reply.header('cache-control', 'no-store')
}

const known = new WeakMap<FastifyRequest, Visitor>()

/** Who asks, behind `guard`. */
export function visitorOf(request: FastifyRequest): Visitor {
  const visitor = known.get(request)
  if (!visitor) throw new Error('a page is not behind the guard')
  return visitor
}

/** Everybody else is led to the door; a change must show that it was asked for on our own page. */
export function guard(app: FastifyInstance, visitors: Visitors, views: Views): void {
  app.addHook('onRequest', async (request, reply) => {
    const visitor = visitors.of(request)
    if (!visitor) return toTheDoor(request, reply)
    known.set(request, visitor)
    actAs(request, visitor.subject)
    return undefined
  })
  app.addHook('preHandler', async (request, reply) => {
    if (['GET', 'HEAD'].includes(request.method)) return undefined
    const visitor = visitorOf(request)
    const given = (request.body as { csrf?: unknown } | null)?.csrf // whatever came
    if (!isFromElsewhere(request) && isCsrfToken(visitor.csrf, given)) return undefined
    const text = words[languageOf(request)].forged
    return views.send(request, reply.code(403), visitor, 'message', { title: 'forged', text })
  })
}

/** Staff without a role have pages of their own. */
export function administratorsOnly(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    if (visitorOf(request).subject.role === 'person') return reply.redirect('/me', 303)
    return undefined
  })
}

/** Whose role is less is told so, and gets nothing else that is mounted here. */
export function forRole(app: FastifyInstance, wanted: Role, views: Views): void {
  app.addHook('onRequest', async (request, reply) => {
    const visitor = visitorOf(request)
    if (isAtLeast(visitor.subject.role, wanted)) return undefined
    const text = words[languageOf(request)].notAllowed
    return views.send(request, reply.code(403), visitor, 'message', { title: 'notAllowed', text })
  })
}

function toTheDoor(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // htmx would put the form into the middle of the page.
  if (request.headers['hx-request'] === 'true')
    return reply.header('hx-redirect', '/login').send('')
  return reply.redirect('/login', 303)
}
