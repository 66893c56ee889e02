import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { credentialsBody, type CredentialsBody, type SessionDeps } from '../auth/mount-session.ts'
import { refusalCode } from '../auth/refusal-words.ts'
import type { Outcome } from '../auth/sign-in.ts'
import type { Subject } from '../auth/subject.ts'
import { isCsrfToken, isFromElsewhere } from '../auth/visitors.ts'
import type { Views } from './views.ts'
import { languageOf, words } from './words.ts'

/**
 * `/login` and `/logout`, with the accounts and sessions that `/auth` has. `warm` begins what takes a
 * while for whoever has come.
 */
export function mountDoor(
  app: FastifyInstance,
  { signIn, visitors, addressOf }: SessionDeps,
  warm: (subject: Subject) => void,
  views: Views,
): void {
  function show(request: FastifyRequest, reply: FastifyReply, name: string, refused: string) {
    return views.send(request, reply, null, 'sign-in', { title: 'signIn', name, refused })
  }

  app.get('/login', (request, reply) => {
    if (visitors.of(request)) return reply.redirect('/', 303)
    return show(request, reply, '', '')
  })

  app.post('/login', { schema: { body: credentialsBody } }, async (request: SignInForm, reply) => {
    const { name, password } = request.body
    const w = words[languageOf(request)]
    // Somebody else's page could sign a browser in as its own owner, and read what is then done.
    if (isFromElsewhere(request)) return show(request, reply.code(403), '', w.forged)
    const address = addressOf(request)
    const outcome = await signIn.attempt({ name, password, address, by: 'page' })
    if (outcome.kind === 'in') {
      await visitors.begin(request, reply, outcome.subject)
      warm(outcome.subject)
      return reply.redirect('/', 303)
    }
    if (outcome.kind === 'too-many') reply.header('retry-after', outcome.retryAfterSeconds)
    return show(request, reply.code(statusOf(outcome)), name, w[refusals[refusalCode(outcome)]])
  })

  app.post('/logout', async (request: FastifyRequest<{ Body: { csrf?: unknown } }>, reply) => {
    const visitor = visitors.of(request)
    const isOwn = visitor && isCsrfToken(visitor.csrf, request.body?.csrf)
    if (isOwn && !isFromElsewhere(request)) await visitors.end(request, reply)
    return reply.redirect('/login', 303)
  })
}

function statusOf({ kind }: Exclude<Outcome, { kind: 'in' }>): number {
  return { refused: 401, unavailable: 503, 'too-many': 429 }[kind]
}

/** What is said on the page, by the code of the refusal. */
const refusals = {
  wrong: 'refusedWrong',
  locked: 'refusedLocked',
  disabled: 'refusedDisabled',
  expired: 'refusedExpired',
  'password-expired': 'refusedPasswordExpired',
  'must-change': 'refusedMustChange',
  'not-now': 'refusedNotNow',
  unavailable: 'refusedUnavailable',
  'too-many': 'refusedTooMany',
} as const

type SignInForm = FastifyRequest<{ Body: CredentialsBody }>
