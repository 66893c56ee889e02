import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { refusalCode, refusalWords } from './refusal-words.ts'
import type { Outcome, SignIn } from './sign-in.ts'
import type { Subject } from './subject.ts'
import { isCsrfToken, isForged, isFromElsewhere, type Visitor, type Visitors } from './visitors.ts'

export interface SessionDeps {
  readonly signIn: SignIn
  readonly visitors: Visitors
  readonly addressOf: (request: FastifyRequest) => string
}

/** Names and passwords as they come; anything longer is nobody's. */
export const credentialsBody = Type.Object({
  name: Type.String({ maxLength: 1024 }),
  password: Type.String({ maxLength: 4096 }),
})
export type CredentialsBody = Static<typeof credentialsBody>

/** `/auth/login`, `/auth/logout`, `/auth/session`: for browsers. */
export function mountSession(
  app: FastifyInstance,
  { signIn, visitors, addressOf }: SessionDeps,
): void {
  app.post('/login', { schema: { body: credentialsBody } }, async (request: Login, reply) => {
    // Somebody else's page could sign a browser in as its own owner, and read what is then done.
    if (isFromElsewhere(request)) return reply.code(403).send(elsewhere)
    const { name, password } = request.body
    const outcome = await signIn.attempt({
      name,
      password,
      address: addressOf(request),
      by: 'page',
    })
    if (outcome.kind !== 'in') return refuse(reply, outcome, 401)
    return describeVisitor(await visitors.begin(request, reply, outcome.subject))
  })

  app.post('/logout', async (request: FastifyRequest<{ Body: unknown }>, reply) => {
    const visitor = visitors.of(request)
    const given = (request.body as { csrf?: unknown } | undefined)?.csrf
    const isOwn = visitor && !isFromElsewhere(request) && isCsrfToken(visitor.csrf, given)
    if (visitor && !isOwn && isForged(request, visitor)) return reply.code(403).send(elsewhere)
    await visitors.end(request, reply)
    return { ok: true }
  })

  app.get('/session', async (request, reply) => {
    const visitor = visitors.of(request)
    return visitor
      ? describeVisitor(visitor)
      : reply.code(401).send({ error: 'nobody is signed in' })
  })
}

/** `status`: of a refused name or password; the others are the same everywhere. */
export function refuse(
  reply: FastifyReply,
  outcome: Exclude<Outcome, { kind: 'in' }>,
  status: 401 | 403,
): FastifyReply {
  const about = { error: refusalWords(outcome), why: refusalCode(outcome) }
  if (outcome.kind === 'unavailable') return reply.code(503).send(about)
  if (outcome.kind === 'too-many') {
    return reply.code(429).header('retry-after', outcome.retryAfterSeconds).send(about)
  }
  return reply.code(status).send(about)
}

/** What other programs may know about somebody who is signed in. */
export function describeSubject(subject: Subject) {
  const { id, name, role } = subject
  if (subject.kind === 'account')
    return { id, name, role, user: name, extension: null, email: null }
  const { user, extension, email } = subject.person
  return { id, name, role, user, extension, email }
}

function describeVisitor({ subject, csrf }: Visitor) {
  return { ...describeSubject(subject), csrf }
}

const elsewhere = {
  error: 'this request did not come from a page of ours; reload the page and try again',
}

type Login = FastifyRequest<{ Body: CredentialsBody }>
