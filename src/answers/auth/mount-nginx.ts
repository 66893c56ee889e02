import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { Type } from 'typebox'
import { roles, type Role } from '../../state/accounts.ts'
import { describeSubject, refuse } from './mount-session.ts'
import type { Outcome, SignIn } from './sign-in.ts'
import { findSubject, isAtLeast, type Subject, type SubjectDeps } from './subject.ts'
import type { Visitors } from './visitors.ts'

export interface NginxDeps extends SubjectDeps {
  readonly signIn: SignIn
  readonly visitors: Visitors
  readonly addressOf: (request: FastifyRequest) => string
}

const query = Type.Object({
  role: Type.Optional(Type.Union(roles.map((role) => Type.Literal(role)))),
})

/** A browser sends name and password with every picture; a changed password is noticed after that. */
const rememberedMs = 60_000

/**
 * `GET /auth/nginx`, for nginx's `auth_request`: 204 with who it is in headers, 401, or 403 when
 * `?role=` wants more. Takes a session, or name and password (RFC 7617).
 */
export function mountNginx(app: FastifyInstance, deps: NginxDeps): void {
  const key = randomBytes(32)
  const remembered = new LRUCache<string, string>({ max: 10_000, ttl: rememberedMs })

  const pending = new Map<string, Promise<Outcome>>()

  async function signInBy(basic: string, request: FastifyRequest): Promise<Outcome> {
    // Only a keyed digest stays in memory, and only of what was right.
    const print = createHmac('sha256', key).update(basic).digest('base64')
    const known = remembered.get(print)
    const subject = known === undefined ? undefined : findSubject(known, deps)
    if (subject) return { kind: 'in', subject }
    const address = deps.addressOf(request)
    const place = `${print} ${address}`
    const [name, password] = splitBasic(basic)
    const asked = { name, password, address, by: 'nginx' }
    // A page and its pictures come at once: that is one attempt, not ten.
    const attempt = pending.get(place) ?? deps.signIn.attempt(asked)
    pending.set(place, attempt)
    const outcome = await attempt.finally(() => pending.delete(place))
    if (outcome.kind === 'in') remembered.set(print, outcome.subject.id)
    return outcome
  }

  app.get('/nginx', { schema: { querystring: query } }, async (request: Asked, reply) => {
    const visitor = deps.visitors.of(request)
    if (visitor) return admit(reply, visitor.subject, request.query.role)
    const basic = /^basic (\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (basic === undefined) {
      return reply.code(401).header('www-authenticate', challenge).send({ error: 'sign in first' })
    }
    const outcome = await signInBy(basic, request)
    if (outcome.kind === 'in') return admit(reply, outcome.subject, request.query.role)
    // nginx passes on 401 and 403 only; anything else becomes an error page of its own.
    return refuse(reply.header('www-authenticate', challenge), outcome, 401)
  })
}

const challenge = 'Basic realm="Peerage", charset="UTF-8"'

function admit(reply: FastifyReply, subject: Subject, wanted: Role = 'person') {
  if (!isAtLeast(subject.role, wanted)) {
    return reply.code(403).send({ error: `the role ${wanted} is wanted` })
  }
  const { name, user, extension, email, role } = describeSubject(subject)
  const about = { user: user ?? '', name, role, extension: extension ?? '', email: email ?? '' }
  for (const [field, value] of Object.entries(about)) {
    // Percent-encoded: a name from the directory must not become a header, nor break one.
    reply.header(
      `x-peerage-${field}`,
      encodeURIComponent(value.toWellFormed()).replaceAll('%40', '@'),
    )
  }
  return reply.code(204).send()
}

/** At the first colon: a name has none, a password may. */
function splitBasic(basic: string): [name: string, password: string] {
  const text = Buffer.from(basic, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

type Asked = FastifyRequest<{ Querystring: { role?: Role } }>
