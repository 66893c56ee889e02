import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFromElsewhere, type SignedIn, type SignIns } from './signed-in.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** Nothing runs that was not sent from here, and nothing but assets stays in a cache. */
export function secure(app: FastifyInstance): void {
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(headers)) reply.header(name, value)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}

const visitors = new WeakMap<FastifyRequest, SignedIn>()

/** Who asks, behind `guard`. */
export function visitorOf(request: FastifyRequest): SignedIn {
  const visitor = visitors.get(request)
  if (!visitor) throw new Error('a page is not behind the guard')
  return visitor
}

/** Everybody else is led to the door; a change must show that it was asked for on our own page. */
export function guard(app: FastifyInstance, signIns: SignIns, views: Views): void {
  app.addHook('onRequest', async (request, reply) => {
    const visitor = signIns.of(request)
    // Staff without a role have pages of their own.
    if (!visitor || visitor.role === 'person') return toTheDoor(request, reply)
    visitors.set(request, visitor)
    return undefined
  })
  app.addHook('preHandler', async (request, reply) => {
    if (['GET', 'HEAD'].includes(request.method)) return undefined
    const visitor = visitorOf(request)
    const given = (request.body as { csrf?: unknown } | null)?.csrf // whatever came
    if (!isFromElsewhere(request) && given === visitor.csrf) return undefined
    const text = words[languageOf(request)].forged
    return views.send(request, reply.code(403), visitor, 'message', { title: 'forged', text })
  })
}

function toTheDoor(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // htmx would put the form into the middle of the page.
  if (request.headers['hx-request'] === 'true')
    return reply.header('hx-redirect', '/login').send('')
  return reply.redirect('/login', 303)
}
